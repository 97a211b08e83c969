"""What is wrong with a command line, in the words of all other errors.

Click finds it out while it parses. It speaks of ``'--jobs' / '-j'`` and of ranges
such as ``x>=1``; here its exceptions become errors with a hint.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from typer._click import Command, Context
from typer._click.exceptions import (
    BadOptionUsage,
    BadParameter,
    ClickException,
    MissingParameter,
    NoSuchOption,
)

from stt_cli.core.errors import UsageError

_QUOTED = re.compile(r"^No such command '(?P<name>.*?)'")
_EXTRA = re.compile(r"^Got unexpected extra argument\(s\) \((?P<all>.*)\)$", re.DOTALL)
_REJECTED = re.compile(r"^(?P<value>.*?) is not (?:a|in|one of) ", re.DOTALL)

_NEAR = 0.7
"""How alike two words have to be for one to be meant by the other, from 0 to 1."""


_ALSO_CALLED = {
    "show": ("list", "status"),
    "ls": ("list", "status"),
    "list": ("status",),
    "status": ("list",),
    "rm": ("remove", "delete", "unset"),
    "remove": ("delete", "unset"),
    "delete": ("remove", "unset"),
    "unset": ("remove", "delete"),
    "add": ("set", "submit"),
}
"""Words that other programs have for a command, and ours for it, likeliest first."""


def usage_error(
    fault: ClickException, root: Command, arguments: Sequence[str]
) -> UsageError:
    """Return Click's exception as an error of ours.

    Args:
        fault: what Click raised.
        root: the command ``stt`` itself.
        arguments: all that was typed after it.
    """
    path, command = _called(root, arguments)
    usage = f"run `{path} --help` for usage"
    if isinstance(fault, NoSuchOption):
        hint = _text_hint(path, fault.option_name, arguments)
        near = _nearest(fault.option_name, fault.possibilities or ())
        meant = f"did you mean {near}?" if near else usage
        return UsageError(f"unknown option {fault.option_name}", hint=hint or meant)
    if isinstance(fault, MissingParameter):
        known = _choices(fault.param)
        return UsageError(
            f"missing {_name(fault.param)}",
            hint=f"choose from {', '.join(known)}" if known else usage,
        )
    if isinstance(fault, BadParameter):
        return _bad_value(fault, usage)
    if isinstance(fault, BadOptionUsage):
        option = _option(command, fault.option_name)
        wants = (
            "takes no value" if getattr(option, "is_flag", False) else "needs a value"
        )
        return UsageError(f"{fault.option_name} {wants}", hint=usage)
    message = fault.format_message()
    if unknown := _QUOTED.match(message):
        return unknown_command(unknown["name"], getattr(command, "commands", ()), path)
    if extra := _EXTRA.match(message):
        return UsageError(
            f"unexpected argument {extra['all'].split(' ')[0]!r}", hint=usage
        )
    return UsageError(message[:1].lower() + message[1:].rstrip("."), hint=usage)


def unknown_command(name: str, known: Collection[str], path: str = "stt") -> UsageError:
    """Return the error for a command that does not exist, with the one meant."""
    same = (word for word in _ALSO_CALLED.get(name, ()) if word in known)
    near = _nearest(name, known) or next(same, None)
    return UsageError(
        f"unknown command {name!r}",
        hint=f"did you mean `{path} {near}`?"
        if near
        else f"run `{path} --help` for a list of commands",
    )


def _bad_value(fault: BadParameter, usage: str) -> UsageError:
    rejected = _REJECTED.match(fault.message)
    value = repr(rejected["value"].strip("'")) + " " if rejected else ""
    return UsageError(
        f"invalid value {value}for {_name(fault.param).removeprefix('argument ')}",
        hint=_expected(fault.param) or usage,
    )


def _expected(parameter: Any) -> str | None:
    """Return what a parameter takes, as a hint."""
    if known := _choices(parameter):
        return f"choose from {', '.join(known)}"
    kind = getattr(parameter, "type", None)
    name = getattr(kind, "name", "")
    if not name.startswith(("integer", "float")):
        return None
    number = "a whole number" if name.startswith("integer") else "a number"
    low, high = getattr(kind, "min", None), getattr(kind, "max", None)
    if low is not None and high is not None:
        return f"use {number} from {low:g} to {high:g}"
    return f"use {number}" + (f" of at least {low:g}" if low is not None else "")


def _choices(parameter: Any) -> list[str]:
    kind = getattr(parameter, "type", None)
    return [str(choice) for choice in getattr(kind, "choices", None) or ()]


def _name(parameter: Any) -> str:
    """Return ``--jobs`` for an option, ``argument ID`` for an argument."""
    longest = max(parameter.opts, key=len) if parameter.opts else ""
    if longest.startswith("-"):
        return str(longest)
    return f"argument {(parameter.metavar or parameter.name).strip('[].')}"


def _option(command: Command, name: str) -> Any:
    named = (one for one in command.params if name in (*one.opts, *one.secondary_opts))
    return next(named, None)


def _text_hint(path: str, option: str, arguments: Sequence[str]) -> str | None:
    """Return how to give a text or number that was taken for an option."""
    for argument in arguments:
        if argument.startswith(option) and (
            " " in argument or argument[1:2].isdecimal()
        ):
            return f"to pass it as text, use `{path} -- {shlex.quote(argument)}`"
    return None


def _nearest(name: str, known: Collection[str]) -> str | None:
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, known, n=1, cutoff=_NEAR)), None)


def _called(root: Command, arguments: Sequence[str]) -> tuple[str, Command]:
    """Return the command that was typed, as far as it exists: ``stt batch submit``."""
    names, command = ["stt"], root
    for name, found in _descend(root, arguments):
        names.append(name)
        command = found
    return " ".join(names), command


def _descend(
    command: Command, arguments: Sequence[str]
) -> Iterator[tuple[str, Command]]:
    for name in arguments:
        find = getattr(command, "get_command", None)  # none has it but a group
        found = find(Context(command), name) if find else None
        if found is None:
            return
        command = found
        yield name, command
