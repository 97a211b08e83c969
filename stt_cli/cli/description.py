"""The whole command line as plain data, read off the Typer app itself.

Completion scripts and the manual page are written from this, so that neither can
say anything else than ``--help`` does.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from typer.main import get_command

from stt_cli.cli.command_table import COMMANDS

_MARKUP = re.compile(r"\[/?(?:bold|dim|italic|b|i)\]")
_FILES = {"FILE", "FOLDER", "DIR", "PATH", "INPUT"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One option or argument.

    ``flags`` is empty for an argument; ``metavar`` is ``None`` for a flag
    without a value. ``offered`` returns the values that completion offers: only
    that loads what knows them, and help does without.
    """

    flags: tuple[str, ...]
    help: str
    metavar: str | None
    offered: Callable[[], tuple[str, ...]] = tuple
    repeatable: bool = False
    panel: str = "Options"
    default: str | None = None
    limits: str = ""

    @property
    def choices(self) -> tuple[str, ...]:
        """The values that completion offers; others may be right as well."""
        return self.offered()

    @property
    def takes_files(self) -> bool:
        """Whether its value names a file."""
        return bool(self.metavar) and bool(
            _FILES & set(re.findall(r"[A-Z]+", self.metavar or ""))
        )


@dataclass(frozen=True, slots=True)
class Description:
    """One command: ``path`` is ``()`` for ``stt`` itself, ``("batch", "submit")``."""

    path: tuple[str, ...]
    summary: str
    text: str
    examples: tuple[str, ...]
    options: tuple[Parameter, ...]
    arguments: tuple[Parameter, ...]
    children: tuple[Description, ...]
    panel: str = ""

    def walk(self) -> Iterator[Description]:
        """Yield this command and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


def describe(root: Any) -> Description:
    """Return ``stt`` with every command below it; this loads them all.

    Args:
        root: the command made from ``stt_cli.app.app``.
    """
    children = []
    for entry in COMMANDS:
        loaded = importlib.import_module(entry.module).app
        loaded._add_completion = False
        child = _describe(get_command(loaded), (entry.name,), entry.panel)
        children.append(_with_summary(child, entry.summary))
    return _of_root(root, tuple(children))


def describe_alone(command: Any) -> Description:
    """Return one command; of those below it only the names and summaries."""
    return _describe(command, (command.name or "",))


def describe_root(root: Any) -> Description:
    """Return ``stt`` with its commands as the table has them; this loads none."""
    children = tuple(
        Description((e.name,), e.summary, e.summary, (), (), (), (), e.panel)
        for e in COMMANDS
    )
    return _of_root(root, children)


def _describe(command: Any, path: tuple[str, ...], panel: str = "") -> Description:
    below = getattr(command, "commands", {})
    return Description(
        path=path,
        summary=_first_sentence(command.help),
        text=_plain(command.help),
        examples=_examples(command.epilog),
        options=tuple(_options(command)),
        arguments=tuple(_arguments(command)),
        children=tuple(
            _describe(child, (*path, name)) for name, child in below.items()
        ),
        panel=panel,
    )


def _of_root(root: Any, children: tuple[Description, ...]) -> Description:
    return Description(
        path=(),
        summary=_first_sentence(root.help),
        text=_plain(root.help),
        examples=_examples(root.epilog),
        options=tuple(_options(root)),
        arguments=(),
        children=children,
    )


def _with_summary(description: Description, summary: str) -> Description:
    from dataclasses import replace

    return replace(description, summary=summary)


def _options(command: Any) -> Iterator[Parameter]:
    for parameter in command.params:
        if parameter.param_type_name == "option" and not parameter.hidden:
            yield _parameter(parameter, (*parameter.opts, *parameter.secondary_opts))
    yield Parameter(("-h", "--help"), "Show this help and exit.", None)


def _arguments(command: Any) -> Iterator[Parameter]:
    for parameter in command.params:
        if parameter.param_type_name == "argument" and not parameter.hidden:
            yield _parameter(parameter, ())


def _parameter(parameter: Any, flags: tuple[str, ...]) -> Parameter:
    is_flag = bool(flags) and (parameter.is_flag or parameter.count)
    choices = tuple(map(str, getattr(parameter.type, "choices", None) or ()))
    metavar = None if is_flag else parameter.metavar or parameter.type.name.upper()
    if metavar and metavar.endswith(" RANGE"):
        metavar = "N"
    if metavar in ("CHOICE", "BOOLEAN"):
        metavar = "|".join(choices) or metavar
    return Parameter(
        # As in help: the short spelling first.
        flags=tuple(sorted(flags, key=lambda flag: (flag.startswith("--"), 0))),
        help=_plain(parameter.help).replace("\n", " "),
        metavar=metavar,
        offered=(lambda: choices) if choices else partial(_offered, parameter),
        repeatable=bool(getattr(parameter, "multiple", False) or parameter.nargs == -1),
        panel=getattr(parameter, "rich_help_panel", None) or "Options",
        default=_default(parameter),
        limits=_limits(parameter),
    )


def _default(parameter: Any) -> str | None:
    """Return a default that is worth telling: neither nothing nor switched off."""
    value = parameter.default
    if not parameter.show_default or callable(value) or parameter.required:
        return None
    if value in (None, False, "", (), []) or getattr(parameter, "count", False):
        return None
    return str(getattr(value, "value", value))


def _limits(parameter: Any) -> str:
    low = getattr(parameter.type, "min", None)
    high = getattr(parameter.type, "max", None)
    if getattr(parameter, "count", False) or (low is None and high is None):
        return ""
    if high is None:
        return f"at least {low:g}" if low else ""
    return f"at most {high:g}" if low is None else f"{low:g} to {high:g}"


def _offered(parameter: Any) -> tuple[str, ...]:
    """Return what a parameter declares for completion, as its ``autocompletion``."""
    if parameter._custom_shell_complete is None:
        return ()
    return tuple(item.value for item in parameter.shell_complete(None, ""))


def _examples(epilog: str | None) -> tuple[str, ...]:
    plain = _plain(epilog)
    if plain.startswith(("Example:", "Examples:")):
        return tuple(one.strip() for one in plain.partition(":")[2].split("·"))
    lines = plain.splitlines()
    return tuple(
        line.strip().removeprefix("$ ").strip()
        for line in lines
        if line.strip().startswith("$ ")
    )


def _plain(text: str | None) -> str:
    plain = _MARKUP.sub("", (text or "").replace("\b", "").replace("\\[", "["))
    return re.sub(r"\n{3,}", "\n\n", plain).strip()


def _first_sentence(text: str | None) -> str:
    first = _plain(text).partition("\n\n")[0].replace("\n", " ")
    return re.split(r"(?<=\.)\s", first, maxsplit=1)[0]
