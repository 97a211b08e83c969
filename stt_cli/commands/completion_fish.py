"""The completion script for fish 3."""

from __future__ import annotations

from collections.abc import Iterator

from stt_cli.commands.description import Description, Parameter
from stt_cli.commands.generated import made_by_generator


def fish(stt: Description) -> str:
    """Return the script for fish 3."""
    lines = "\n".join(_fish_lines(stt))
    return f"""# {made_by_generator("fish")}
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
