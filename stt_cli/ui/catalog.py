"""Lists of what there is: a provider's models, the providers, sound devices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from stt_cli.core.errors import AudioError, NotFoundError
from stt_cli.providers.base import Provider
from stt_cli.providers.registry import require_capability
from stt_cli.providers.spec import Capability
from stt_cli.ui.tables import Cell, CellLike, Column, print_json, print_table
from stt_cli.workflows.deadline import deadline

if TYPE_CHECKING:
    from stt_cli.audio.devices import Device
    from stt_cli.ui.run import Run
    from stt_cli.workflows.provider_list import ProviderState


class Listed(Protocol):
    """Anything that a catalog holds."""

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
    require_capability(spec, capability, f"listing {what}")
    context = run.context(spec, purpose=capability)
    with closing(spec.open(context)) as service, deadline(timeout):
        items = list(ask(service))
    if as_json:
        print_json([item.to_dict() for item in items], run.environment)
    elif items:
        print_table(columns, (row(item) for item in items), run.environment, paged=True)
    if not items:
        raise NotFoundError(
            f"no {spec.name} {what} match",
            hint="remove the filters to list them all",
        )


def list_providers(run: Run, *, as_json: bool) -> None:
    """Print each provider: what it can do, and what it still needs."""
    from stt_cli.workflows.provider_list import provider_states

    states = list(provider_states(run.settings))
    if as_json:
        print_json([state.to_dict() for state in states], run.environment)
        return
    columns = [
        Column("name", "bold"),
        Column("service"),
        Column("can", wraps=True),
        Column("state", wraps=True),
    ]
    rows = (
        (
            state.name,
            state.spec.title if state.spec else None,
            ", ".join(state.can),
            _state_of(state),
        )
        for state in states
    )
    print_table(columns, rows, run.environment, paged=True)


def list_devices(run: Run, *, as_json: bool) -> None:
    """Print the microphones and loudspeakers of this machine.

    Raises:
        AudioError: there are none.
    """
    from stt_cli.audio.devices import list_devices as found_devices

    found = found_devices()
    if as_json:
        print_json([device.to_dict() for device in found], run.environment)
    elif found:
        columns = [
            Column("index"),
            Column("name", "bold", whole=True),
            Column("in"),
            Column("out"),
            Column("default"),
        ]
        print_table(columns, map(_device_row, found), run.environment, paged=True)
    if not found:
        raise AudioError(
            "no audio devices found",
            hint="connect one; in a container, give it access to the sound server",
        )


def _state_of(state: ProviderState) -> Cell:
    if state.is_ready:
        words = f"ready, at {state.endpoint}" if state.endpoint else "ready"
        return Cell(words, "green")
    if state.error is not None:
        return Cell(state.wanting, "red")
    return Cell(f"needs {state.wanting}", "yellow")


def _device_row(device: Device) -> tuple[str, ...]:
    defaults = [
        name
        for name, is_default in (
            ("microphone", device.is_default_input),
            ("loudspeaker", device.is_default_output),
        )
        if is_default
    ]
    return (
        str(device.index),
        device.name,
        str(device.inputs),
        str(device.outputs),
        ", ".join(defaults),
    )
