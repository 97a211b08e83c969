"""A list is planned as a whole, without reading a recording."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stt_cli.core.errors import CredentialsError
from stt_cli.core.options import JobOptions
from stt_cli.ledger import Ledger, open_ledger
from stt_cli.providers.registry import provider_spec
from stt_cli.settings import Settings
from stt_cli.workflows.jobs.desk import JobDesk
from stt_cli.workflows.jobs.locations import PIPE
from stt_cli.workflows.jobs.orders import Order
from stt_cli.workflows.jobs.planning import plan_orders
from tests.fake_time import FakeTime, environment
from tests.job_service import Service, service

__all__ = ["service"]


@pytest.fixture
def desk(tmp_path: Path, service: Service) -> JobDesk:
    world = environment(FakeTime(), home=tmp_path / "home")
    return JobDesk(world, Settings.load(world), open_ledger(world))


def orders(*names: Path | str) -> list[Order]:
    def never() -> None:
        raise AssertionError("it was opened")

    return [Order(str(name), never, JobOptions()) for name in names]  # type: ignore[arg-type,func-returns-value]


def test_a_long_list_is_one_change_and_no_recording_is_opened(
    desk: JobDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    whole = Ledger.enqueue
    monkeypatch.setattr(
        Ledger,
        "enqueue",
        lambda self, *given: calls.append(len(given[2])) or whole(self, *given),  # type: ignore[func-returns-value]
    )
    provider = desk.provider(provider_spec("courier"))
    names = [tmp_path / f"{number}.wav" for number in range(300)]
    tasks = plan_orders(desk, provider, orders(*names))
    assert calls == [300]
    assert [task.plan.position for task in tasks] == list(range(300))
    left = desk.ledger.unfinished("courier")
    assert [row.key for row in left] == [task.key for task in tasks]


def test_size_and_time_are_noted_and_a_pipe_is_known(
    desk: JobDesk, tmp_path: Path
) -> None:
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    os.mkfifo(tmp_path / "pipe")
    provider = desk.provider(provider_spec("courier"))
    file, gone, pipe, stdin, url = plan_orders(
        desk,
        provider,
        orders(
            tmp_path / "a.wav",
            tmp_path / "gone.wav",
            tmp_path / "pipe",
            "-",
            "https://example.org/a.wav",
        ),
    )
    assert file.plan.size == 4
    assert file.plan.modified == (tmp_path / "a.wav").stat().st_mtime_ns
    assert (gone.plan.size, gone.plan.modified) == (None, None)
    assert pipe.plan.source == stdin.plan.source == PIPE
    assert url.plan.source == "https://example.org/a.wav"


def test_what_a_dead_process_left_is_taken_up_rather_than_planned_again(
    desk: JobDesk, tmp_path: Path
) -> None:
    provider = desk.provider(provider_spec("courier"))
    first = plan_orders(desk, provider, orders("a.wav", "b.wav"))
    for task in first:
        desk.ledger.recorder(task.key).fail_for_now(CredentialsError("no"))
    second = plan_orders(desk, provider, orders("b.wav", "c.wav", "b.wav"))
    assert second[0].key == first[1].key
    assert len({task.key for task in (*first, *second)}) == 4
    forced = plan_orders(desk, provider, orders("a.wav"), force=True)
    assert forced[0].key != first[0].key


def test_what_a_living_process_has_on_its_list_is_left_to_it(
    desk: JobDesk, tmp_path: Path, service: Service
) -> None:
    provider = desk.provider(provider_spec("courier"))
    world = environment(FakeTime(), home=tmp_path / "home")
    with open_ledger(world) as theirs:
        other = JobDesk(world, Settings.load(world), theirs)
        first = plan_orders(other, provider, orders("a.wav"))
        second = plan_orders(desk, provider, orders("a.wav"))
        assert first[0].key != second[0].key
