"""Models and voices on their way to this machine."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from stt_cli.core.environment import Environment
from stt_cli.core.events import Notice, Progress
from stt_cli.ui.run import Run
from stt_cli.workflows.deadline import deadline


@dataclass(frozen=True, slots=True)
class Download:
    """What is to come: ``folder`` tells where it is once ``begin`` has ended."""

    name: str
    size: int
    begin: Callable[[str, Environment], Generator[Progress | Notice]]
    folder: Callable[[str, Environment], Path]


def download_all(run: Run, wanted: Sequence[Download], timeout: float | None) -> None:
    """Download one after the other, and print the folder of each."""
    total = float(sum(one.size for one in wanted))
    with (
        deadline(timeout),
        run.reporter.progress(len(wanted), size=total) as progress,
    ):
        for one in wanted:
            task = progress.task(one.name, float(one.size))
            with closing(one.begin(one.name, run.environment)) as events:
                for event in events:
                    if isinstance(event, Notice):
                        run.reporter.notice(event)
                    else:
                        task.update(event.done, event.total, event.unit)
            task.finish()
            run.reporter.result(f"{one.folder(one.name, run.environment)}\n")
