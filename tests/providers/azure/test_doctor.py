"""``stt doctor``: a wrong key, region, token, host or clock, told apart."""

from __future__ import annotations

import base64
import json
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.secret import Secret
from stt_cli.providers.azure import doctor
from stt_cli.providers.azure.doctor import seconds_left
from tests.conftest import Outcome, Runner
from tests.loopback import Answer, LoopbackServer, Received, self_made_certificate
from tests.loopback import serving as scripted
from tests.providers.azure.realtime_kit import serving

KEY = "k-0123456789abcdef"


def jwt(seconds: float) -> str:
    """Return a token that ends that many seconds from now."""
    end = (datetime.now(UTC) + timedelta(seconds=seconds)).timestamp()
    claims = base64.urlsafe_b64encode(json.dumps({"exp": end}).encode()).decode()
    return f"eyJhbGciOiJIUzI1NiJ9.{claims.rstrip('=')}.c2lnbmF0dXJl"


def findings(done: Outcome) -> dict[str, dict[str, str]]:
    """Return what was found about the service, by name."""
    return {check["name"]: check for check in json.loads(done.stdout)}


def examined(
    stt: Runner, url: str, provider: str = "azure", **variables: str
) -> tuple[int, dict[str, dict[str, str]]]:
    done = stt("doctor", "-p", provider, "--endpoint", url, "--json", env=variables)
    return done.status, findings(done)


