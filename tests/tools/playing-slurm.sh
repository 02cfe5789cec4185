#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Stands for sbatch, squeue and scancel, by whose names it is started, in tests of what submits and follows jobs. Jobs run
# here, the tasks of an array one after the other; what is known of job N is in $PLAYED_QUEUE/N.name, .folder, .pid and, when
# it has ended, .status.

wait_for_jobs() { # wait_for_jobs KIND ID...: false if the job cannot begin any more
	local kind=$1 id
	shift
	for id; do
		until [ -e "$PLAYED_QUEUE/$id.status" ]; do sleep 0.1; done
		[ "$kind" != afterok ] || [ "$(cat "$PLAYED_QUEUE/$id.status")" = 0 ] || return 1
	done
}

tasks() { # what the job does
	local i
	[ -n "$script" ] || { bash -c "$wrap" >>"$output" 2>&1; return; }
	for ((i = 1; i <= $(sed -n 's/^#SBATCH --array=1-//p' "$script"); i++)); do
		SLURM_ARRAY_TASK_ID=$i SLURM_JOB_ID=$id bash "$script" >>"${output//%a/$i}" 2>&1
	done
}

job() {
	local status=1
	# shellcheck disable=SC2086
	! wait_for_jobs ${dependency//:/ } || { tasks; status=$?; }
	echo $status >"$PLAYED_QUEUE/$id.status"
}

submit() {
	local name script='' wrap='' output='' dependency='' id
	while [ $# -gt 0 ]; do
		case $1 in
		--wrap) wrap=$2 && shift ;;
		--job-name=*) name=${1#*=} ;;
		--output=*) output=${1#*=} ;;
		--dependency=*) dependency=${1#*=} ;;
		--parsable | --exclusive | --open-mode=append | --kill-on-invalid-dep=yes) ;;
		-*) echo "sbatch: $1?" >&2 && exit 1 ;;
		*) script=$1 ;;
		esac
		shift
	done
	[ -z "$script" ] || {
		name=$(sed -n 's/^#SBATCH --job-name=//p' "$script")
		output=$(sed -n 's/^#SBATCH --output=//p' "$script")
	}
	mkdir -p "$PLAYED_QUEUE"
	id=$(($(ls "$PLAYED_QUEUE" | grep -c name) + 1))
	echo "$name" >"$PLAYED_QUEUE/$id.name"
	pwd >"$PLAYED_QUEUE/$id.folder"
	set -m # a process group of its own
	job </dev/null >/dev/null 2>&1 &
	echo $! >"$PLAYED_QUEUE/$id.pid"
	echo "$id;here"
}

queue() { # the state of each job of --jobs that is there, or number and folder of each of --name
	local id word ids='' name=''
	for word; do
		case $word in
		--jobs=*) ids=${word#*=} ;;
		--name=*) name=${word#*=} ;;
		esac
	done
	[ -z "$name" ] || ids=$(grep -lx "$name" "$PLAYED_QUEUE"/*.name 2>/dev/null | sed 's/.*\///; s/\.name//' | tr '\n' ,)
	for id in ${ids//,/ }; do
		[ -e "$PLAYED_QUEUE/$id.status" ] && continue
		[ -z "$name" ] && echo R || echo "$id $(cat "$PLAYED_QUEUE/$id.folder")"
	done
}

case ${0##*/} in
sbatch) submit "$@" ;;
squeue) queue "$@" ;;
scancel)
	for id; do
		[ -e "$PLAYED_QUEUE/$id.status" ] || kill -TERM -- -"$(cat "$PLAYED_QUEUE/$id.pid")"
		echo 143 >"$PLAYED_QUEUE/$id.status"
	done
	;;
esac
