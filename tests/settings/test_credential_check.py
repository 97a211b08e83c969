"""A credential that cannot be one is refused when it is read, its value untold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.secret import Secret
from stt_cli.providers.registry import provider_specs
from stt_cli.providers.spec import ProviderSpec
from stt_cli.settings.credential_check import credential_fault
from stt_cli.settings.keyring_store import KeyringStore
from tests.commands.conftest import silent_wav
from tests.conftest import Runner
from tests.keyring_backend import FileKeyring
from tests.loopback import serving

WITH_SECRETS = [
    spec for spec in provider_specs() if any(s.secret for s in spec.settings)
]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("abcd1234\nefgh5678", "a line break (character 9); are there two keys"),
        ("abcd\r\nefgh", "a line break (character 5)"),
        ("ab\tcd", "a tab (character 3)"),
        ("ab\x00cd", "a control character (character 3)"),
        ("ab\x7fcd", "a control character (character 3)"),
        ("ab\x1b[31mcd", "a control character (character 3)"),
        ("abü", "a non-ASCII character (character 3)"),
        ("ab\u200bcd", "a control character (character 3)"),
        ("ab\udce9", "a byte that is not text (character 3)"),
        ("\ufeffabcd", "a byte order mark (character 1)"),
        ("abcd…wxyz", "a placeholder (character 5)"),
        ("…", "a placeholder (character 1)"),
        ("...", "a placeholder"),
        ("***", "a placeholder"),
        ("<your key>", "a placeholder"),
        ("<KEY>", "a placeholder"),
        ("[your-api-key]", "a placeholder"),
        ("{{ secrets.KEY }}", "a placeholder"),
        ("${AZURE_SPEECH_KEY}", "a placeholder"),
        ("$AZURE_SPEECH_KEY", "a placeholder"),
        ("%AZURE_SPEECH_KEY%", "a placeholder"),
        ("YOUR_KEY", "a placeholder"),
        ("your-api-key-here", "a placeholder"),
        ("paste_your_subscription_key", "a placeholder"),
    ],
)
def test_what_no_credential_can_be_is_named_with_its_place(
    value: str, words: str
) -> None:
    fault = credential_fault(value)
    assert fault is not None
    assert words in fault


@pytest.mark.parametrize(
    "value",
    [
        "x" * 32,
        "0123456789abcdef0123456789ABCDEF",
        "eyJhbGciOi.eyJzdWIi.sig-nature_",
        "p@ss w0rd with blanks",
        "$ecret!",
        "Bearer abc",
        "a/b+c==",
        "yourkingdomforahorse",
    ],
)
def test_what_may_be_one_passes(value: str) -> None:
    assert credential_fault(value) is None


@given(st.text(min_size=1))
def test_only_printable_ascii_passes(value: str) -> None:
    if credential_fault(value) is None:
        assert value.isascii()
        assert value.isprintable()


def _commands(spec: ProviderSpec, wav: Path, url: str) -> list[list[str]]:
    service = ["-p", spec.name, "--endpoint", url]
    known = [["recognize", str(wav), *service], ["doctor", *service]]
    for transport in spec.transports:
        known.append(["recognize", str(wav), "--transport", transport, *service])
    return [
        *known,
        ["batch", "submit", str(wav), *service],
        ["batch", "list", *service],
        ["status", "9f4ffa5113a846eba289aa98b28e766f", *service],
        ["tts", "hello", "-o", "hello.wav", *service],
        ["voices", *service],
    ]


@pytest.mark.parametrize("spec", WITH_SECRETS, ids=lambda s: s.name)
@pytest.mark.parametrize("way", ["environment", "keyring", "config file"])
@pytest.mark.conformance("CO-21")
def test_no_command_sends_a_request_with_a_bad_credential(
    spec: ProviderSpec,
    way: str,
    stt: Runner,
    file_keyring: FileKeyring,
    stt_home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "stt_cli.workflows.doctor.check_speech",
        lambda local, environment: next(local.checks()),
    )
    monkeypatch.chdir(tmp_path)
    wav = tmp_path / "a.wav"
    wav.write_bytes(silent_wav(0.2))
    wanted = [name for need in spec.needs for name in need]
    setting = next(s for n in wanted for s in spec.settings if s.name == n and s.secret)
    value = "canary1\ncanary2"
    folder = stt_home / "config"
    folder.mkdir(parents=True)
    if way == "environment":
        monkeypatch.setenv(setting.variables[0], value)
        place = setting.variables[0]
    elif way == "keyring":
        store = KeyringStore(folder)
        store.put(store.entry(spec.name, setting.name), Secret(value))
        place = f"{spec.name}.{setting.name} in the keyring"
    else:
        line = f"{setting.name} = {json.dumps(value)}"
        (folder / "config.toml").write_text(f"[{spec.name}]\n{line}\n")
        place = f"{spec.name}.{setting.name} in the config file"
    with serving() as server:
        for command in _commands(spec, wav, server.url):
            done = stt(*command, sleep=lambda _seconds: None)
            told = done.stderr + done.text
            if done.status == 2 and "does not support" in told:
                continue  # a capability that this provider lacks
            assert done.status == 4, (command, told)
            assert f"{place} contains a line break (character 8)" in told, command
            assert "canary" not in told
        assert server.received == []
