#compdef faultbench
# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of faultbench for zsh. The table is made of the commands' own (cli/options/docs.h).

_faultbench_table=$(cat <<'END'
@TABLE@
END
)

# The names in what the program lists.
_faultbench_names() {
	$_faultbench_program "$@" --json 2>/dev/null | sed -nE 's/^    "(name|label)": "(.*)",?$/\2/p'
}

# _faultbench_value KIND CHOICES: what the word at the cursor can be.
_faultbench_value() {
	local -a names
	case $1 in
	file) _files ;;
	folder) _files -/ ;;
	journal) _files -g '*.jsonl' ;;
	choice) names=(${=2}) ;;
	plan | machine) names=(${(f)"$(_faultbench_names list --${1}s)"}) ;;
	variant) names=(${(f)"$(_faultbench_names list --variants)"}) ;;
	kernel) names=(${(f)"$(_faultbench_names kernel list)"}) ;;
	labelled)
		names=(${(f)"$(_faultbench_names kernel list)"})
		compset -P '*=' || names=(${^names}=${^names})
		;;
	bench) names=(${(f)"$(_faultbench_names list)"}) ;;
	point)
		names=(${(f)"$($_faultbench_program list --json 2>/dev/null |
			awk -F'"' '/^    "name"/ { family = $4; print family }
				/^    "params"/ { variants = 0 } /^    "variants"/ { variants = 1 }
				variants && /^        "name"/ { print family "/" $4 }')"})
		;;
	esac
	(( $#names )) && compadd -a names
	# A plan or machine of one's own is a path.
	[[ $1 == (plan|machine|kernel) ]] && _files
}

# _faultbench_commands BEGINNING: the next word of each command that begins so.
_faultbench_commands() {
	local row
	local -a column commands
	typeset -A seen
	for row in ${(f)_faultbench_table}; do
		column=("${(@s:|:)row}")
		[[ -z $column[2] && $column[1] == "$1"?* ]] || continue
		column[1]=${${column[1]#"$1"}%% *}
		(( $+seen[$column[1]] )) || commands+=("$column[1]:$column[6]")
		seen[$column[1]]=1
	done
	_describe command commands
}

# The rows of a command as _arguments wants them, in specs.
_faultbench_specs() {
	local row help action
	local -a column
	specs=('(- *)'{-h,--help}'[show help]')
	for row in ${(f)_faultbench_table}; do
		column=("${(@s:|:)row}")
		[[ $column[1] == $1 && -n $column[2] ]] || continue
		help=${${column[6]//\[/\\[}//\]/\\]}
		action="${column[3]//:/\\:}: _faultbench_value ${column[4]%[*?]} ${(qq)column[5]}"
		case $column[2]:$column[4] in
		--*:) specs+=("$column[2][$help]") ;;
		--*:*'?') specs+=("$column[2]=-[$help]::$action") ;;
		--*:*'*') specs+=("*$column[2]=[$help]:$action") ;;
		--*) specs+=("$column[2]=[$help]:$action") ;;
		*'*') specs+=("*:$action") ;;
		*) specs+=("$column[2]::$action") ;;
		esac
	done
}

_faultbench() {
	local _faultbench_program=$words[1] command=$words[2]
	local -a specs
	if (( CURRENT == 2 )); then
		_faultbench_commands ''
		return
	fi
	if [[ $'\n'$_faultbench_table != *$'\n'$command'||'* ]]; then
		if (( CURRENT == 3 )); then
			_faultbench_commands "$command "
			return
		fi
		command="$command $words[3]"
		shift words
		(( CURRENT-- ))
	fi
	shift words
	(( CURRENT-- ))
	_faultbench_specs $command
	_arguments -S : $specs
}

_faultbench "$@"
