"""Going on with jobs of an address that were cut off, against the emulator."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stt_cli.core.errors import UncertainError
from stt_cli.core.events import Transcribed
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.interrupted import InterruptedSubmission
from stt_cli.core.options import JobQuery
from stt_cli.providers.base import Provider
from stt_cli.providers.spec import Capability
from tests.commands.conftest import silent_wav
from tests.emulating import emulated
from tests.providers.interrupting import (
    REFERENCE,
    Ledger,
    client,
    gone_on,
    killed,
    options,
    source_of,
)

URL = "https://recordings.example/monday.wav?sv=1&sig=made-up"
OF_THE_USER = replace(
    options(**{"customProperties.clientReferenceId": "order-7"}),
    client_reference_id=REFERENCE,
)


def jobs_of(made: Provider) -> list[str]:
    return [job.id for job in made.jobs(JobQuery(follow_pages=True))]


@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize("written", [True, False])
def test_a_process_killed_at_any_moment_leaves_one_job(at: int, written: bool) -> None:
    with emulated("azure") as service, client("azure", service) as made:
        ledger = killed(made, URL, options(), at=at, written=written)
        if ledger.jobs:
            return  # the job is known: nothing is left to do
        job = gone_on(made, URL, options(), ledger)
        assert jobs_of(made) == [job.id]
        assert job.ids.get("client_reference_id") == REFERENCE
        assert made.spec.can(Capability.RECOVERS)


def test_only_jobs_since_the_beginning_are_listed() -> None:
    with emulated("azure") as service, client("azure", service) as made:
        ledger = killed(made, URL, options(), at=2, written=False)
        service.log.clear()
        gone_on(made, URL, options(), ledger)
        (listed,) = service.log
        moment = ledger.since - timedelta(minutes=5)
        assert f"createdDateTime+ge+{moment:%Y-%m-%dT%H}" in listed.replace("%20", "+")


def test_a_lost_answer_is_looked_up_before_the_request_is_repeated() -> None:
    with (
        emulated("azure", "lose-answer:1") as service,
        client("azure", service) as made,
    ):
        job = gone_on(made, URL, options(), Ledger())
        assert jobs_of(made) == [job.id]


def test_a_refused_creation_is_repeated_without_doubt() -> None:
    with (
        emulated("azure", "status:500:3") as service,
        client("azure", service) as made,
    ):
        job = gone_on(made, URL, options(), Ledger())
        assert jobs_of(made) == [job.id]


@pytest.mark.parametrize("lost", [True, False])
def test_a_reference_of_the_users_may_stand_for_many(lost: bool) -> None:
    with emulated("azure") as service, client("azure", service) as made:
        jobs: set[str] = set()
        first = gone_on(made, URL, OF_THE_USER, Ledger(jobs=jobs))
        ledger = killed(
            made,
            URL,
            OF_THE_USER,
            at=2 if lost else 1,
            written=not lost,
            ledger=Ledger(jobs=jobs),
        )
        if lost:
            with pytest.raises(UncertainError) as told:
                gone_on(made, URL, OF_THE_USER, ledger)
            (taken,) = {*jobs_of(made)} - {first.id}
            assert taken in (told.value.hint or "")
            assert "made-up" not in told.value.message
        else:
            gone_on(made, URL, OF_THE_USER, ledger)
            assert len(jobs_of(made)) == 2


def test_a_known_job_that_is_gone_is_made_again() -> None:
    with emulated("azure") as service, client("azure", service) as made:
        ledger = killed(made, URL, options(), at=2, written=True)
        (gone,) = jobs_of(made)
        made.delete_job(gone)
        job = gone_on(made, URL, options(), ledger)
        assert jobs_of(made) == [job.id] != [gone]


def test_a_file_is_transcribed_again_since_nothing_is_kept(tmp_path: Path) -> None:
    wav = tmp_path / "a.wav"
    wav.write_bytes(silent_wav(1.0))
    cut_off = InterruptedSubmission("upload", datetime.now(UTC), Identifiers())
    with emulated("azure") as service, client("azure", service) as made:
        again = replace(options(), interrupted=cut_off)
        last = list(made.submit(source_of(wav), again))[-1]
    assert isinstance(last, Transcribed)
