"""Soniox's regions, and how the key travels."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import Runner
from tests.emulating import KEY, emulated
from tests.fake_time import FakeTime
from tests.providers.conftest import Shell
from tests.websocket_client import connect


@contextmanager
def proxy() -> Iterator[tuple[str, list[str]]]:
    """Run a proxy that lets nobody through; yields its URL and who was asked for."""
    asked: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    head = connection.recv(4096).decode()
                    asked.append(head.split()[1].removesuffix(":443"))
                    connection.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", asked
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


@pytest.mark.conformance("SN-09")
@pytest.mark.parametrize(
    ("region", "domain"),
    [
        ("", "soniox.com"),
        ("us", "soniox.com"),
        ("EU", "eu.soniox.com"),
        ("jp", "jp.soniox.com"),
        ("in", "in.soniox.com"),
    ],
)
def test_each_region_has_hosts_of_its_own(
    stt: Runner, wav: Path, region: str, domain: str
) -> None:
    with proxy() as (url, asked):
        env = {
            "HTTPS_PROXY": url,
            "SONIOX_API_KEY": KEY,
            "SONIOX_REGION": region,
            "STT_PROVIDER": "soniox",
        }
        clock = FakeTime()
        given = {"env": env, "sleep": clock.sleep, "monotonic": clock.monotonic}
        stt("batch", "list", **given)
        stt("recognize", wav, **given)
        stt("tts", "hello", "-o", wav.with_name("out.wav"), **given)
    assert set(asked) == {f"{kind}.{domain}" for kind in ("api", "stt-rt", "tts-rt")}


@pytest.mark.conformance("SN-09")
def test_a_newer_region_is_tried_with_a_warning(stt: Runner) -> None:
    with proxy() as (url, asked):
        env = {"HTTPS_PROXY": url, "SONIOX_API_KEY": KEY, "SONIOX_REGION": "br"}
        clock = FakeTime()
        given = {"sleep": clock.sleep, "monotonic": clock.monotonic}
        tried = stt("batch", "list", "-p", "soniox", env=env, **given)
        assert set(asked) == {"api.br.soniox.com"}
        assert "unknown Soniox region 'br'" in tried.stderr
        assert "us, eu, jp, in" in tried.stderr
        asked.clear()
        refused = stt(
            "batch", "list", "-p", "soniox", env={**env, "SONIOX_REGION": "europe"}
        )
        assert (refused.status, asked) == (2, [])
        assert "unknown Soniox region 'europe'" in refused.stderr


@pytest.mark.conformance("SN-09")
def test_the_key_travels_in_the_header_alone(shell: Shell, wav: Path) -> None:
    with emulated("soniox", strict=True) as service:
        done = shell(service, "recognize", wav, "-p", "soniox")
        assert (done.status, done.text) == (0, "Hello world.\n")
        (config,) = service.all("config")
    assert "api_key" not in json.loads(config["text"])


@pytest.mark.conformance("SN-09")
def test_the_emulator_refuses_a_key_in_the_message_when_it_is_strict() -> None:
    config = {"api_key": KEY, "model": "stt-rt-v6", "audio_format": "auto"}
    for strict, code in ((True, 401), (False, None)):
        with emulated("soniox", strict=strict) as service:
            url = service.url.replace("http", "ws") + "/transcribe-websocket"
            connection = connect(url, {})
            connection.send_text(json.dumps(config))
            connection.send_binary(bytes(3200))
            connection.send_text("")
            answer = json.loads(connection.receive(timeout=10))
            connection.close()
        assert answer.get("error_code") == code


@pytest.mark.conformance("SN-09")
def test_version_5_takes_over_where_the_service_lacks_version_6(
    shell: Shell, wav: Path
) -> None:
    with emulated("soniox", "older-models") as service:
        live = shell(service, "recognize", wav, "-p", "soniox", "--json")
        job = shell(service, "batch", "submit", wav, "-p", "soniox")
        (created,) = service.all("create")
        for how in (("--model", "stt-rt-v6"), ("--param", "model=stt-rt-v6")):
            named = shell(service, "recognize", wav, "-p", "soniox", *how)
            assert named.status == 5
    assert (live.status, job.status) == (0, 0)
    assert json.loads(live.text)["details"]["model"] == "stt-rt-v5"
    assert created["fields"]["model"] == "stt-async-v5"
    assert "trying stt-rt-v5" in live.stderr
    assert "trying stt-async-v5" in job.stderr


@pytest.mark.conformance("SN-09")
def test_version_6_is_the_default_and_version_5_stays(shell: Shell, wav: Path) -> None:
    with emulated("soniox") as service:
        submit = ("batch", "submit", wav, "-p", "soniox")
        shell(service, *submit)
        shell(service, *submit, "--model", "stt-async-v5", "--force")
        shell(service, "recognize", wav, "-p", "soniox")
        created = [entry["fields"]["model"] for entry in service.all("create")]
        (config,) = service.all("config")
        offered = shell.json(service, "models", "-p", "soniox")
    assert created == ["stt-async-v6", "stt-async-v5"]
    assert json.loads(config["text"])["model"] == "stt-rt-v6"
    newest = {"stt-rt-v6", "stt-async-v6", "stt-rt-v5", "stt-async-v5"}
    assert newest <= {model["id"] for model in offered}
