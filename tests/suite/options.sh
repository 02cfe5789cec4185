# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The commands' tables of options and what is made of them; sourced by tests/run-tests.sh.

# The commands, a line each: "check", "kernel fetch".
commands() {
	"$fb" -h | sed -n 's/^  \([a-z-]*\( [a-z]*\)\?\)  .*/\1/p' | sed 's/ *$//'
}

# options_of COMMAND: those that its help has, a line each.
options_of() {
	"$fb" $1 -h | sed -n 's/^\(--[a-z-]*\).*/\1/p'
}

test_help() {
	local command
	expect 0 "$fb" -h
	has "$out" 'run .*measure a plan'
	[ "$(commands | wc -l)" -ge 19 ] || fail "commands were not found: $(commands)"
	[ -z "$(printf '%s' "$out" | grep -E '.{79}')" ] || fail "wider than a terminal: $out"
	while read -r command; do
		expect 0 "$fb" $command -h
		has "$out" "^Usage: faultbench $command"
		[ -z "$(printf '%s' "$out" | grep -E '.{79}')" ] || fail "$command: wider than a terminal: $out"
		expect 0 "$fb" $command --help
		printf '%s\n' "$out" | sed -n 's/^  faultbench \([^>]*\).*/\1/p' >>"$tmp/examples"
	done <<-EOF
	$(commands)
	EOF
	# What examples say is read, up to the -h behind it.
	[ "$(wc -l <"$tmp/examples")" -gt 15 ] || fail "no examples: $(cat "$tmp/examples")"
	while read -r command; do
		expect 0 "$fb" $command -h
	done <"$tmp/examples"
	expect 0 "$fb" kernel -h
	[ "$(printf '%s\n' "$out" | grep -c '^Usage: faultbench kernel ')" = 5 ] || fail "$out"
	expect 2 "$fb"
	expect 2 "$fb" fly
	one_line "$errs"
}

# Wrong words: one line that names the word and says what is known.
test_usage() {
	local want=2
	wrong() { # wrong PATTERN WORDS...
		local pattern=$1
		shift
		expect $want "$fb" "$@"
		one_line "$errs"
		[ -z "$out" ] || fail "$*: printed: $out"
		has "$errs" "$pattern"
	}
	wrong "'fly' is not a command; there are try, run, .*kernel fetch, .*show\$" fly
	wrong "'chekc' is not a command; did you mean check\?$" chekc
	wrong "'kernel' is not a command; there are fetch, build, diff, list, remove\$" kernel
	wrong "'kernel fetc' is not a command; did you mean fetch\?$" kernel fetc
	wrong 'check has no option --fromat; did you mean --format\?$' check --fromat=text j
	wrong 'check has no option --colour; there are --base, --threshold, ' check --colour j
	wrong 'check has no option -q; `faultbench check -h`' check -q j
	wrong 'doctor has no option --colour; there are --machine, --json$' doctor --colour
	wrong 'kernel remove has no option --colour$' kernel remove --colour
	wrong 'run: --f is short for several; there are --functions, --format$' run --f
	wrong 'check: --base needs a value, LABEL$' check j --base
	wrong 'run: --aa takes no value$' run --aa=2
	wrong 'run: --help takes no value$' run --help=all
	wrong '--format txet: no such format; did you mean text\?$' check --format txet j
	wrong '--format pdf: no such format; there are text, ktap, junit, lava, kcidb, json$' check --format pdf j
	wrong '--format pdf: no such format; there are csv, go, json, callgrind, folded, speedscope$' export --format pdf j
	wrong '--kind pie: no such kind; there are threads, order, runs, latency, series, flame$' plot --kind pie j
	for command in compare check power plot report show; do
		wrong "$command: no journal given$" $command
	done
	wrong 'report needs --out$' report j
	wrong 'export needs --format$' export j
	wrong 'kernel fetch takes one source, not 2$' kernel fetch a b
	wrong 'kernel diff takes two labels, not 1$' kernel diff a
	wrong "run: one plan at a time: 'b' is one too many$" run a b
	wrong "list: one benchmark at a time: 'c' is one too many$" list b c
	wrong "doctor takes options only, not 'x'$" doctor x
	wrong "try takes options only, not 'x'$" try x
	want=255
	wrong "bisect-step has no option --macine; did you mean --machine\?$" bisect-step --macine x
	wrong "bisect-step takes options only, not 'x'$" bisect-step x
}

