"""How commands are declared: option groups, and the examples at the foot of help.

A command takes the options that it shares with others as one frozen dataclass::

    @dataclass(frozen=True, slots=True)
    class Common:
        quiet: Annotated[bool, typer.Option("--quiet", "-q")] = False

    @app.command()
    @with_option_groups
    def status(ctx: typer.Context, common: Common) -> int: ...

Typer sees ``--quiet``; ``status`` gets a ``Common``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from inspect import Parameter, Signature, signature
from typing import Any, TypeVar, get_type_hints

from typer._click import Context
from typer.core import TyperGroup

Result = TypeVar("Result")


def with_option_groups(function: Callable[..., Result]) -> Callable[..., Result]:
    """Return the command with each group's fields as parameters of its own.

    A parameter that the command declares itself under the name of a field stands for
    that field, with its own help and place: its value is in the group too.
    """
    parameters: dict[str, Parameter] = {}
    groups: dict[str, type[Any]] = {}
    declared = signature(function, eval_str=True).parameters
    for parameter in declared.values():
        if is_dataclass(parameter.annotation) and isinstance(
            parameter.annotation, type
        ):
            groups[parameter.name] = parameter.annotation
            for each in _parameters_of(parameter.annotation):
                if each.name not in declared:
                    parameters[each.name] = each
        else:
            parameters[parameter.name] = parameter

    def command(**given: Any) -> Result:
        arguments = {name: given[name] for name in declared if name not in groups}
        for name, group in groups.items():
            values = {each.name: given[each.name] for each in fields(group)}
            arguments[name] = group(**values)
        return function(**arguments)

    keyword_only = [
        each.replace(kind=Parameter.KEYWORD_ONLY) for each in parameters.values()
    ]
    command.__name__, command.__doc__ = function.__name__, function.__doc__
    command.__module__ = function.__module__
    command.__annotations__ = {each.name: each.annotation for each in keyword_only}
    command.__signature__ = Signature(keyword_only)  # type: ignore[attr-defined]
    return command


def examples(*lines: str) -> str:
    """Return an epilog; each of ``lines`` is a command as typed at a prompt."""
    return "\n".join(f"$ {line}" for line in lines)


def _parameters_of(group: type[Any]) -> list[Parameter]:
    hints = get_type_hints(group, include_extras=True)
    return [
        Parameter(
            each.name,
            Parameter.KEYWORD_ONLY,
            default=each.default,
            annotation=hints[each.name],
        )
        for each in fields(group)
    ]


DEFAULT = "list"


class GroupWithDefault(TyperGroup):
    """A group whose sub-command ``list`` need not be named."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Put the default command where none was named."""
        named = {*self.commands, *ctx.help_option_names}
        if not args or args[0] not in named:
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)
