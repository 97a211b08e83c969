"""A command with sub-commands that does something without one, too.

``stt models`` lists, ``stt models NAME`` lists one, ``stt models download NAME``
downloads: what is no sub-command is taken for an argument of the default one.
"""

from __future__ import annotations

from typer._click import Context
from typer.core import TyperGroup

DEFAULT = "list"


class GroupWithDefault(TyperGroup):
    """A group whose sub-command ``list`` need not be named."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Put the default command where none was named."""
        named = {*self.commands, *ctx.help_option_names}
        if not args or args[0] not in named:
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)
