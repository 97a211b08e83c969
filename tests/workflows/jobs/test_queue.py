"""A list is queued as a whole, without reading a recording."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stt_cli.core.errors import CredentialsError
from stt_cli.core.options import JobOptions
from stt_cli.ledger import Ledger, open_ledger
from stt_cli.providers.registry import provider_spec
from stt_cli.settings import Settings
from stt_cli.workflows.jobs.context import JobContext
from stt_cli.workflows.jobs.queue import PIPE, SubmissionRequest, enqueue
from tests.fake_time import FakeTime, fake_environment
from tests.job_service import Service, service

__all__ = ["service"]


@pytest.fixture
def context(tmp_path: Path, service: Service) -> JobContext:
    environment = fake_environment(FakeTime(), home=tmp_path / "home")
    return JobContext(environment, Settings.load(environment), open_ledger(environment))


def requests(*names: Path | str) -> list[SubmissionRequest]:
    def never() -> None:
        raise AssertionError("it was opened")

    return [SubmissionRequest(str(name), never, JobOptions()) for name in names]  # type: ignore[arg-type]


def test_a_long_list_is_one_change_and_no_recording_is_opened(
    context: JobContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    whole = Ledger.enqueue
    monkeypatch.setattr(
        Ledger,
        "enqueue",
        lambda self, *given: calls.append(len(given[2])) or whole(self, *given),  # type: ignore[func-returns-value]
    )
    provider = context.provider(provider_spec("courier"))
    names = [tmp_path / f"{number}.wav" for number in range(300)]
    queued = enqueue(context, provider, requests(*names))
    assert calls == [300]
    assert [each.entry.position for each in queued] == list(range(300))
    left = context.ledger.unfinished("courier")
    assert [row.key for row in left] == [each.key for each in queued]


def test_size_and_time_are_noted_and_a_pipe_is_known(
    context: JobContext, tmp_path: Path
) -> None:
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    os.mkfifo(tmp_path / "pipe")
    provider = context.provider(provider_spec("courier"))
    file, gone, pipe, stdin, url = enqueue(
        context,
        provider,
        requests(
            tmp_path / "a.wav",
            tmp_path / "gone.wav",
            tmp_path / "pipe",
            "-",
            "https://example.org/a.wav",
        ),
    )
    assert file.entry.size == 4
    assert file.entry.modified == (tmp_path / "a.wav").stat().st_mtime_ns
    assert (gone.entry.size, gone.entry.modified) == (None, None)
    assert pipe.entry.source == stdin.entry.source == PIPE
    assert url.entry.source == "https://example.org/a.wav"


def test_what_a_dead_process_left_is_taken_up_rather_than_queued_again(
    context: JobContext, tmp_path: Path
) -> None:
    provider = context.provider(provider_spec("courier"))
    first = enqueue(context, provider, requests("a.wav", "b.wav"))
    for each in first:
        context.ledger.recorder(each.key).fail_for_now(CredentialsError("no"))
    second = enqueue(context, provider, requests("b.wav", "c.wav", "b.wav"))
    assert second[0].key == first[1].key
    assert len({each.key for each in (*first, *second)}) == 4
    forced = enqueue(context, provider, requests("a.wav"), force=True)
    assert forced[0].key != first[0].key


def test_what_a_living_process_has_on_its_list_is_left_to_it(
    context: JobContext, tmp_path: Path, service: Service
) -> None:
    provider = context.provider(provider_spec("courier"))
    environment = fake_environment(FakeTime(), home=tmp_path / "home")
    with open_ledger(environment) as theirs:
        other = JobContext(environment, Settings.load(environment), theirs)
        first = enqueue(other, provider, requests("a.wav"))
        second = enqueue(context, provider, requests("a.wav"))
        assert first[0].key != second[0].key
