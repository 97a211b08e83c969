"""Going on with submissions to Soniox that were cut off, against the emulator."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from stt_cli.core.errors import UnreachableError
from stt_cli.core.options import JobQuery
from stt_cli.providers.base import Provider
from stt_cli.providers.spec import Capability
from tests.emulating import KEY, Emulated, emulated
from tests.providers.conftest import Shell
from tests.providers.interrupting import (
    REFERENCE,
    Ledger,
    client,
    gone_on,
    killed,
    options,
)

URL = "https://recordings.example/monday.wav"
SHARED = options(client_reference_id="order-7")
# upload, its answer, create, its answer
FILE_MOMENTS = [(at, written) for at in range(1, 5) for written in (True, False)]


def jobs_of(made: Provider) -> list[str]:
    return [job.id for job in made.jobs(JobQuery(follow_pages=True))]


def files_of(service: Emulated) -> list[dict[str, Any]]:
    headers = {"Authorization": f"Bearer {KEY}"}
    with httpx.Client(trust_env=False) as library:
        answer = library.get(f"{service.url}/v1/files", headers=headers)
    found: list[dict[str, Any]] = answer.json()["files"]
    return found


@pytest.mark.parametrize(("at", "written"), FILE_MOMENTS)
@pytest.mark.parametrize("wanted", [options(), SHARED], ids=["ours", "shared"])
def test_a_process_killed_at_any_moment_leaves_one_upload_and_one_job(
    wav: Path, at: int, written: bool, wanted: Any
) -> None:
    with emulated("soniox") as service, client("soniox", service) as made:
        ledger = killed(made, wav, wanted, at=at, written=written)
        if (at, written) == (4, True):
            return  # the job is known: nothing is left to do
        job = gone_on(made, wav, wanted, ledger)
        assert jobs_of(made) == [job.id]
        assert len(service.all("create")) == 1
        assert ledger.jobs == {job.id}
        if wanted is SHARED and (at, written) == (2, False):
            return  # nothing proves that the first upload is of this recording
        assert len(files_of(service)) == 1
        assert len(service.all("upload")) == 1


@pytest.mark.parametrize(("at", "written"), [(1, True), (2, False)])
@pytest.mark.parametrize("wanted", [options(), SHARED], ids=["ours", "shared"])
def test_an_address_is_handed_in_once(at: int, written: bool, wanted: Any) -> None:
    with emulated("soniox") as service, client("soniox", service) as made:
        ledger = killed(made, URL, wanted, at=at, written=written)
        job = gone_on(made, URL, wanted, ledger)
        assert jobs_of(made) == [job.id]


def test_a_second_death_is_gone_on_with_too(wav: Path) -> None:
    with emulated("soniox") as service, client("soniox", service) as made:
        ledger = killed(made, wav, options(), at=2, written=False)
        again = replace(options(), interrupted=ledger.interrupted)
        killed(made, wav, again, at=3, written=False, ledger=ledger)
        job = gone_on(made, wav, options(), ledger)
        assert jobs_of(made) == [job.id]
        assert len(service.all("upload")) == 1


def test_an_upload_that_is_gone_is_made_again(wav: Path) -> None:
    with emulated("soniox") as service, client("soniox", service) as made:
        ledger = killed(made, wav, options(), at=3, written=True)
        (file,) = files_of(service)
        with httpx.Client(trust_env=False) as library:
            library.delete(
                f"{service.url}/v1/files/{file['id']}",
                headers={"Authorization": f"Bearer {KEY}"},
            )
        job = gone_on(made, wav, options(), ledger)
        (kept,) = files_of(service)
        assert job.ids.get("file_id") == kept["id"] != file["id"]


def test_an_upload_that_stands_twice_is_left_once(wav: Path) -> None:
    with emulated("soniox") as service, client("soniox", service) as made:
        for _ in range(2):
            ledger = killed(made, wav, options(), at=2, written=False)
        assert len(files_of(service)) == 2
        gone_on(made, wav, options(), ledger)
        assert len(files_of(service)) == 1


def test_a_shared_reference_never_takes_another_recordings_job(wav: Path) -> None:
    twin = wav.with_name("twin") / wav.name
    twin.parent.mkdir()
    twin.write_bytes(wav.read_bytes())
    with emulated("soniox") as service, client("soniox", service) as made:
        jobs: set[str] = set()
        first = gone_on(made, wav, SHARED, Ledger(jobs=jobs))
        ledger = killed(
            made, twin, SHARED, at=1, written=True, ledger=Ledger(jobs=jobs)
        )
        second = gone_on(made, twin, SHARED, ledger)
        assert len({first.id, second.id}) == 2
        assert len({first.ids.get("file_id"), second.ids.get("file_id")}) == 2


def test_a_shared_reference_never_takes_an_addresss_earlier_job() -> None:
    with emulated("soniox") as service, client("soniox", service) as made:
        jobs: set[str] = set()
        first = gone_on(made, URL, SHARED, Ledger(jobs=jobs))
        ledger = killed(made, URL, SHARED, at=1, written=True, ledger=Ledger(jobs=jobs))
        second = gone_on(made, URL, SHARED, ledger)
        assert len({first.id, second.id}) == 2


def test_an_upload_of_the_same_name_and_size_is_not_taken_for_this_recording(
    wav: Path,
) -> None:
    other = wav.with_name("twin") / wav.name
    other.parent.mkdir()
    other.write_bytes(wav.read_bytes()[:-1] + b"x")
    with emulated("soniox") as service, client("soniox", service) as made:
        jobs: set[str] = set()
        # Another process has uploaded this one, and not yet asked for more.
        killed(made, other, SHARED, at=2, written=True, ledger=Ledger(jobs=jobs))
        (theirs,) = files_of(service)
        service.faults.add("lose-answer:1")
        job = gone_on(made, wav, SHARED, Ledger(jobs=jobs))
        assert job.ids.get("file_id") != theirs["id"]
        late = Ledger("upload", since=datetime.now(UTC), jobs=jobs)
        again = gone_on(made, wav, SHARED, late)
        assert again.ids.get("file_id") not in (theirs["id"], job.ids.get("file_id"))


def test_a_lost_answer_to_a_shared_reference_is_left_open() -> None:
    with emulated("soniox") as service, client("soniox", service) as made:
        jobs: set[str] = set()
        first = gone_on(made, URL, SHARED, Ledger(jobs=jobs))
        service.faults.add("lose-answer:1")
        ledger = Ledger(jobs=jobs)
        with pytest.raises(UnreachableError):
            gone_on(made, URL, SHARED, ledger)
        second = gone_on(made, URL, SHARED, ledger)
        assert {*jobs_of(made)} == {first.id, second.id}
        assert first.id != second.id


def test_a_service_that_cannot_be_asked_leaves_it_open(wav: Path) -> None:
    with emulated("soniox") as service, client("soniox", service) as made:
        ledger = killed(made, wav, options(), at=4, written=False)
    with client("soniox", service) as made, pytest.raises(UnreachableError):
        gone_on(made, wav, options(), ledger)
    assert ledger.ids.get("client_reference_id") == REFERENCE


def test_what_another_process_began_is_found_by_the_reference_it_chose(
    wav: Path,
) -> None:
    without = replace(options(), client_reference_id=None)
    with emulated("soniox") as service, client("soniox", service) as made:
        ledger = killed(made, wav, without, at=4, written=False)
        job = gone_on(made, wav, without, ledger)
        assert jobs_of(made) == [job.id]
        assert made.spec.can(Capability.RECOVERS)


def test_a_job_that_was_done_before_its_answer_came_is_still_to_be_fetched(
    shell: Shell, wav: Path, tmp_path: Path
) -> None:
    with emulated("soniox", "lose-answer:2") as service:
        submitted = shell.run(
            "batch", "submit", wav, "-p", "soniox", "--endpoint", service.url,
            env={"SONIOX_API_KEY": KEY}, sleep=lambda _s: time.sleep(0.5),
        )  # fmt: skip
        (job_id,) = submitted.lines
        assert shell.json(service, "history")[0]["status"] == "succeeded"
        polled = shell(service, "poll", "--all", "-o", tmp_path / "text.txt")
    assert polled.status == 0, polled.stderr
    assert job_id in polled.stderr
    assert (tmp_path / "text.txt").read_text() == "Hello world.\n"
