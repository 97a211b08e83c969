"""``stt voices``: the local voices, filtered, in a pipe and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.conftest import Runner


@pytest.fixture
def installed(stt: Runner) -> Callable[[str], list[str]]:
    """List the voices of a language that need no download."""

    def voices(language: str) -> list[str]:
        rows = [line.split("\t") for line in stt("voices", "-l", language).lines]
        return [row[0] for row in rows if row[-1] != "-"]

    return voices


@pytest.mark.conformance("LO-03")
def test_every_voice_stands_on_a_line_of_its_own(stt: Runner) -> None:
    done = stt("voices")
    assert done.status == 0
    rows = [line.split("\t") for line in done.lines]
    assert ["en-US", "en-US", "male", "English (America)", "", "bundled"] in rows
    assert ["de+f2", "de", "female", "German", "", "bundled"] in rows


def test_a_language_finds_its_regions_and_a_gender_its_voices(
    stt: Runner, installed: Callable[[str], list[str]]
) -> None:
    assert installed("pt") == ["pt", "pt+f2", "pt-BR", "pt-BR+f2"]
    assert installed("PT-br") == ["pt-BR", "pt-BR+f2"]
    female = stt("voices", "-l", "pt", "--gender", "Female").lines
    assert [line.split("\t")[0] for line in female] == ["pt+f2", "pt-BR+f2"]


def test_json_is_always_an_array(stt: Runner) -> None:
    found = json.loads(stt("voices", "-l", "de", "--gender", "male", "--json").stdout)
    assert [voice["id"] for voice in found] == ["de"]
    keys = {"schema_version", "id", "language", "name", "gender", "details"}
    assert set(found[0]) == keys


def test_nothing_found_is_said_with_exit_5(stt: Runner) -> None:
    done = stt("voices", "-l", "xx")
    assert done.status == 5
    assert done.stdout == b""


def test_a_listed_voice_can_be_given_back(stt: Runner) -> None:
    voice = stt("voices", "-l", "fr", "--gender", "female").lines[0].split("\t")[0]
    assert stt("tts", "bonjour", "--voice", voice).status == 0
