"""The completion script for bash 3.2 and later."""

from __future__ import annotations

from collections.abc import Iterator

from stt_cli.commands.description import Description
from stt_cli.commands.generated import made_by_generator


def bash(stt: Description) -> str:
    """Return the script for bash 3.2 and later."""
    commands = "\n".join(_bash_commands(stt))
    words = " | ".join(f'"{" ".join(c.path)}"' for c in stt.walk() if c.path)
    return f"""# {made_by_generator("bash")}
# Use: source this file from ~/.bashrc, or put it as `stt` into
# ~/.local/share/bash-completion/completions/

_stt_describe() {{
    # Sets, for the command in $1: subs, flags, valued (flags that take a value).
    case "$1" in
{commands}
    esac
}}

_stt_values() {{
    # Prints the values of option $2 of command $1; fails where they are not known.
    case "$1 $2" in
{_indented(_bash_values(stt), 8)}
        *) return 1 ;;
    esac
}}

_stt() {{
    local current previous command="" word index expects="" subs flags valued
    local words=("${{COMP_WORDS[@]}}")
    current="${{words[COMP_CWORD]}}"
    COMPREPLY=()
    _stt_describe ""
    for ((index = 1; index < COMP_CWORD; index++)); do
        word="${{words[index]}}"
        if [[ "$word" == "=" ]]; then continue; fi
        if [[ -n "$expects" ]]; then expects=""; continue; fi
        if [[ "$word" == -* ]]; then
            [[ " $valued " == *" $word "* ]] && expects="$word"
            continue
        fi
        case "${{command:+$command }}$word" in
            {words})
                command="${{command:+$command }}$word"
                _stt_describe "$command"
                ;;
        esac
    done
    [[ "$current" == "=" ]] && current=""
    if [[ -n "$expects" ]]; then
        local values
        if values="$(_stt_values "$command" "$expects")"; then
            COMPREPLY=($(compgen -W "$values" -- "$current"))
        else
            _stt_files "$current"
        fi
    elif [[ "$current" == -* ]]; then
        COMPREPLY=($(compgen -W "$flags" -- "$current"))
    elif [[ -n "$subs" ]]; then
        COMPREPLY=($(compgen -W "$subs" -- "$current"))
    else
        local values
        if values="$(_stt_values "$command" "")"; then
            COMPREPLY=($(compgen -W "$values" -- "$current"))
        else
            _stt_files "$current"
        fi
    fi
}}

_stt_files() {{
    local line
    compopt -o filenames 2>/dev/null
    while IFS= read -r line; do COMPREPLY+=("$line"); done \\
        < <(compgen -f -- "$1")
}}

complete -F _stt stt
"""


def _bash_commands(stt: Description) -> Iterator[str]:
    for command in stt.walk():
        subs = " ".join(child.path[-1] for child in command.children)
        flags = " ".join(flag for option in command.options for flag in option.flags)
        valued = " ".join(
            flag
            for option in command.options
            if option.metavar
            for flag in option.flags
        )
        yield f'        "{" ".join(command.path)}")'
        yield f'            subs="{subs}"'
        yield f'            flags="{flags}"'
        yield f'            valued="{valued}" ;;'


def _bash_values(stt: Description) -> Iterator[str]:
    for command in stt.walk():
        path = " ".join(command.path)
        for option in (*command.options, *command.arguments):
            if option.choices:
                names = option.flags or ("",)
                patterns = " | ".join(f'"{path} {flag}"' for flag in names)
                yield f'{patterns}) echo "{" ".join(option.choices)}" ;;'
            elif option.flags and option.metavar and not option.takes_files:
                patterns = " | ".join(f'"{path} {flag}"' for flag in option.flags)
                yield f"{patterns}) echo ;;"


def _indented(lines: Iterator[str], width: int) -> str:
    return "\n".join(" " * width + line for line in lines)
