"""Completion scripts for bash, zsh, fish and PowerShell, written from a description.

They are plain text with everything in it: completing starts no Python, so it is
as fast as the shell. None needs a package beyond the shell itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from stt_cli.cli.description import Description, Parameter


def _note(shell: str) -> str:
    """Return the note at the head of one shell's script."""
    return (
        f"Completion of stt for {shell}. "
        "Made by `python docs/generate.py`; do not edit."
    )


def bash(stt: Description) -> str:
    """Return the script for bash 3.2 and later."""
    commands = "\n".join(_bash_commands(stt))
    words = " | ".join(f'"{" ".join(c.path)}"' for c in stt.walk() if c.path)
    return f"""# {_note("bash")}
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


def zsh(stt: Description) -> str:
    """Return the script for zsh 5."""
    functions = "\n".join(_zsh_function(command) for command in stt.walk())
    return f"""#compdef stt
# {_note("zsh")}
# Use: put this file as `_stt` into a folder of $fpath, before compinit runs.

{functions}
if [ "$funcstack[1]" = "_stt" ]; then
    _stt "$@"
else
    compdef _stt stt
fi
"""


def _zsh_function(command: Description) -> str:
    name = "_".join(("_stt", *(part.replace("-", "_") for part in command.path)))
    specs = [line for option in command.options for line in _zsh_option(option)]
    if command.children:
        below = [
            f"'{child.path[-1]}:{_zsh_text(child.summary)}'"
            for child in command.children
        ]
        cases = "\n".join(
            f"                {child.path[-1]}) {name}_{_under(child)} ;;"
            for child in command.children
        )
        listed = "\n        ".join(below)
        options = "".join(f"        {spec} \\\n" for spec in specs)
        return f"""{name}() {{
    local curcontext="$curcontext" state line
    typeset -A opt_args
    local -a commands
    commands=(
        {listed}
    )
    _arguments -C \\
{options}        '1:command:->command' \\
        '*::argument:->argument'
    case $state in
        command) _describe -t commands command commands ;;
        argument)
            case $line[1] in
{cases}
            esac
            ;;
    esac
}}
"""
    specs += [_zsh_argument(argument, at) for at, argument in _numbered(command)]
    body = " \\\n        ".join(specs)
    return f"{name}() {{\n    _arguments -s \\\n        {body}\n}}\n"


def _under(command: Description) -> str:
    return command.path[-1].replace("-", "_")


def _numbered(command: Description) -> Iterator[tuple[str, Parameter]]:
    for at, argument in enumerate(command.arguments, start=1):
        yield ("*" if argument.repeatable else str(at)), argument


def _zsh_option(option: Parameter) -> Iterator[str]:
    value = ""
    if option.metavar:
        value = f":{_zsh_text(option.metavar)}:{_zsh_action(option)}"
    for flag in option.flags:
        repeat = "*" if option.repeatable else ""
        others = "" if option.repeatable else f"({' '.join(option.flags)})"
        yield f"'{others}{repeat}{flag}[{_zsh_text(option.help)}]{value}'"


def _zsh_argument(argument: Parameter, at: str) -> str:
    name = _zsh_text(argument.metavar or "argument")
    return f"'{at}:{name}:{_zsh_action(argument)}'"


def _zsh_action(parameter: Parameter) -> str:
    if parameter.choices:
        return f"({' '.join(parameter.choices)})"
    return "_files" if parameter.takes_files else " "


def _zsh_text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "'\\''")
    for character in "[]:":
        escaped = escaped.replace(character, f"\\{character}")
    return escaped


def fish(stt: Description) -> str:
    """Return the script for fish 3."""
    lines = "\n".join(_fish_lines(stt))
    return f"""# {_note("fish")}
# Use: put this file as `stt.fish` into ~/.config/fish/completions/

function __stt_at
    # Whether the command typed so far is exactly $argv.
    set -l words
    for word in (commandline -opc)[2..-1]
        string match -q -- '-*' $word; or set -a words $word
    end
    test (count $words) -ge (count $argv); or return 1
    test (count $argv) -eq 0; and test (count $words) -gt 0; and return 1
    for at in (seq (count $argv))
        test "$words[$at]" = "$argv[$at]"; or return 1
    end
