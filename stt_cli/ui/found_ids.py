"""Found IDs as they are shown: one a line, or one JSON array, each at once."""

from __future__ import annotations

from stt_cli.core.environment import Environment
from stt_cli.core.plain_text import one_line, printable
from stt_cli.ids.finding import DEFAULT_KINDS, Finding
from stt_cli.ui.style import wants_color

_GUID_WIDTH = 36


class IdLines:
    """One ID a line; behind it kind and vendor where unusual kinds were asked for.

    ``with_place``: what it is and where it stands follow in any case.
    """

    def __init__(
        self,
        environment: Environment,
        kinds: frozenset[str],
        *,
        with_place: bool = False,
    ) -> None:
        self._out = environment.stdout
        self._color = wants_color(environment.stdout, environment)
        is_usual = len(kinds) == 1 or kinds == frozenset(DEFAULT_KINDS)
        self._with_kind = with_place or not is_usual
        self._with_place = with_place

    def show(self, finding: Finding) -> None:
        """Write one line, at once."""
        identifier = printable(finding.id).replace("\n", "\\n")
        more: list[str] = []
        if self._with_kind:
            more = [finding.kind, finding.vendor or "-"]
        if self._with_place:
            more.append(one_line(finding.place))
            if finding.is_guess:
                more.append(one_line(finding.text))
        if more and self._color:
            kind, *rest = more
            details = f"{kind:<14} {' '.join(rest)}".rstrip()
            line = f"{identifier:<{_GUID_WIDTH}}  \x1b[2m{details}\x1b[0m"
        else:
            line = "\t".join((identifier, *more))
        self._out.write(line + "\n")
        self._out.flush()

    def end(self) -> None:
        """Nothing is left to write."""


class IdArray:
    """One JSON array, an object a line; it is whole when ``end`` was called.

    Ctrl-C may come between any two steps: the bracket that opens it is written
    first, and a comma goes ahead of what it parts.
    """

    def __init__(self, environment: Environment) -> None:
        self._out = environment.stdout
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
