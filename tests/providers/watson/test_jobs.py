"""Asynchronous jobs through the job commands, and their callbacks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stt_cli.core.errors import ProviderError
from stt_cli.core.secret import Secret
from stt_cli.core.webhook import WebhookCall
from stt_cli.protocols.watson.callbacks import (
    SIGNATURE_HEADER,
    is_signed,
    read_call,
    signature,
)
from stt_cli.protocols.watson.jobs import read_job
from tests.emulating import emulated
from tests.loopback import Answer, Received, serving
from tests.providers.watson.conftest import Shell

SAID = ("good day | how are you",)


@pytest.mark.conformance("WA-16")
def test_a_job_is_made_watched_fetched_listed_and_deleted(
    shell: Shell, wav: Path
) -> None:
    with emulated("watson", transcripts=SAID) as emulator:
        submitted = shell(
            emulator, "batch", "submit", wav, "--param=timestamps=true",
            "--param=speaker_labels=true",
        )  # fmt: skip
        (job_id,) = submitted.lines
        assert f"job id: {job_id}\n" in submitted.stderr
        assert "transaction id: " in submitted.stderr
        polled = shell(emulator, "poll", job_id)
        status = shell.json(emulator, "status", job_id)
        listed = shell.json(emulator, "batch", "list")
        shell(emulator, "batch", "delete", job_id)
        gone = shell(emulator, "status", job_id)
        (taken,) = emulator.all("job")
    assert (polled.status, polled.lines) == (
        0,
        ["Speaker 0: good day", "Speaker 1: how are you"],
    )
    assert (status["state"], status["provider_state"]) == ("succeeded", "completed")
    assert status["ids"]["job_id"] == job_id
    assert [job["id"] for job in listed] == [job_id]
    assert taken["values"]["model"] == "en-US"
    assert gone.status == 5
    assert f"job id: {job_id}\n" in gone.stderr


@pytest.mark.conformance("WA-16")
def test_a_failed_job_is_exit_6_with_the_services_words(
    shell: Shell, wav: Path
) -> None:
    with emulated("watson", "fail-job", transcripts=SAID) as emulator:
        (job_id,) = shell(emulator, "batch", "submit", wav).lines
        done = shell(emulator, "poll", job_id)
    assert done.status == 6
    assert "the recognition failed" in done.stderr
    assert f"job id: {job_id}\n" in done.stderr


@pytest.mark.conformance("WA-16")
def test_a_callback_is_challenged_and_its_notifications_are_signed(
    shell: Shell, wav: Path
) -> None:
    secret = Secret("This/Is+My Secret")
    with serving() as receiver, emulated("watson", transcripts=SAID) as emulator:

        def play(request: Received) -> Answer:
            call = WebhookCall(
                request.method, request.target, tuple(request.headers), request.body
            )
            reply = read_call(call, secret)
            kind = ("Content-Type", reply.content_type)
            return Answer(reply.status, reply.body, (kind,))

        receiver.play = play
        shell.variables = {"WATSON_CALLBACK_SECRET": secret.reveal()}
        registered = shell.json(emulator, "webhooks", "create", receiver.url)
        assert (registered[0]["id"], registered[0]["state"]) == (
            receiver.url,
            "created",
        )
        again = shell.json(emulator, "webhooks", "create", receiver.url)
        assert again[0]["state"] == "already created"
        unknown = shell(
            emulator, "batch", "submit", wav, "--webhook-url", "http://127.0.0.1:9/x"
        )
        (job_id,) = shell(
            emulator, "batch", "submit", wav, "--webhook-url", receiver.url
        ).lines
        shell(emulator, "poll", job_id)
        removed = shell(emulator, "webhooks", "delete", receiver.url)
        late = shell(
            emulator, "batch", "submit", wav, "--webhook-url", receiver.url, "--force"
        )
        events = [json.loads(r.body) for r in receiver.received if r.method == "POST"]
    assert removed.status == 0
    assert unknown.status == late.status == 2
    assert "not registered" in unknown.stderr
    assert receiver.received[0].method == "GET"
    assert {event["id"] for event in events} == {job_id}
    assert events[-1]["event"] == "recognitions.completed"
    for request in receiver.received[1:]:
        assert is_signed(secret, request.body, request.header(SIGNATURE_HEADER))


@pytest.mark.parametrize(
    ("algorithm", "expected"),
    [
        ("sha1", "dcPyZ0kMudpTxD9q2w9rb9qu6wA="),
        ("sha256", "FyUDXJrry57fCRAWEZF7aYDblcW+Z7SPSVZ7bx9u72M="),
    ],
)
@pytest.mark.conformance("WA-16")
def test_signatures_are_those_of_both_documents(algorithm: str, expected: str) -> None:
    secret, challenge = Secret("ThisIsMySecret"), b"n9ArPGMQ36Hiu7QC"
    assert signature(secret, challenge, algorithm) == expected
    assert is_signed(secret, challenge, expected)
    assert not is_signed(secret, challenge + b"x", expected)
    assert not is_signed(secret, challenge, None)


def test_a_secret_in_an_address_is_never_shown(shell: Shell) -> None:
    shell.variables = {"WATSON_CALLBACK_SECRET": "This/Is+My Secret"}
    with serving() as receiver, emulated("watson") as emulator:
        receiver.play = lambda _request: Answer(200, b"no echo")
        done = shell(emulator, "webhooks", "create", receiver.url, "-vv")
        events = shell(emulator, "webhooks", "create", receiver.url, "--event", "x")
    assert done.status == 2
    assert "user_secret=" in done.stderr
    for shown in ("This/Is", "This%2FIs"):
        assert shown not in done.stderr
    assert events.status == 2
    assert "--param events" in events.stderr


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b'{"id": ""}'])
def test_a_call_that_tells_of_no_job_is_refused(body: bytes) -> None:
    assert read_call(WebhookCall("POST", "/", (), body), None).refused


def test_a_forged_signature_is_refused_and_names_no_job() -> None:
    heads = ((SIGNATURE_HEADER, "Zm9yZ2Vk"),)
    call = WebhookCall("POST", "/", heads, b'{"id": "j", "event": "e"}')
    reply = read_call(call, Secret("secret"))
    assert (reply.status, reply.job_ids) == (401, ())


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("waiting", "queued"),
        ("processing", "running"),
        ("completed", "succeeded"),
        ("failed", "failed"),
        ("something new", "unknown"),
    ],
)
def test_every_status_has_a_state(status: str, state: str) -> None:
    assert str(read_job({"id": "j", "status": status}).state) == state


@pytest.mark.parametrize("fields", [{}, {"id": "j"}, {"id": "j", "status": []}])
def test_a_job_without_a_status_is_an_error(fields: dict[str, object]) -> None:
    with pytest.raises(ProviderError, match="without a status"):
        read_job(fields)


def test_many_jobs_are_watched_by_their_list(shell: Shell, wav: Path) -> None:
    with emulated("watson", transcripts=SAID, delay=0.2) as emulator:
        ids = shell(emulator, "batch", "submit", wav, wav, wav, "--force").lines
        done = shell(emulator, "poll", *ids, "--no-results")
        # Only the last that is left is asked after by itself, as often as it takes.
        assert len({look["id"] for look in emulator.all("checked")}) <= 1
        assert emulator.all("listed")
    assert done.status == 0
