"""No secret of a customer's log leaves by contexts, reports or bundles."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from stt_cli.ids.masking import masked
from tests.conftest import Runner
from tests.ids.shapes import S1

CANARY = "Zq9canary7f8e7d6c5b4a3"
SHAPES = {
    "header": f"Ocp-Apim-Subscription-Key: {CANARY}",
    "bearer": f"Authorization: Bearer {CANARY}",
    "basic": f"Proxy-Authorization: Basic {CANARY}",
    "scheme of its own": f'-H "Authorization: Token {CANARY}"',
    "JSON": f'"subscription_key" : "{CANARY}"',
    "JSON in JSON": f'\\"apiKey\\":\\"{CANARY}\\"',
    "HAR": f'{{"name":"Authorization","value":"Bearer {CANARY}"}}',
    "HAR in JSON": f'{{\\"name\\": \\"x-api-key\\", \\"value\\": \\"{CANARY}\\"}}',
    "HAR, cookie header": f'{{"name": "Cookie", "value": "a=b; sid={CANARY}"}}',
    "HAR, cookies": f'"cookies":[{{"name":"sid","value":"{CANARY}"}}]',
    "cookie": f"Cookie: a=b; SESSIONID={CANARY}; c={CANARY}",
    "set-cookie": f'"Set-Cookie": "Watson-DPAT={CANARY}; Secure"',
    "query": f"wss://h/p?Ocp-Apim-Subscription-Key={CANARY}&l=en",
    "signature": f"https://blob/x.wav?sv=2024&sig={CANARY}%3D",
    "AWS signature": f"X-Amz-Signature={CANARY}&x=1",
    "escaped query": f"api_key%3D{CANARY}%26l",
    "pair": f"('xi-api-key', '{CANARY}')",
    "bytes": f"(b'authorization', b'Bearer {CANARY}')",
    "dict": f"{{'X-Watson-Authorization-Token': '{CANARY}'}}",
    "environment": f'AZURE_SPEECH_KEY="{CANARY}"',
    "app.config": f'<add key="SpeechSubscriptionKey" value="{CANARY}"/>',
    "element": f"<SubscriptionKey>{CANARY}</SubscriptionKey>",
    "camel": f"speechKey={CANARY}",
    "key alone": f'"key": "{CANARY}"',
    "password": f"password = {CANARY}",
    "connection string": f"DefaultEndpointsProtocol=https;AccountKey={CANARY};x=1",
    "address": f"https://user:{CANARY}@host/x",
    "OpenAI": f"sk-proj-{CANARY}",
    "AWS": "AKIA" + CANARY.upper()[:16].ljust(16, "A"),
    "scriptix": f"x-zoom-s2t-key: {CANARY}",
    "web hook": f'"webhook_auth_header_value": "{CANARY}"',
}


def holds_it(text: str) -> bool:
    return CANARY.lower()[:16] in text.lower()


@pytest.mark.parametrize("name", SHAPES)
def test_a_secret_is_masked_in_every_shape(name: str) -> None:
    assert not holds_it(masked(SHAPES[name])), masked(SHAPES[name])


@pytest.mark.parametrize("text", [
    f"SessionId: {S1} key 3",
    "keyword spotted, tokens counted, monkey=3",
    "the turn has 12 tokens",
])  # fmt: skip
def test_what_is_no_secret_stays(text: str) -> None:
    assert masked(text) == text


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "leaky.log"
    lines = [f"ERROR failed {text} SessionId: {n:032x}" for n, text in
             enumerate(SHAPES.values(), 1)]  # fmt: skip
    lines += [f"SessionId: {n:032x} {text} failed" for n, text in
              enumerate(SHAPES.values(), 101)]  # fmt: skip
    path.write_text("\n".join(lines) + "\n")
    return path


def test_no_secret_is_in_the_json_of_findings(stt: Runner, log: Path) -> None:
    text = stt("session-id", "--kind", "all", "--json", log).text
    assert len(json.loads(text)) >= 2 * len(SHAPES)
    assert not holds_it(text)


def test_no_secret_is_among_the_candidates(stt: Runner, tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.write_text("".join(f"{text} etag {S1}\n" for text in SHAPES.values()))
    assert not holds_it(stt("session-id", "--candidates", path).text)


def test_no_secret_is_in_a_case_or_its_bundle(
    stt: Runner, log: Path, tmp_path: Path
) -> None:
    bundle = tmp_path / "case.zip"
    done = stt("support", log, "--bundle", bundle)
    assert done.status == 0, done.stderr
    assert not holds_it(done.text)
    assert not holds_it(stt("support", log, "--json").text)
    with zipfile.ZipFile(bundle) as archive:
        for name in archive.namelist():
            assert not holds_it(archive.read(name).decode())
