# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Completion of faultbench for bash. The table is made of the commands' own (cli/options/docs.h).

IFS= read -r -d '' _faultbench_table <<'END' || :
@TABLE@
END

# _faultbench_row COMMAND WHERE: sets kind and choices as the table says. False if there is none.
_faultbench_row() {
	local command where
	while IFS='|' read -r command where _ kind choices _; do
		[[ $command == "$1" && $where == "$2" ]] && return 0
	done <<<"$_faultbench_table"
	kind='' choices=''
	return 1
}

# _faultbench_commands BEGINNING: the next word of each command that begins so.
_faultbench_commands() {
	local command where
	while IFS='|' read -r command where _; do
		[[ -z $where && $command == "$1"?* ]] || continue
		command=${command#"$1"}
		printf '%s\n' "${command%% *}"
	done <<<"$_faultbench_table" | sort -u
}

# _faultbench_options COMMAND
_faultbench_options() {
	local command where
	while IFS='|' read -r command where _; do
		[[ $command == "$1" && $where == --* ]] && printf '%s\n' "$where"
	done <<<"$_faultbench_table"
	echo --help
}

# _faultbench_names WORDS...: the names in what the program lists.
_faultbench_names() {
	"$program" "$@" --json 2>/dev/null | sed -nE 's/^    "(name|label)": "(.*)",?$/\2/p'
}

# The words of a kind.
_faultbench_list() {
	case $1 in
	choice) tr ' ' '\n' <<<"$choices" ;;
	plan) _faultbench_names list --plans ;;
	machine) _faultbench_names list --machines ;;
	variant) _faultbench_names list --variants ;;
	kernel) _faultbench_names kernel list ;;
	labelled) _faultbench_names kernel list | sed 's/.*/&=&/' ;;
	bench) _faultbench_names list ;;
	point)
		"$program" list --json 2>/dev/null | awk -F'"' '/^    "name"/ { family = $4; print family }
			/^    "params"/ { variants = 0 } /^    "variants"/ { variants = 1 }
			variants && /^        "name"/ { print family "/" $4 }'
		;;
	esac
}

# _faultbench_add BEGUN: of the lines read those that go on so.
_faultbench_add() {
	local line
	while IFS= read -r line; do
		[[ $line == "$1"* ]] && COMPREPLY+=("$line")
	done
}

_faultbench_files() { # _faultbench_files BEGUN COMPGEN-OPTIONS...
	local begun=$1
	shift
	compopt -o filenames 2>/dev/null
	_faultbench_add "$begun" < <(compgen "$@" -- "$begun")
}

# _faultbench_value KIND BEGUN
_faultbench_value() {
	case $1 in
	file) _faultbench_files "$2" -f ;;
	folder) _faultbench_files "$2" -d ;;
	journal)
		_faultbench_files "$2" -f -X '!*.jsonl'
		_faultbench_files "$2" -d
		;;
	labelled)
		if [[ $2 == *=* ]]; then
			prefix+=${2%%=*}=
			_faultbench_value kernel "${2#*=}"
		else
			_faultbench_add "$2" < <(_faultbench_list labelled)
		fi
		;;
	*)
		_faultbench_add "$2" < <(_faultbench_list "$1")
		# A plan or machine of one's own is a path.
		[[ $1 == @(plan|machine|kernel) && $2 == */* ]] && _faultbench_files "$2" -f
		;;
	esac
}

# Puts together what COMP_WORDBREAKS has taken apart: words up to the cursor, without the program.
_faultbench_joined() {
	local i word last=
	words=()
	for ((i = 1; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [[ ${#words[@]} -gt 0 && ($word == [=:]* || $last == [=:]) ]]; then
			words[${#words[@]} - 1]+=$word
		else
			words+=("$word")
		fi
		last=$word
	done
}

# What the words between command and cursor leave open: option, whose value is to come; nr, the number of
# the operand that is at the cursor; and end, which is set if no option can come.
_faultbench_state() {
	local word kind choices
	option='' nr=1 end=''
	for word; do
		if [[ -n $option ]]; then
			option=
		elif [[ -z $end && $word == -- ]]; then
			end=1
		elif [[ -z $end && $word == -* ]]; then
			[[ $word != *=* ]] && _faultbench_row "$command" "$word" && [[ -n $kind && $kind != *'?' ]] &&
				option=$word
		else
			nr=$((nr + 1))
		fi
	done
	return 0
}

# The operand number nr, or the last if there may be more of that. False if there is none.
_faultbench_operand() {
	_faultbench_row "$command" "$nr" && return 0
	while ((--nr)); do
		_faultbench_row "$command" "$nr" && [[ $kind == *'*' ]] && return 0
	done
	return 1
}

# What is behind the last of the characters that separate words stays as it is: bash puts replies there.
_faultbench_trim() {
	local char trim='' part
	for char in = :; do
		[[ $COMP_WORDBREAKS == *$char* && $1 == *$char* ]] || continue
		part=${1%"${1##*"$char"}"}
		((${#part} > ${#trim})) && trim=$part
	done
	COMPREPLY=("${COMPREPLY[@]/#/$prefix}")
	COMPREPLY=("${COMPREPLY[@]#"$trim"}")
}

_faultbench() {
	local program=$1 cur command kind choices option nr end prefix='' words
	COMPREPLY=()
	_faultbench_joined
	cur=${words[-1]} command=${words[0]}
	set -- "${words[@]:1:${#words[@]}-2}"
	if ((${#words[@]} == 1)); then
		_faultbench_add "$cur" < <(_faultbench_commands '')
		return
	fi
	if ! _faultbench_row "$command" ''; then
		if (($# == 0)); then
			_faultbench_add "$cur" < <(_faultbench_commands "$command ")
			return
		fi
		command="$command $1"
		shift
	fi
	_faultbench_state "$@"
	if [[ -n $option ]]; then
		_faultbench_row "$command" "$option"
		_faultbench_value "${kind%[*?]}" "$cur"
	elif [[ -z $end && $cur == --*=* ]]; then
		prefix=${cur%%=*}=
		_faultbench_row "$command" "${cur%%=*}" && _faultbench_value "${kind%[*?]}" "${cur#*=}"
	elif [[ -z $end && $cur == -* ]]; then
		_faultbench_add "$cur" < <(_faultbench_options "$command")
	elif _faultbench_operand; then
		_faultbench_value "${kind%[*?]}" "$cur"
	fi
	_faultbench_trim "$cur"
}

complete -F _faultbench faultbench
