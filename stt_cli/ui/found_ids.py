"""Found IDs as they are shown: one a line, or one JSON array, each at once."""

from __future__ import annotations

from stt_cli.core.environment import Environment
from stt_cli.core.plain_text import printable
from stt_cli.ids.finding import DEFAULT_KINDS, Finding
from stt_cli.ui.style import wants_colour

_GUID_WIDTH = 36


class IdLines:
    """One ID a line; its kind stands behind it where unusual kinds were asked for."""

    def __init__(self, world: Environment, kinds: frozenset[str]) -> None:
        self._out = world.stdout
        self._colour = wants_colour(world.stdout, world)
        self._with_kind = len(kinds) > 1 and kinds != frozenset(DEFAULT_KINDS)

    def show(self, finding: Finding) -> None:
        """Write one line, at once."""
        identifier = printable(finding.id).replace("\n", "\\n")
        if self._with_kind and self._colour:
            line = f"{identifier:<{_GUID_WIDTH}}  \x1b[2m{finding.kind}\x1b[0m"
        elif self._with_kind:
            line = f"{identifier}\t{finding.kind}"
        else:
            line = identifier
        self._out.write(line + "\n")
        self._out.flush()

    def end(self) -> None:
        """Nothing is left to write."""


class IdArray:
    """One JSON array, an object a line; it is whole when ``end`` was called.

    Ctrl-C may come between any two steps: the bracket that opens it is written
    first, and a comma goes ahead of what it parts.
    """

    def __init__(self, world: Environment) -> None:
        self._out = world.stdout
        self._comma = "  "
        self._out.write("[\n")

    def show(self, finding: Finding) -> None:
        """Write one object, at once."""
        from stt_cli.formats.json_output import json_line

        self._out.write(self._comma + json_line(finding.to_dict()))
        self._out.flush()
        self._comma = ", "

    def end(self) -> None:
        """Close the array."""
        self._out.write("]\n")
        self._out.flush()