# Words may be abbreviated, stand anywhere, and end with --; a value may be joined or not.
test_option_forms() {
	local j=$top/tests/golden/fork.jsonl
	expect 0 "$fb" compare --base after-change --title X "$j"
	printf '%s' "$out" >"$tmp/one"
	expect 0 "$fb" compare "$j" --ti=X --ba after-change
	printf '%s' "$out" | cmp - "$tmp/one" || fail "another table"
	cp "$j" "$tmp/--base"
	(cd "$tmp" && expect 0 "$fb" compare --title X --base after-change -- --base &&
		printf '%s' "$out" | cmp - one) || fail "another table"
	expect 0 "$fb" compare --functions --functions=3 "$top/tests/golden/exact.jsonl"
	expect 2 "$fb" compare --functions 3 "$top/tests/golden/exact.jsonl"
	has "$errs" '3: cannot be read'
	expect 0 "$fb" compare "$j" -h
	has "$out" '^Usage: faultbench compare'
}

# Machines and variants that come along are listed by name, each with a line of its own.
test_list_shipped() {
	local file what name
	for what in machines variants; do
		expect 0 "$fb" list --$what --json
		printf '%s' "$out" >"$tmp/$what"
		expect 0 "$fb" list --$what
		[ -z "$(printf '%s' "$out" | grep -E '.{79}')" ] || fail "wider than a terminal: $out"
		for file in $([ $what = machines ] && ls configs/machines/*.ini || ls configs/kernels/variants/*.ini); do
			name=$(basename "$file" .ini)
			has "$out" "^$name +.*[a-z]{3}"
			has "$(grep -A2 "\"name\": \"$name\"" "$tmp/$what")" '"summary": ".{20}'
		done
	done
	# Each is read, hosts as far as that they are asked for, and told of in docs/.
	mkdir "$tmp/bin" && printf '#!/bin/sh\nexit 255\n' >"$tmp/bin/ssh" && chmod 755 "$tmp/bin/ssh"
	for name in $(sed -n 's/.*"name": "\(.*\)",/\1/p' "$tmp/machines"); do
		PATH=$tmp/bin:$PATH expect 2 "$fb" run quick --machine "$name" --kernel a
		has "$errs" "--kernel (needs a machine|a: must be LABEL=KERNEL)|^faultbench: $name: [^ ]*: ssh did not get there"
		grep -q "\`$name\`" docs/hardware.md || fail "$name is not in docs/hardware.md"
	done
	expect 2 "$fb" list --plans --machines
	has "$errs" 'list takes one of BENCH, --plans, --machines, --variants and --lkp'
}

# options_in FILE COMMAND: those of the man page, or of a completion's table.
options_in() {
	case $1 in
	*.1) sed -n "/^\.SS \"$2\"\$/,/^\.S/p" "$1" | sed -n 's/^\\fB\(\\-\\-[^ []*\)\\fR.*/\1/p' | sed 's/\\-/-/g' ;;
	*) sed -n "s/^$2|\(--[^|]*\)|.*/\1/p" "$1" ;;
	esac
}

# The man page and the completions have each option of each command, and no other.
test_option_tables() {
	local command file nr=0
	while read -r command; do
		options_of "$command" | sort >"$tmp/help"
		for file in faultbench.1 completion/faultbench completion/_faultbench; do
			options_in "$build/cli/$file" "$command" | sort | diff "$tmp/help" - >"$tmp/diff" ||
				fail "$command: help (<) and $file (>): $(cat "$tmp/diff")"
		done
		nr=$((nr + $(wc -l <"$tmp/help")))
	done <<-EOF
	$(commands)
	EOF
	[ $nr -gt 60 ] || fail "only $nr options were found"
}

# What the pages say of a command is one of its options.
test_options_documented() {
	local line command option nr=0
	# What stands behind a `--` are words of run.
	grep -hoE 'faultbench (kernel )?[a-z-]+ [^`]*' README.md docs/*.md configs/README.md | sed 's/ -- /\nfaultbench run /' |
		grep -e ' --' >"$tmp/lines"
	while read -r line; do
		command=$(printf '%s' "$line" | sed -E 's/^faultbench ((kernel )?[a-z-]+).*/\1/')
		commands | grep -qx -- "$command" || continue
		options_of "$command" >"$tmp/known"
		for option in $(printf '%s' "$line" | grep -oE ' --[a-z-]+'); do
			grep -qx -e "$option" "$tmp/known" || fail "no such option: $line"
			nr=$((nr + 1))
		done
	done <"$tmp/lines"
	[ $nr -gt 40 ] || fail "only $nr options were found"
}

