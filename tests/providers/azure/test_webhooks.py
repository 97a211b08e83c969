"""Web hooks: registered, challenged, signed, and never believed over a look."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import UsageError
from stt_cli.core.secret import Secret
from stt_cli.core.webhook import WebhookCall
from stt_cli.protocols.azure_rest.webhook import AzureWebhookReader, create_body, sign
from stt_cli.workflows.jobs.webhooks import WebhookReceiver, receiving
from tests.conftest import Runner
from tests.providers.azure.job_kit import URL, client, submitted

SECRET = Secret("hook-secret")
ID = "537216f8-0620-4a10-ae2d-00bdb423b36f"
OWN = f"https://h.example/speechtotext/transcriptions/{ID}?api-version=2024-11-15"
BODY = json.dumps({"self": OWN, "invocationId": "i-1"}).encode()


def call(
    body: bytes = BODY, signature: str | None = "", target: str = "/hook", **more: str
) -> WebhookCall:
    """Return a call; by default with the right signature of its body."""
    event = more.get("event", "TranscriptionCompletion")
    headers = [("X-MicrosoftSpeechServices-Event", event)]
    if signature is not None:
        value = signature or sign(SECRET, body)
        headers.append(("X-MicrosoftSpeechServices-Signature", value))
    return WebhookCall("POST", target, tuple(headers), body)


def test_the_signature_is_hmac_sha256_in_base64() -> None:
    digest = hmac.new(b"hook-secret", BODY, hashlib.sha256).digest()
    assert sign(SECRET, BODY) == base64.b64encode(digest).decode()


@pytest.mark.conformance("AZ-09")
def test_the_challenge_is_answered_with_its_token() -> None:
    token = "abc+d"
    signature = sign(SECRET, token.encode())
    challenge = call(b"", signature, "/hook?validationToken=abc%2Bd", event="Challenge")
    reply = AzureWebhookReader(SECRET)(challenge)
    assert (reply.status, reply.body, reply.job_ids) == (200, b"abc+d", ())


@pytest.mark.conformance("AZ-09")
def test_a_signed_notification_tells_of_its_job() -> None:
    reply = AzureWebhookReader(SECRET)(call())
    assert (reply.status, reply.job_ids, reply.key) == (200, (ID,), "i-1")


@pytest.mark.conformance("AZ-09")
@pytest.mark.parametrize("signature", [None, "wrong", "ä", sign(Secret("other"), BODY)])
def test_an_unsigned_or_forged_call_is_refused(signature: str | None) -> None:
    reply = AzureWebhookReader(SECRET)(call(signature=signature))
    assert reply.status == 401
    assert reply.refused
    assert reply.job_ids == ()


@pytest.mark.conformance("AZ-09")
def test_a_challenge_with_a_wrong_signature_is_not_answered() -> None:
    challenge = call(b"", "wrong", "/hook?validationToken=t", event="Challenge")
    assert AzureWebhookReader(SECRET)(challenge).body == b""


def test_without_a_secret_a_call_is_only_a_reason_to_look() -> None:
    assert AzureWebhookReader(None)(call(signature=None)).job_ids == (ID,)


def test_a_ping_tells_of_no_job() -> None:
    assert AzureWebhookReader(SECRET)(call(event="Ping")).job_ids == ()


@given(st.binary(max_size=200), st.text(max_size=30), st.text(max_size=30))
def test_nothing_that_arrives_breaks_the_reader(
    body: bytes, target: str, event: str
) -> None:
    for secret in (SECRET, None):
        headers = (("X-MicrosoftSpeechServices-Event", event),)
        call_ = WebhookCall("POST", "/" + target.replace("[", ""), headers, body)
        AzureWebhookReader(secret)(call_)


def test_an_unknown_event_is_refused_before_any_request() -> None:
    with pytest.raises(UsageError, match="unknown event 'done'"):
        create_body("https://w.example", ["done"], None, None)


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with receiving(AzureWebhookReader(SECRET), "127.0.0.1:0") as running:
        yield running


@pytest.mark.conformance("AZ-09")
def test_hooks_are_created_challenged_pinged_tested_and_deleted(
    stt: Runner, receiver: WebhookReceiver
) -> None:
    env = {"AZURE_SPEECH_WEBHOOK_SECRET": SECRET.reveal()}
    with client("Hello.") as (_, service):
        where = ("-p", "azure", "--endpoint", service.base_url)
        created = stt("webhooks", "create", f"{receiver.url}/hook", *where, env=env)
        assert created.status == 0
        (hook_id,) = created.lines
        (challenge,) = service.journal.wait_for("challenge")
        assert challenge["good"]
        (listed,) = json.loads(stt("webhooks", "list", *where, "--json").stdout)
        assert (listed["id"], listed["state"]) == (hook_id, "Succeeded")
        assert "transcriptionCompletion" in listed["events"]
        assert stt("webhooks", "ping", hook_id, *where).status == 0
        (ping,) = service.journal.wait_for("notified")
        assert (ping["event"], ping["status"]) == ("Ping", 200)
        assert stt("webhooks", "test", hook_id, *where).status == 0
        tested = service.journal.wait_for("notified", 3)
        assert {entry["event"] for entry in tested} == {
            "Ping",
            "TranscriptionCompletion",
        }
        assert stt("webhooks", "delete", hook_id, *where).status == 0
        assert stt("webhooks", "list", *where).lines == []
        assert stt("webhooks", "ping", hook_id, *where).status == 5
    assert SECRET.reveal() not in created.stderr + created.text


@pytest.mark.conformance("AZ-09")
def test_the_end_of_a_job_wakes_the_waiting_up(receiver: WebhookReceiver) -> None:
    from time import monotonic

    with client("Hello.", delay=0.5) as (made, service):
        made.context.secrets["webhook_secret"] = SECRET  # type: ignore[index]
        made.create_webhook(receiver.url, (), None)
        service.journal.wait_for("challenge")
        started = monotonic()
        job = submitted(made, URL)
        receiver.wait(60)
        assert monotonic() - started < 50
        assert made.job(job.id).state.is_final


def test_a_receiver_that_does_not_answer_the_challenge_gets_no_news() -> None:
    with client("Hello.") as (made, service):
        made.create_webhook("http://127.0.0.1:9/", (), None)
        (challenge,) = service.journal.wait_for("challenge")
        assert not challenge["good"]
        (hook,) = made.webhooks()
        assert hook.state == "Failed"
        submitted(made, URL)
        assert service.journal.all("notified") == []


def test_bing_has_no_web_hooks(stt: Runner) -> None:
    done = stt("webhooks", "list", "-p", "bing", env={"BING_SPEECH_KEY": "k-01234567"})
    assert done.status == 2
