"""Going on with submissions to Watson that were cut off, against the emulator."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stt_cli.core.errors import UncertainError
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.options import JobOptions, JobQuery
from stt_cli.core.timestamps import iso_utc
from stt_cli.providers.base import Provider
from tests.emulating import Emulated, emulated
from tests.loopback import Answer, LoopbackServer, Received, serving
from tests.providers.interrupting import Ledger, client, gone_on, killed, options


def jobs_of(made: Provider) -> list[str]:
    return [job.id for job in made.jobs(JobQuery())]


@pytest.mark.parametrize(("at", "written"), [(1, False), (1, True), (2, True)])
def test_what_was_not_taken_is_submitted_and_what_is_known_is_found(
    wav: Path, at: int, written: bool
) -> None:
    with emulated("watson", key=None) as service, client("watson", service) as made:
        ledger = killed(made, wav, options(), at=at, written=written)
        job = gone_on(made, wav, options(), ledger)
        assert jobs_of(made) == [job.id]


def test_a_lost_answer_names_the_jobs_that_may_be_it(wav: Path) -> None:
    with emulated("watson", key=None) as service, client("watson", service) as made:
        ledger = Ledger()
        known = gone_on(made, wav, options(), ledger)  # another recording's
        ledger = killed(
            made, wav, options(), at=2, written=False, ledger=Ledger(jobs=ledger.jobs)
        )
        (taken,) = {*jobs_of(made)} - {known.id}
        with pytest.raises(UncertainError) as told:
            gone_on(made, wav, options(), ledger)
        assert taken in (told.value.hint or "")
        assert known.id not in (told.value.hint or "")
        assert "call.wav" in told.value.message
        assert told.value.ids.get("client_reference_id")
        assert len(jobs_of(made)) == 2


def test_an_older_job_is_nobodys(wav: Path) -> None:
    with emulated("watson", key=None) as service, client("watson", service) as made:
        gone_on(made, wav, options(), Ledger())
        later = Ledger(since=datetime.now(UTC) + timedelta(minutes=10))
        ledger = killed(made, wav, options(), at=1, written=True, ledger=later)
        gone_on(made, wav, options(), ledger)
        assert len(jobs_of(made)) == 2


def test_a_deleted_job_is_submitted_again(wav: Path) -> None:
    with emulated("watson", key=None) as service, client("watson", service) as made:
        ledger = killed(made, wav, options(), at=2, written=True)
        (gone,) = jobs_of(made)
        while not made.job(gone).state.is_final:
            time.sleep(0.01)
        made.delete_job(gone)
        job = gone_on(made, wav, options(), ledger)
        assert jobs_of(made) == [job.id]


def echo(receiver: LoopbackServer) -> None:
    """Let a receiver of notifications answer the challenge."""

    def play(request: Received) -> Answer:
        text = request.target.partition("challenge_string=")[2].encode()
        return Answer(body=text, headers=(("Content-Type", "text/plain"),))

    receiver.play = play


def hooked(url: str, name: str | None = None) -> JobOptions:
    return replace(options(), webhook_url=url, name=name)


def test_a_lost_answer_is_found_by_the_token_of_its_notifications(wav: Path) -> None:
    with (
        emulated("watson", key=None) as service,
        client("watson", service) as made,
        serving() as receiver,
    ):
        echo(receiver)
        made.create_webhook(receiver.url, (), None)
        wanted = hooked(receiver.url)
        gone_on(made, wav, options(), Ledger())  # without notifications
        ledger = killed(made, wav, wanted, at=2, written=False)
        job = gone_on(made, wav, wanted, ledger)
        (listed,) = (
            one for one in made.jobs(JobQuery()) if one.details.get("user_token")
        )
        assert listed.id == job.id
        assert len(jobs_of(made)) == 2


def test_a_name_of_the_users_may_stand_for_many_jobs(wav: Path) -> None:
    with (
        emulated("watson", key=None) as service,
        client("watson", service) as made,
        serving() as receiver,
    ):
        echo(receiver)
        made.create_webhook(receiver.url, (), None)
        wanted = hooked(receiver.url, "order 7")
        ledger = killed(made, wav, wanted, at=2, written=False)
        with pytest.raises(UncertainError):
            gone_on(made, wav, wanted, ledger)


def test_a_list_that_does_not_reach_back_leaves_it_open(wav: Path) -> None:
    moment = iso_utc(datetime.now(UTC))
    entry = '{"id": "j%d", "status": "waiting", "created": "%s"}'
    many = ", ".join(entry % (number, moment) for number in range(100))
    with serving() as scripted:
        scripted.answers(
            Answer(
                body=f'{{"recognitions": [{many}]}}'.encode(),
                headers=(("Content-Type", "application/json"),),
            )
        )
        service = Emulated(scripted.url, None, None, [])  # type: ignore[arg-type]
        known = {f"j{number}" for number in range(100)}
        ledger = Ledger("create", Identifiers.of(client_reference_id="r"), known)
        with (
            client("watson", service) as made,
            pytest.raises(UncertainError, match="cannot tell whether") as told,
        ):
            gone_on(made, wav, options(), ledger)
        assert "latest 100 jobs" in (told.value.hint or "")
        assert [one.method for one in scripted.received] == ["GET"]
