"""What ``models``, ``languages``, ``voices`` share: ask a provider, list the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from stt_cli.core.errors import NotFoundError
from stt_cli.providers.base import Capability, Provider
from stt_cli.ui.listed_json import print_json
from stt_cli.ui.tables import CellLike, Column, print_table
from stt_cli.workflows.deadline import deadline

if TYPE_CHECKING:
    from stt_cli.ui.run import Run


class Listed(Protocol):
    """Anything that a catalogue holds."""

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON shows it."""


Item = TypeVar("Item", bound=Listed)


def list_from_provider(
    run: Run,
    *,
    timeout: float | None,
    capability: Capability,
    what: str,
    ask: Callable[[Provider], Iterator[Item]],
    columns: Sequence[Column],
    row: Callable[[Item], Sequence[CellLike]],
    as_json: bool,
) -> None:
    """Print what a provider answers: a JSON array, a table, or lines in a pipe.

    Raises:
        NotFoundError: it answered with an empty list.
    """
    spec = run.spec
    spec.require(capability, f"a list of {what}")
    context = run.context(spec, purpose=capability)
    with closing(spec.open(context)) as service, deadline(timeout):
        items = list(ask(service))
    if as_json:
        print_json([item.to_dict() for item in items], run.environment)
    elif items:
        print_table(columns, (row(item) for item in items), run.environment)
    if not items:
        raise NotFoundError(
            f"{spec.name} has no {what} that match",
            hint="leave out the filters to see them all",
        )
