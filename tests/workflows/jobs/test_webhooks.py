"""The receiver over real sockets: who is believed, who is not, who is dropped."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from time import monotonic
from urllib.parse import urlsplit

import pytest

from stt_cli.core.errors import ConfigurationError, UsageError
from stt_cli.core.webhook import WebhookCall, WebhookReply
from stt_cli.workflows.jobs.webhooks import WebhookReceiver, receiving


def reader(call: WebhookCall) -> WebhookReply:
    if call.target.startswith("/challenge"):
        return WebhookReply(body=b"token")
    if call.header("x-good") is None:
        return WebhookReply(401, refused="no signature")
    return WebhookReply(job_ids=(call.body.decode(),), key=call.header("X-Key"))


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with receiving(reader, "127.0.0.1:0", wants={"job-1"}.__contains__) as running:
        yield running


def call(
    receiver: WebhookReceiver, target: str = "/", body: str = "", **headers: str
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(urlsplit(receiver.url).netloc, timeout=60)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("POST", target, body, named)
    answer = connection.getresponse()
    told = answer.status, answer.read()
    connection.close()
    return told


def is_woken(receiver: WebhookReceiver) -> bool:
    """Whether a rest ends before its time, however slow the machine is."""
    started = monotonic()
    receiver.wait(60)
    return monotonic() - started < 50


def rests(receiver: WebhookReceiver) -> bool:
    started = monotonic()
    receiver.wait(0.1)
    return monotonic() - started >= 0.1


def test_a_challenge_is_answered_and_wakes_nobody(receiver: WebhookReceiver) -> None:
    assert call(receiver, "/challenge?x=1") == (200, b"token")
    assert rests(receiver)


def test_a_notification_of_our_job_wakes(receiver: WebhookReceiver) -> None:
    assert call(receiver, body="job-1", x_good="1")[0] == 200
    assert is_woken(receiver)
    assert rests(receiver)


def test_notifications_that_come_together_wake_once(receiver: WebhookReceiver) -> None:
    for key in "abc":
        call(receiver, body="job-1", x_good="1", x_key=key)
    assert receiver.wait(60) == ("job-1",)
    assert receiver.wait(0.1) == ()


def test_another_job_or_a_forged_call_wakes_nobody(receiver: WebhookReceiver) -> None:
    assert call(receiver, body="job-2", x_good="1")[0] == 200
    assert call(receiver, body="job-1")[0] == 401
    assert rests(receiver)


def test_a_call_delivered_twice_wakes_once(receiver: WebhookReceiver) -> None:
    call(receiver, body="job-1", x_good="1", x_key="a")
    assert is_woken(receiver)
    call(receiver, body="job-1", x_good="1", x_key="a")
    assert rests(receiver)


@pytest.mark.parametrize("length", ["99999999999", "-1", "many"])
def test_a_body_without_a_sensible_length_is_refused(
    receiver: WebhookReceiver, length: str
) -> None:
    parts = urlsplit(receiver.url)
    with socket.create_connection((parts.hostname, parts.port), 5) as caller:
        caller.sendall(f"POST / HTTP/1.0\r\nContent-Length: {length}\r\n\r\n".encode())
        assert b" 413 " in caller.recv(1000)


def test_garbage_does_not_stop_the_receiver(receiver: WebhookReceiver) -> None:
    parts = urlsplit(receiver.url)
    with socket.create_connection((parts.hostname, parts.port), 5) as caller:
        caller.sendall(b"\x00\xff\x16\x03 nonsense\r\n\r\n")
    assert call(receiver, body="job-1", x_good="1")[0] == 200


def test_a_taken_port_is_a_configuration_error(receiver: WebhookReceiver) -> None:
    address = urlsplit(receiver.url).netloc
    match = "cannot listen"
    with pytest.raises(ConfigurationError, match=match), receiving(reader, address):
        pass


@pytest.mark.parametrize("address", ["", "localhost", "host:", "host:x", "h:70000"])
def test_a_wrong_address_is_a_usage_error(address: str) -> None:
    with pytest.raises(UsageError), receiving(reader, address):
        pass
