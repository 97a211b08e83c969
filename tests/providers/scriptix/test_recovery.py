"""Going on with submissions to Scriptix that were cut off, against the emulator."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from stt_cli.core.errors import UncertainError
from stt_cli.core.job import Job
from stt_cli.core.options import JobQuery
from stt_cli.providers.base import Provider
from tests.emulating import KEY, emulated
from tests.providers.interrupting import Ledger, client, gone_on, killed, options

URL = "https://recordings.example/calls/monday%201.wav?sig=a/b"

# How many moments each way in has: a step that is sent, or an ID that is learned.
MOMENTS = {"blob": 4, "legacy": 4, "tus": 5, "multipart": 3}


def with_audio(made: Provider) -> list[Job]:
    """Return the sessions that a recording was handed to; these are paid for."""
    jobs = made.jobs(JobQuery(follow_pages=True))
    return [job for job in jobs if job.provider_state != "new"]


def every_moment(*routes: str) -> list[tuple[str, int, bool]]:
    return [
        (route, at, written)
        for route in routes
        for at in range(1, MOMENTS[route] + 1)
        for written in (True, False)
    ]


@pytest.mark.parametrize(("route", "at", "written"), every_moment(*MOMENTS))
def test_a_process_killed_at_any_moment_leaves_one_session_with_audio(
    wav: Path, route: str, at: int, written: bool
) -> None:
    wanted = options(upload=route)
    with emulated("scriptix") as service, client("scriptix", service) as made:
        ledger = killed(made, wav, wanted, at=at, written=written)
        if ledger.jobs:
            return  # the job is known: nothing is left to do
        if route == "multipart" and (at, written) == (2, False):
            # The form was taken, and its answer, the session's ID, is lost.
            with pytest.raises(UncertainError) as told:
                gone_on(made, wav, wanted, ledger)
            (taken,) = with_audio(made)
            assert taken.id in (told.value.hint or "")
            assert "meeting.wav" in told.value.message
            return
        job = gone_on(made, wav, wanted, ledger)
        assert [one.id for one in with_audio(made)] == [job.id]


@pytest.mark.parametrize("route", ["blob", "legacy"])
@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_an_address_is_handed_in_once(route: str, at: int) -> None:
    wanted = options(upload=route)
    with emulated("scriptix") as service, client("scriptix", service) as made:
        if route == "blob" and at == 4:
            return  # it has one request, and three moments
        ledger = killed(made, URL, wanted, at=at, written=False)
        if (route, at) == ("blob", 2):
            with pytest.raises(UncertainError):
                gone_on(made, URL, wanted, ledger)
            return
        job = gone_on(made, URL, wanted, ledger)
        assert [one.id for one in with_audio(made)] == [job.id]


def test_a_form_that_was_never_taken_is_sent_again_whatever_else_is_there(
    wav: Path,
) -> None:
    wanted = options(upload="multipart")
    other = wav.with_name("other.wav")
    other.write_bytes(wav.read_bytes())
    with emulated("scriptix") as service, client("scriptix", service) as made:
        jobs: set[str] = set()
        first = gone_on(made, wav, wanted, Ledger(jobs=jobs))  # known by its ID
        gone_on(made, other, wanted, Ledger())  # another's, by its name
        ledger = killed(made, wav, wanted, at=1, written=True, ledger=Ledger(jobs=jobs))
        second = gone_on(made, wav, wanted, ledger)
        assert second.id != first.id
        assert len(with_audio(made)) == 3


def test_a_session_that_was_deleted_meanwhile_is_made_again(wav: Path) -> None:
    wanted = options(upload="multipart")
    with emulated("scriptix") as service, client("scriptix", service) as made:
        ledger = killed(made, wav, wanted, at=2, written=True)
        (gone,) = with_audio(made)
        made.delete_job(gone.id)
        job = gone_on(made, wav, wanted, ledger)
        assert [one.id for one in with_audio(made)] == [job.id]


def test_a_resumable_upload_goes_on_from_the_last_byte_that_arrived(
    wav: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stt_cli.providers.scriptix.resumable.TUS_CHUNK", 20_000)
    wanted = options(upload="tus")
    with emulated("scriptix") as service, client("scriptix", service) as made:
        ledger = killed(made, wav, wanted, at=3, written=True)
        url = f"{service.url}/api/v3/files/{ledger.ids.get('file_id')}"
        with httpx.Client(trust_env=False) as library:
            answer = library.patch(
                url,
                content=wav.read_bytes()[:30_000],
                headers={
                    "Authorization": f"Bearer {KEY}",
                    "Tus-Resumable": "1.0.0",
                    "Upload-Offset": "0",
                    "Content-Type": "application/offset+octet-stream",
                },
            )
        assert answer.status_code == 204
        service.log.clear()
        job = gone_on(made, wav, wanted, ledger)
        sent = [line.split()[0] for line in service.log]
        assert sent == ["HEAD", "PATCH", "PATCH", "GET"]
        assert [one.id for one in with_audio(made)] == [job.id]
        (whole,) = service.all("upload")
        assert whole["size"] == 64_044


def test_a_resumable_upload_that_expired_is_begun_anew(wav: Path) -> None:
    wanted = options(upload="tus")
    with emulated("scriptix") as service, client("scriptix", service) as made:
        ledger = killed(made, wav, wanted, at=3, written=True)
    with emulated("scriptix") as service, client("scriptix", service) as made:
        job = gone_on(made, wav, wanted, ledger)
        assert [one.id for one in with_audio(made)] == [job.id]


@pytest.mark.parametrize("lost", [1, 2])
def test_a_part_whose_answer_is_lost_is_not_sent_twice(
    wav: Path, monkeypatch: pytest.MonkeyPatch, lost: int
) -> None:
    monkeypatch.setattr("stt_cli.providers.scriptix.resumable.TUS_CHUNK", 30_000)
    wanted = options(upload="tus")
    with emulated("scriptix") as service, client("scriptix", service) as made:
        service.faults.add(f"lose-answer:{lost}")
        job = gone_on(made, wav, wanted, Ledger())
        assert [one.id for one in with_audio(made)] == [job.id]
        (whole,) = service.all("upload")
        assert whole["size"] == 64_044
