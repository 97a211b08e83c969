"""What stt prints is what its schemas say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from stt_cli.audio.devices import Device
from stt_cli.formats.json_output import json_document
from stt_cli.formats.schemas import schema_names, schema_text
from tests.commands.test_convert import RESULT
from tests.commands.test_recognize import say
from tests.conftest import Runner
from tests.emulating import emulated


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
    assert "choose from check, comparison" in done.stderr


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


LISTS = {
    "check": ["doctor"],
    "credential": ["auth", "status"],
    "language": ["languages", "-p", "local"],
    "model": ["models", "-p", "local"],
    "operation": ["history"],
    "provider": ["providers"],
    "setting": ["config", "list", "--all"],
    "voice": ["voices", "-l", "de"],
}


@pytest.mark.conformance("CO-27")
@pytest.mark.parametrize("name", sorted(LISTS))
def test_what_a_command_lists_is_as_its_schema_says(
    stt: Runner, name: str, tmp_path: Path
) -> None:
    assert stt("tts", "hello", "-o", tmp_path / "a.wav").status == 0  # history has one
    found = json.loads(stt(*LISTS[name], "--json").text)
    assert found
    for each in found:
        checked(stt, name, each)


def test_an_id_speech_and_a_request_are_as_their_schemas_say(
    stt: Runner, tmp_path: Path, recording: Path
) -> None:
    log = f"SessionId: {'9f' * 16}\n".encode()
    checked(stt, "id", json.loads(stt("session-id", "-", "--json", stdin=log).text)[0])
    spoken = stt("tts", "hello", "-o", tmp_path / "spoken.wav", "--json")
    checked(stt, "speech", json.loads(spoken.text))
    env = {"AZURE_SPEECH_KEY": "k" * 32, "AZURE_SPEECH_REGION": "westeurope"}
    dry = stt("recognize", recording, "-p", "azure", "--dry-run", "--json", env=env)
    checked(stt, "request", json.loads(dry.text))


def test_jobs_are_as_their_schema_says(
    stt: Runner, tmp_path: Path, recording: Path
) -> None:
    with emulated("soniox", key=None) as service:
        there = ("-p", "soniox", "--endpoint", service.url)
        (job,) = json.loads(stt("batch", "submit", recording, *there, "--json").text)
        checked(stt, "job", job)
        checked(stt, "job", json.loads(stt("status", job["id"], "--json").text))
        checked(stt, "job", json.loads(stt("poll", job["id"], "--json").text))
        (listed,) = json.loads(stt("batch", "list", *there, "--json").text)
        checked(stt, "job", listed)


def test_every_object_of_a_device_is_described() -> None:
    schema = json.loads(schema_text("device"))
    device = Device(0, "mic", "ALSA", 1, 0, 48_000, True, False)
    value = json.loads(json_document(device.to_dict()))
    jsonschema.Draft202012Validator(schema).validate(value)
