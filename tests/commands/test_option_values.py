"""What help and completion say of options: their variables and their values."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from typer.main import get_command

from stt_cli.app import app
from stt_cli.cli.description import Description, Parameter, describe
from stt_cli.settings.setting import TOP_LEVEL, variable_of
from tests.conftest import Runner

VARIABLE = re.compile(r"\[env: ([^]]+)\]")


@pytest.fixture(scope="module")
def commands() -> Description:
    return describe(get_command(app))


def options(commands: Description) -> Iterator[tuple[str, Parameter]]:
    for command in commands.walk():
        for option in command.options:
            yield " ".join(command.path), option


def option(commands: Description, path: str, flag: str) -> Parameter:
    return next(o for p, o in options(commands) if p == path and flag in o.flags)


@pytest.mark.parametrize(
    ("flag", "variable"),
    [
        ("--provider", "STT_PROVIDER"),
        ("--endpoint", "STT_<PROVIDER>_ENDPOINT"),
        ("--profile", "STT_PROFILE"),
        ("--format", "STT_FORMAT"),
        ("--language", "STT_LANGUAGE"),
        ("--mode", "STT_MODE"),
        ("--device", "STT_DEVICE"),
    ],
)
def test_help_names_the_variable_beside_its_option(
    commands: Description, flag: str, variable: str
) -> None:
    told = VARIABLE.findall(option(commands, "recognize", flag).help)
    assert told == [variable]


def test_every_setting_with_an_option_has_its_variable_in_help(
    commands: Description,
) -> None:
    told = {name for _, o in options(commands) for name in VARIABLE.findall(o.help)}
    without_option = {"ledger"}
    assert {variable_of(name) for name in TOP_LEVEL if name not in without_option} <= (
        told
    )


def test_a_variable_is_not_broken_between_two_lines(
    stt: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    for columns in range(60, 93):
        monkeypatch.setenv("COLUMNS", str(columns))
        lines = stt("recognize", "--help").stdout.decode().splitlines()
        assert not [line for line in lines if line.rstrip().endswith("[env:")]


@pytest.mark.parametrize(
    ("path", "flag", "value"),
    [
        ("recognize", "--format", "srt"),
        ("recognize", "--language", "de-DE"),
        ("recognize", "--model", "tiny.en"),
        ("recognize", "--transport", "websocket"),
        ("recognize", "--pace", "realtime"),
        ("recognize", "--profanity", "removed"),
        ("recognize", "--text-form", "lexical"),
        ("recognize", "--name-by", "path"),
        ("recognize", "--dask", "local"),
        ("recognize", "--fallback", "local"),
        ("compare", "--provider", "soniox"),
        ("tts", "--rate", "slow"),
        ("tts", "--pitch", "high"),
        ("tts", "--volume", "soft"),
        ("tts", "--break", "strong"),
        ("tts", "--gender", "female"),
        ("tts", "--audio-format", "opus"),
        ("poll", "--interval", "auto"),
        ("batch list", "--state", "running"),
        ("session-id", "--kind", "transaction"),
        ("webhooks create", "--event", "transcriptionCompletion"),
        ("history", "--since", "yesterday"),
        ("history", "--provider", "watson"),
        ("doctor", "--provider", "azure"),
        ("emulate", "--fault", "rate-limit"),
    ],
)
def test_completion_offers_the_values_of_an_option(
    commands: Description, path: str, flag: str, value: str
) -> None:
    assert value in option(commands, path, flag).choices


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("emulate", "soniox"),
        ("schema", "transcript"),
        ("auth set", "watson"),
        ("config get", "azure.region"),
        ("models download", "base"),
        ("auth status", "azure"),
    ],
)
def test_completion_offers_the_values_of_an_argument(
    commands: Description, path: str, value: str
) -> None:
    (command,) = [c for c in commands.walk() if " ".join(c.path) == path]
    assert value in [offer for a in command.arguments for offer in a.choices]


def test_the_language_of_the_settings_is_spoken_too(
    stt: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STT_LANGUAGE", "de-DE")
    assert "voice: de\n" in stt("tts", "hallo", "--dry-run").stdout.decode()
    named = stt("tts", "hello", "-l", "en-US", "--dry-run").stdout.decode()
    assert "voice: de\n" not in named
    monkeypatch.setenv("STT_LANGUAGE", "auto")  # is for recognition alone
    assert "voice: en" in stt("tts", "hello", "--dry-run").stdout.decode()
