"""Hosts by region, sovereign clouds, private endpoints, containers."""

from __future__ import annotations

from pathlib import Path

import pytest

from stt_cli.core.errors import ConfigurationError
from stt_cli.providers.azure.endpoints import (
    AZURE_HOSTS,
    BING_HOSTS,
    api_base,
    portal_region,
    realtime_url,
    recognition_base,
    synthesis_base,
)
from tests.commands.conftest import silent_wav
from tests.conftest import Runner


@pytest.mark.conformance("AZ-01")
@pytest.mark.parametrize(
    ("region", "recognition", "synthesis", "api"),
    [
        (
            "westeurope",
            "westeurope.stt.speech.microsoft.com",
            "westeurope.tts.speech.microsoft.com",
            "westeurope.api.cognitive.microsoft.com",
        ),
        (
            "West Europe",
            "westeurope.stt.speech.microsoft.com",
            "westeurope.tts.speech.microsoft.com",
            "westeurope.api.cognitive.microsoft.com",
        ),
        (
            "usgovvirginia",
            "usgovvirginia.stt.speech.azure.us",
            "usgovvirginia.tts.speech.azure.us",
            "usgovvirginia.api.cognitive.microsoft.us",
        ),
        (
            "chinaeast2",
            "chinaeast2.stt.speech.azure.cn",
            "chinaeast2.tts.speech.azure.cn",
            "chinaeast2.api.cognitive.azure.cn",
        ),
    ],
)
def test_every_cloud_has_its_hosts(
    region: str, recognition: str, synthesis: str, api: str
) -> None:
    assert recognition_base(region) == f"https://{recognition}"
    assert synthesis_base(region) == f"https://{synthesis}"
    assert api_base(region) == f"https://{api}"


@pytest.mark.parametrize("region", ["", "evil.example/", "west_europe", "a@b"])
def test_what_is_no_region_never_becomes_a_host(region: str) -> None:
    with pytest.raises(ConfigurationError, match="region"):
        realtime_url(
            AZURE_HOSTS, region=region, endpoint=None, mode="dictation", query=[]
        )


@pytest.mark.conformance("AZ-01")
@pytest.mark.parametrize(
    ("endpoint", "url"),
    [
        (None, "https://westus.stt.speech.microsoft.com/stt/speech/universal/v2?a=b"),
        (
            "https://mine.cognitiveservices.azure.com",
            "https://mine.cognitiveservices.azure.com/stt/speech/universal/v2?a=b",
        ),
        (
            "http://127.0.0.1:5000",
            "http://127.0.0.1:5000/speech/recognition/dictation/cognitiveservices/v1"
            "?a=b",
        ),
        ("http://host/own/path", "http://host/own/path?a=b"),
    ],
)
def test_an_endpoint_gets_the_path_of_its_kind(endpoint: str | None, url: str) -> None:
    made = realtime_url(
        AZURE_HOSTS,
        region="westus",
        endpoint=endpoint,
        mode="dictation",
        query=[("a", "b")],
    )
    assert made == url


def test_bing_has_one_host_and_a_path_a_mode() -> None:
    def url(endpoint: str | None) -> str:
        query = [("language", "pt-BR"), ("none", None)]
        return realtime_url(
            BING_HOSTS, region=None, endpoint=endpoint, mode="interactive", query=query
        )

    path = "/speech/recognition/interactive/cognitiveservices/v1?language=pt-BR"
    assert url(None) == f"https://speech.platform.bing.com{path}"
    assert url("https://x.cognitiveservices.azure.com/") == (
        f"https://x.cognitiveservices.azure.com{path}"
    )
    assert url("http://h/p") == "http://h/p?language=pt-BR"


@pytest.mark.parametrize(
    ("endpoint", "region"),
    [
        ("https://westeurope.api.cognitive.microsoft.com", "westeurope"),
        (
            "https://westeurope.api.cognitive.microsoft.com/sts/v1.0/issuetoken",
            "westeurope",
        ),
        ("https://usgovvirginia.api.cognitive.microsoft.us", "usgovvirginia"),
        ("https://chinaeast2.api.cognitive.azure.cn/", "chinaeast2"),
        ("https://api.cognitive.microsoft.com", None),
        ("https://westeurope.stt.speech.microsoft.com", None),
        ("https://mine.cognitiveservices.azure.com", None),
        ("https://westeurope.api.cognitive.microsoft.com.evil.example", None),
        ("http://127.0.0.1:8080", None),
        (None, None),
    ],
)
def test_the_portals_endpoint_is_a_region(
    endpoint: str | None, region: str | None
) -> None:
    assert portal_region(endpoint) == region


@pytest.mark.parametrize("transport", ["rest", "websocket"])
@pytest.mark.parametrize("path", ["", "/sts/v1.0/issuetoken"])
def test_audio_goes_to_the_recognition_host_of_the_portals_endpoint(
    stt: Runner, tmp_path: Path, transport: str, path: str
) -> None:
    (tmp_path / "a.wav").write_bytes(silent_wav(1.0))
    endpoint = f"https://westeurope.api.cognitive.microsoft.com{path}"
    done = stt(
        *("recognize", tmp_path / "a.wav", "-p", "azure", "--dry-run"),
        *("--endpoint", endpoint, "--transport", transport),
        env={"AZURE_SPEECH_KEY": "0123456789abcdef0123456789abcdef"},
    )
    assert done.status == 0, done.stderr
    assert "//westeurope.stt.speech.microsoft.com/" in done.text
    assert "api.cognitive" not in done.text.partition("\n")[2]


def test_an_address_as_the_region_is_answered_with_its_region() -> None:
    for value in (
        "https://westeurope.api.cognitive.microsoft.com/",
        "westeurope.stt.speech.microsoft.com",
    ):
        with pytest.raises(ConfigurationError) as caught:
            recognition_base(value)
        assert "AZURE_SPEECH_REGION=westeurope" in (caught.value.hint or "")
