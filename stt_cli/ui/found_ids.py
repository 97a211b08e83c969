"""Found IDs as they are shown: one a line, or one JSON array, each at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from stt_cli.core.environment import Environment
from stt_cli.core.exit_status import ExitStatus
from stt_cli.core.plain_text import one_line, printable
from stt_cli.ids.finding import DEFAULT_KINDS, Finding
from stt_cli.ui.style import wants_color

if TYPE_CHECKING:
    from stt_cli.core.events import Notice
    from stt_cli.workflows.find_ids import IdSearch
    from stt_cli.workflows.material import Unread

_GUID_WIDTH = 36
_LATEST_OPERATIONS = 100  # of the ledger, for --last


def print_new_id(environment: Environment) -> int:
    """Print a new session ID as a JSON array of one."""
    array = IdArray(environment)
    array.show(
        Finding(environment.new_hex_id(), "session", "new", None, None, "", "new")
    )
    array.end()
    return ExitStatus.OK


def print_found(
    environment: Environment, search: IdSearch, *, json: bool, quiet: bool
) -> int:
    """Print what a search finds, as it is found; return the exit status."""
    from stt_cli.workflows.find_ids import find_ids

    view = _view(environment, search.kinds, json=json, with_place=search.candidates)
    try:
        return _print_each(
            environment, find_ids(search, environment), view, quiet=quiet
        )
    except KeyboardInterrupt:
        if not search.follow:
            raise
        return ExitStatus.INTERRUPTED  # Ctrl-C is how following ends
    finally:
        view.end()


def print_last(environment: Environment, kinds: frozenset[str], *, json: bool) -> int:
    """Print the IDs of the last operation of the ledger that has some."""
    from stt_cli.ledger import open_ledger
    from stt_cli.settings import Settings
    from stt_cli.ui.reporter import Reporter
    from stt_cli.workflows.find_ids import last_ids

    reporter = Reporter(environment)
    view = _view(environment, kinds, json=json)
    try:
        with open_ledger(
            environment,
            Settings.load(environment),
            warn=lambda notice: reporter.warning(notice.message, notice.hint),
        ) as ledger:
            for finding in last_ids(ledger.recent(_LATEST_OPERATIONS), kinds):
                view.show(finding)
    finally:
        view.end()
    return ExitStatus.OK


def _print_each(
    environment: Environment,
    items: Iterable[Finding | Notice | Unread],
    view: IdLines | IdArray,
    *,
    quiet: bool,
) -> int:
    from stt_cli.workflows.material import Unread

    status: int = ExitStatus.OK
    for item in items:
        if isinstance(item, Finding):
            view.show(item)
        elif isinstance(item, Unread):
            from stt_cli.ui.errors import print_error

            status = status or item.error.exit_status
            print_error(item.error, environment)
        elif not quiet:
            from stt_cli.ui.reporter import Reporter

            Reporter(environment).warning(item.message, item.hint)
    return status


def _view(
    environment: Environment,
    kinds: frozenset[str],
    *,
    json: bool,
    with_place: bool = False,
) -> IdLines | IdArray:
    if json:
        return IdArray(environment)
    return IdLines(environment, kinds, with_place=with_place)


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