end

function __stt_asks_below
    # Whether the command $argv was typed, and none of those below it.
    set -l words
    for word in (commandline -opc)[2..-1]
        string match -q -- '-*' $word; or set -a words $word
    end
    test "$words" = "$argv"
end

{lines}
"""


def _fish_lines(stt: Description) -> Iterator[str]:
    for command in stt.walk():
        path = " ".join(command.path)
        at = f"-n '__stt_at {path}'".replace(" '", " '", 1)
        for child in command.children:
            yield (
                f"complete -c stt -f -n '__stt_asks_below {path}' "
                f"-a {child.path[-1]} -d {_fish_text(child.summary)}"
            )
        if not command.children and not any(a.takes_files for a in command.arguments):
            yield f"complete -c stt -f {at}"
        for argument in command.arguments:
            if argument.choices:
                yield f"complete -c stt -f {at} -a '{' '.join(argument.choices)}'"
        for option in command.options:
            yield f"complete -c stt {at} {_fish_option(option)}"


def _fish_option(option: Parameter) -> str:
    parts = [
        f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}"
        for flag in option.flags
    ]
    if option.choices:
        parts.append(f"-x -a '{' '.join(option.choices)}'")
    elif option.metavar:
        parts.append("-r -F" if option.takes_files else "-x")
    return " ".join([*parts, f"-d {_fish_text(option.help)}"])


def _fish_text(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def powershell(stt: Description) -> str:
    """Return the script for PowerShell 5.1 and later."""
    table = "\n".join(_powershell_rows(stt))
    return f"""# {_note("PowerShell")}
# Use: add `. path\\to\\stt.ps1` to the file that $PROFILE names.

$script:SttCommands = @{{
{table}
}}

Register-ArgumentCompleter -Native -CommandName stt -ScriptBlock {{
    param($wordToComplete, $commandAst, $cursorPosition)
    $command = ''
    $expects = ''
    $known = $script:SttCommands['']
    $words = $commandAst.CommandElements |
        Where-Object {{ $_.Extent.EndOffset -lt $cursorPosition }} |
        Select-Object -Skip 1 | ForEach-Object {{ $_.ToString() }}
    foreach ($word in $words) {{
        if ($expects) {{ $expects = ''; continue }}
        if ($word.StartsWith('-')) {{
            if ($known.Values.ContainsKey($word)) {{ $expects = $word }}
            continue
        }}
        $below = ("$command $word").Trim()
        if ($script:SttCommands.ContainsKey($below)) {{
            $command = $below
            $known = $script:SttCommands[$command]
        }}
    }}
    if ($expects) {{ $found = $known.Values[$expects] }}
    elseif ($wordToComplete.StartsWith('-')) {{ $found = $known.Flags }}
    elseif ($known.Commands) {{ $found = $known.Commands }}
    else {{ $found = $known.Values[''] }}
    $found | Where-Object {{ $_ -and $_.StartsWith($wordToComplete) }} |
        ForEach-Object {{
            [System.Management.Automation.CompletionResult]::new(
                $_, $_, 'ParameterValue', $_)
        }}
}}
"""


def _powershell_rows(stt: Description) -> Iterator[str]:
    for command in stt.walk():
        subs = _powershell_list(child.path[-1] for child in command.children)
        flags = _powershell_list(f for option in command.options for f in option.flags)
        yield f"    '{' '.join(command.path)}' = @{{"
        yield f"        Commands = {subs}"
        yield f"        Flags = {flags}"
        yield "        Values = @{"
        for option in (*command.options, *command.arguments):
            for flag in option.flags or ("",):
                if option.metavar and (option.flags or option.choices):
                    yield f"            '{flag}' = {_powershell_list(option.choices)}"
        yield "        }"
        yield "    }"


def _powershell_list(values: Iterator[str] | tuple[str, ...]) -> str:
    return "@(" + ", ".join(f"'{value}'" for value in values) + ")"


SCRIPTS: dict[str, Callable[[Description], str]] = {
    "bash": bash,
    "zsh": zsh,
    "fish": fish,
    "powershell": powershell,
}
FILES = {"bash": "stt.bash", "zsh": "_stt", "fish": "stt.fish", "powershell": "stt.ps1"}
