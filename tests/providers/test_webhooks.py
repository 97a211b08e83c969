"""Notifications of Soniox and Scriptix really posted, forged ones refused."""

from __future__ import annotations

import json
import socket
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from stt_cli.core.secret import Secret
from stt_cli.core.webhook import WebhookCall
from stt_cli.protocols.scriptix.webhooks import signature
from stt_cli.providers.base import ProviderContext
from stt_cli.providers.registry import provider_spec
from tests.conftest import Outcome
from tests.emulating import KEY, Emulated, emulated
from tests.fake_time import fake_environment
from tests.providers.conftest import Shell

SECRET = "hush-hush-42"
BOTH = pytest.mark.parametrize("name", ["soniox", "scriptix"])
SECRETS = {
    "SONIOX_API_KEY": KEY,
    "SONIOX_API_WEBHOOK_SECRET": SECRET,
    "SCRIPTIX_TOKEN": KEY,
    "SCRIPTIX_WEBHOOK_SECRET": SECRET,
}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def submit(shell: Shell, service: Emulated, name: str, wav: Path, port: int) -> str:
    shell.variables.update(SECRETS)
    hook = f"http://127.0.0.1:{port}/"
    done = shell(service, "batch", "submit", wav, "-p", name, "--webhook-url", hook)
    assert done.status == 0, done.stderr
    return done.lines[0]


def poll(shell: Shell, job_id: str, port: int, *more: str) -> Outcome:
    where = f"127.0.0.1:{port}"
    return shell.run("poll", job_id, "--webhook", where, *more, env=SECRETS)


@pytest.mark.conformance("SX-10")
@BOTH
def test_a_notification_ends_the_waiting(shell: Shell, wav: Path, name: str) -> None:
    with emulated(name, delay=3.0) as service:
        port = free_port()
        job_id = submit(shell, service, name, wav, port)
        started = time.monotonic()
        done = poll(shell, job_id, port, "--interval", "60")
        assert (done.status, done.text) == (0, "Hello world.\n"), done.stderr
        assert time.monotonic() - started < 30
    assert "listening for notifications" in done.stderr


@pytest.mark.conformance("SX-10")
@BOTH
def test_without_a_notification_it_polls(shell: Shell, wav: Path, name: str) -> None:
    with emulated(name, delay=0.5) as service:
        job_id = submit(shell, service, name, wav, 9)  # nobody listens there
        done = poll(shell, job_id, free_port(), "--interval", "0.2")
    assert (done.status, done.text) == (0, "Hello world.\n")


@BOTH
def test_a_forged_notification_is_refused_and_changes_nothing(
    shell: Shell, wav: Path, name: str
) -> None:
    with emulated(name, delay=4.0) as service:
        port = free_port()
        job_id = submit(shell, service, name, wav, port)
        bodies: dict[str, Any] = {
            "soniox": {"id": job_id, "status": "completed"},
            "scriptix": {"event": "transcription.completed", "data": {"id": job_id}},
        }
        forged = {
            "X-Soniox-Webhook-Secret": "wrong",
            "X-Scriptix-Signature": "sha256=" + "0" * 64,
        }
        statuses: list[int] = []

        def forge() -> None:
            for _ in range(1_200):
                try:
                    body = json.dumps(bodies[name]).encode()
                    url = f"http://127.0.0.1:{port}/"
                    answer = httpx.post(url, content=body, headers=forged)
                    statuses.append(answer.status_code)
                    return
                except httpx.HTTPError:
                    time.sleep(0.05)

        forger = threading.Thread(target=forge)
        forger.start()
        done = poll(shell, job_id, port, "--interval", "60")
        forger.join()
        looks = [
            line for line in service.log if line.startswith("GET") and job_id in line
        ]
    assert statuses == [401]
    assert done.status == 0
    # One look at the start, one after the real notification, and the result's.
    assert len([line for line in looks if line.split()[1].endswith(job_id)]) == 2


def read(name: str, call: WebhookCall, **settings: Secret) -> Any:
    context = ProviderContext(fake_environment(), secrets=settings)
    return provider_spec(name).open(context).webhook_reader()(call)


def call(body: bytes, *headers: tuple[str, str], method: str = "POST") -> WebhookCall:
    return WebhookCall(method, "/", headers, body)


def test_soniox_without_a_secret_is_a_hint_and_with_one_must_prove_itself() -> None:
    body = b'{"id": "t-1", "status": "completed"}'
    secret = Secret(SECRET)
    assert read("soniox", call(body)).job_ids == ("t-1",)
    assert read("soniox", call(body), webhook_secret=secret).status == 401
    good = call(body, ("X-Soniox-Webhook-Secret", SECRET))
    assert read("soniox", good, webhook_secret=secret).job_ids == ("t-1",)
    assert read("soniox", call(b"?")).status == 400
    assert read("soniox", call(body, method="GET")).status == 400


def test_scriptix_signatures_are_verified_where_they_come() -> None:
    body = b'{"sessionId": "s-1", "zoom_id": "s-1"}'
    secret = Secret(SECRET)
    assert read("scriptix", call(body)).job_ids == ("s-1",)
    assert read("scriptix", call(body), webhook_secret=secret).status == 401
    header = call(body, ("X-Stt-Webhook-Secret", SECRET))
    assert read("scriptix", header, webhook_secret=secret).job_ids == ("s-1",)
    signed = ("X-Scriptix-Signature", signature(body, secret))
    assert read("scriptix", call(body, signed), webhook_secret=secret).job_ids
    forged = call(body + b" ", signed)
    assert read("scriptix", forged, webhook_secret=secret).status == 401
    assert read("scriptix", call(body, signed)).status == 401
