"""What stt prints is what its schemas say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from stt_cli.formats.schemas import schema_names
from tests.commands.test_convert import RESULT
from tests.commands.test_recognize import say
from tests.conftest import Runner


def checked(stt: Runner, name: str, value: Any) -> None:
    schema = json.loads(stt("schema", name).text)
    jsonschema.Draft202012Validator(schema).validate(value)


@pytest.mark.parametrize("name", schema_names())
def test_every_schema_is_one_and_says_what_it_describes(stt: Runner, name: str) -> None:
    schema = json.loads(stt("schema", name).text)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:stt:schema:{name}:1"
    assert f"{name}\t{schema['description']}" in stt("schema").lines


def test_an_unknown_schema_names_those_there_are(stt: Runner) -> None:
    done = stt("schema", "nothing")
    assert done.status == 5
    assert "choose from event, job" in done.stderr


@pytest.mark.usefixtures("parrot")
def test_a_transcript_is_as_its_schema_says(stt: Runner, recording: Path) -> None:
    done = stt("recognize", recording, *say("hello there"), "--json", "--raw")
    checked(stt, "transcript", json.loads(done.text))


def test_a_failure_is_as_the_same_schema_says(stt: Runner, tmp_path: Path) -> None:
    done = stt("recognize", tmp_path / "missing.wav", "--json")
    assert done.status == 10
    checked(stt, "transcript", json.loads(done.text))


def test_a_score_is_as_its_schema_says(stt: Runner, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(RESULT))
    (tmp_path / "r.txt").write_text("good evening")
    done = stt("score", tmp_path / "r.txt", tmp_path / "a.json", "--json")
    checked(stt, "score", json.loads(done.text)[0])