@pytest.fixture(autouse=True)
def only_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the examination of this machine, which takes seconds, to its own tests."""
    name = "stt_cli.workflows.doctor.examine_installation"
    monkeypatch.setattr(name, lambda _environment, _profile: iter(()))


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with scripted() as running:
        yield running


@pytest.mark.conformance("BS-15")
@pytest.mark.parametrize("provider", ["azure", "bing"])
def test_all_is_well(stt: Runner, provider: str) -> None:
    variable = "AZURE_SPEECH_KEY" if provider == "azure" else "BING_SPEECH_KEY"
    with serving("Hello.", key=KEY, bing=provider == "bing") as service:
        _, found = examined(stt, service.base_url, provider, **{variable: KEY})
    host = f"host {service.base_url.partition('//')[2]}"
    assert found[host]["state"] == "ok"
    assert found["clock"]["state"] == "ok"
    assert found["key"]["state"] == "ok"
    if provider == "azure":
        assert found["batch API"]["state"] == "ok"


@pytest.mark.conformance("BS-15")
def test_a_wrong_key_is_the_key(stt: Runner) -> None:
    with serving("Hello.", key=KEY) as service:
        status, found = examined(stt, service.base_url, AZURE_SPEECH_KEY="k-other-one")
    assert status == 4
    assert found["key"]["state"] == "failed"
    assert found["clock"]["state"] == "ok"


@pytest.mark.conformance("BS-15")
def test_a_key_of_another_region_names_the_region(
    stt: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving("x", key="k-not-this-one") as own, serving("x", key=KEY) as other:
        hosts = {"westeurope": own.base_url, "northeurope": other.base_url}

        def base_of(region: str) -> str:
            return hosts.get(region, "http://127.0.0.1:9")

        for module in ("endpoints", "doctor"):
            name = f"stt_cli.providers.azure.{module}.api_base"
            monkeypatch.setattr(name, base_of)
        endpoints = "stt_cli.providers.azure.endpoints.recognition_base"
        monkeypatch.setattr(endpoints, base_of)
        variables = {"AZURE_SPEECH_KEY": KEY, "AZURE_SPEECH_REGION": "westeurope"}
        done = stt("doctor", "-p", "azure", "--json", env=variables)
    region = findings(done)["region"]
    assert done.status == 4
    assert region["state"] == "failed"
    assert "for the region northeurope, not westeurope" in region["message"]
    assert region["hint"] == "set AZURE_SPEECH_REGION=northeurope"
    assert KEY not in done.text + done.stderr


@pytest.mark.conformance("BS-15")
def test_a_key_that_no_region_takes_is_the_key(
    stt: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving("x", key="k-not-this-one") as own:
        for name in (
            "endpoints.api_base",
            "doctor.api_base",
            "endpoints.recognition_base",
        ):
            full = f"stt_cli.providers.azure.{name}"
            monkeypatch.setattr(full, lambda _region: own.base_url)
        monkeypatch.setattr(doctor, "REGIONS", ("northeurope", "eastus"))
        variables = {"AZURE_SPEECH_KEY": KEY, "AZURE_SPEECH_REGION": "westeurope"}
        done = stt("doctor", "-p", "azure", "--json", env=variables)
    assert "no region accepts the key" in findings(done)["key"]["message"]


@pytest.mark.conformance("BS-15")
def test_a_dead_token_is_told_with_its_age(stt: Runner) -> None:
    with serving("Hello.") as service:
        _, found = examined(
            stt, service.base_url, AZURE_SPEECH_TOKEN=jwt(-600), AZURE_SPEECH_REGION="x"
        )
    assert found["token"]["state"] == "failed"
    assert "expired 10 minutes ago" in found["token"]["message"]


@pytest.mark.conformance("BS-15")
def test_a_token_that_the_service_refuses_is_told(stt: Runner) -> None:
    with scripted() as server:
        server.answers(Answer(403))
        status, found = examined(stt, server.url, "bing", BING_SPEECH_TOKEN=jwt(300))
    assert status == 4
    assert "rejected" in found["token"]["message"]


@pytest.mark.conformance("BS-15")
@pytest.mark.parametrize(
    ("seconds", "state"),
    [(0, "ok"), (60, "warning"), (-60, "warning"), (900, "failed")],
)
def test_the_clock_is_held_against_the_services(
    stt: Runner, seconds: float, state: str
) -> None:
    with serving("Hello.") as service:
        off = timedelta(seconds=seconds)
        done = stt(
            "doctor", "-p", "azure", "--endpoint", service.base_url, "--json",
            now=lambda: datetime.now(UTC) + off,
        )  # fmt: skip
    clock = findings(done)["clock"]
    assert clock["state"] == state
    if seconds > 0:
        assert "ahead of" in clock["message"]


@pytest.mark.conformance("BS-15")
def test_a_blocked_host_is_the_host(stt: Runner) -> None:
    status, found = examined(stt, "http://127.0.0.1:9", AZURE_SPEECH_KEY=KEY)
    assert status == 8
    assert found["host 127.0.0.1:9"]["state"] == "failed"
    assert "refused the connection" in found["host 127.0.0.1:9"]["message"]
    assert "key" not in found


def test_a_wrong_certificate_is_the_host(stt: Runner, tmp_path: Path) -> None:
    with scripted(self_made_certificate(tmp_path)) as server:
        status, found = examined(stt, server.url, AZURE_SPEECH_KEY=KEY)
    assert status == 8
    host = found[f"host 127.0.0.1:{server.port}"]
    assert "is not trusted" in host["message"]
    assert server.received == []


def test_a_proxy_in_between_is_named(stt: Runner, server: LoopbackServer) -> None:
    server.answers(Answer(403))
    done = stt(
        "doctor", "-p", "azure", "--json",
        env={
            "HTTPS_PROXY": server.url,
            "AZURE_SPEECH_KEY": KEY,
            "AZURE_SPEECH_REGION": "westeurope",
        },
    )  # fmt: skip
    host = findings(done)["host westeurope.stt.speech.microsoft.com"]
    assert host["state"] == "failed"
    assert f"through the proxy {server.url}" in host["message"]


@pytest.mark.conformance("BS-15")
@pytest.mark.parametrize(
    ("answered", "state"), [(403, "failed"), (401, "failed"), (405, "warning")]
)
def test_a_token_is_proven_by_a_recognition_and_by_nothing_else(
    stt: Runner, server: LoopbackServer, answered: int, state: str
) -> None:
    def play(request: Received) -> Answer:
        return Answer(answered if request.method == "POST" else 405)

    server.play = play
    _, found = examined(stt, server.url, "bing", BING_SPEECH_TOKEN=jwt(300))
    assert found["token"]["state"] == state
    [tried] = [one for one in server.received if one.method == "POST"]
    assert tried.target.partition("?")[2] == "language=en-US&format=simple"
    assert tried.body.startswith(b"RIFF")


@pytest.mark.conformance("BS-15")
def test_a_good_token_is_taken(stt: Runner) -> None:
    with serving("Hello.", key=KEY) as service:
        made = urllib.request.Request(
            f"{service.base_url}/sts/v1.0/issueToken",
            b"",
            {"Ocp-Apim-Subscription-Key": KEY},
        )
        with urllib.request.urlopen(made, timeout=30) as answer:
            token = answer.read().decode()
        _, found = examined(
            stt, service.base_url, AZURE_SPEECH_TOKEN=token, AZURE_SPEECH_REGION="x"
        )
    assert found["token"]["state"] == "ok"
    assert "valid" in found["token"]["message"]


def test_a_container_has_neither_tokens_nor_batch(
    stt: Runner, server: LoopbackServer
) -> None:
    server.answers(Answer(404))
    _, found = examined(stt, server.url, AZURE_SPEECH_KEY=KEY)
    assert found["key"]["state"] == "warning"
    assert found["batch API"]["state"] == "warning"


@given(st.text(max_size=40))
def test_any_text_as_a_token_is_read_or_not(text: str) -> None:
    left = seconds_left(Secret(text), 0.0)
    assert left is None or isinstance(left, float)


def test_the_end_of_a_token_is_read() -> None:
    assert seconds_left(Secret(jwt(300)), datetime.now(UTC).timestamp()) == (
        pytest.approx(300, abs=5)
    )