test_man_page() {
	local page=$build/cli/faultbench.1 command
	man --warnings -l "$page" >"$tmp/text" 2>"$tmp/err" || exit 77
	[ ! -s "$tmp/err" ] || fail "$(cat "$tmp/err")"
	sed -i 's/.\x08//g' "$tmp/text"
	for command in NAME SYNOPSIS DESCRIPTION COMMANDS 'EXIT STATUS' ENVIRONMENT FILES; do
		has "$(cat "$tmp/text")" "^$command$"
	done
	has "$(cat "$tmp/text")" '^ +--functions\[=N\]$'
	# A page has no date of its own.
	! command -v mandoc >/dev/null || mandoc -T lint "$page" | grep -v 'missing date' >"$tmp/lint"
	[ ! -s "$tmp/lint" ] || fail "$(cat "$tmp/lint")"
}

# What bash offers, in the place of the last word.
test_completion() {
	offers() { # offers WANTED WORDS...
		local want=$1 got
		shift
		got=$(bash -uc '. "$1"; fb=$2; shift 2; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
			_faultbench "$fb" "${!#}"; printf "%s " "${COMPREPLY[@]}"' \
			sh "$build/cli/completion/faultbench" "$fb" faultbench "$@" 2>&1)
		[ "${got% }" = "$want" ] || fail "$*: offered '$got', not '$want'"
	}
	export XDG_CACHE_HOME=$tmp/cache
	mkdir -p "$tmp/d" && cp tests/golden/fork.jsonl "$tmp/d" && : >"$tmp/d/no-journal"
	offers 'series show' s
	offers 'build diff fetch list remove' kernel ''
	offers '--format' check --f
	offers 'text ktap junit lava kcidb json' check --format ''
	offers 'junit json' check --format = j
	offers 'text ktap junit lava kcidb json' check --format =
	offers "$(echo $(basename -s .ini configs/plans/st*.ini))" run st
	offers "$(echo $(basename -s .ini configs/machines/x86-*.ini))" run quick --machine x86-
	offers "$(echo $(basename -s .ini configs/kernels/variants/no-*.ini))" kernel build --tree x --variant no
	offers 'arm64 x86_64' kernel fetch --arch ''
	offers 'no-mmap_lock' check --metric no-m
	offers 'pgfault pgmajfault' check --metric vmstat : pg
	offers 'fork/fork fork/dontfork fork/wipeonfork fork/pinned' emit-c fork/
	offers "$tmp/d/fork.jsonl" compare --functions "$tmp/d/"
	offers 'fork' show "$tmp/d/fork.jsonl" --run 1 --bench fo
	offers "$tmp/d" report x --out "$tmp/d"
	offers '--machine' run --set k = v --mach
	offers '' compare -- --
	offers '' fly ''
}

# What zsh's own functions are given.
test_completion_zsh() {
	command -v zsh >/dev/null || exit 77
	given() { # given PATTERN WORDS...
		local pattern=$1
		shift
		zsh -fc 'compdef() {}
			_arguments() { print -rl -- "$@" }
			_describe() { print -rl -- ${(P)2} }
			file=$1 fb=$2; shift 2; words=($fb "$@") CURRENT=$(($# + 1))
			source $file' zsh "$build/cli/completion/_faultbench" "$fb" "$@" >"$tmp/given" 2>"$tmp/err"
		[ ! -s "$tmp/err" ] || fail "$(cat "$tmp/err")"
		grep -qxE -e "$pattern" "$tmp/given" || fail "$*: no '$pattern' in: $(cat "$tmp/given")"
	}
	given 'check:a verdict on each point' c
	given 'build:build a kernel from source .*' kernel b
	given '--base=\[the kernel the others are compared with\]:LABEL: _faultbench_value other .*' check ''
	given "\\*--kernel=\[.*\]:L=K: _faultbench_value labelled ''" run --kernel ''
	given "--format=\[.*\]:F: _faultbench_value choice 'text ktap junit lava kcidb json'" check ''
	given "--functions=-\[exact runs\]::N: _faultbench_value other ''" compare ''
	given "\\*:J: _faultbench_value journal ''" compare ''
	given "--bench=\[.*\]:FAMILY: _faultbench_value bench ''" show x ''
	given "1::A: _faultbench_value kernel ''" kernel diff ''
}
