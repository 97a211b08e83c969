"""The completion script for zsh 5."""

from __future__ import annotations

from collections.abc import Iterator

from stt_cli.commands.description import Description, Parameter
from stt_cli.commands.generated import made_by_generator


def zsh(stt: Description) -> str:
    """Return the script for zsh 5."""
    functions = "\n".join(_zsh_function(command) for command in stt.walk())
    return f"""#compdef stt
# {made_by_generator("zsh")}
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
