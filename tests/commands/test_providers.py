"""``stt providers``: what each can do, and what it still needs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Runner

Config = Callable[[str], Path]
pytestmark = pytest.mark.usefixtures("cloud")


def test_each_provider_tells_what_it_can_and_needs(stt: Runner) -> None:
    local, cloud = stt("providers").lines
    assert local.startswith("local\tThis machine\trecognize, live")
    assert local.endswith("\tready")
    assert cloud == "cloud\tCloud Speech\trecognize\tneeds CLOUD_TOKEN"
    with_key = stt("providers", env={"CLOUD_KEY": "a-key"})
    assert with_key.lines[1].endswith("\tneeds CLOUD_REGION")
    ready = stt("providers", env={"CLOUD_TOKEN": "a-token"})
    assert ready.lines[1].endswith("\tready")
    at = stt("providers", env={"STT_CLOUD_ENDPOINT": "http://127.0.0.1:9/"})
    assert at.lines[1].endswith("\tready, at http://127.0.0.1:9")


def test_a_provider_with_wrong_settings_is_listed_with_the_fault(
    stt: Runner, config_file: Config
) -> None:
    config_file('[cloud]\nregoin = "north"\n')
    done = stt("providers")
    assert done.status == 0
    assert "unknown setting cloud.regoin" in done.lines[1]
    assert (
        "regoin" in json.loads(stt("providers", "--json").text)[1]["error"]["message"]
    )


def test_a_third_partys_provider_that_cannot_be_loaded_hides_no_other(
    stt: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "stt_cli.providers.registry._entry_points",
        lambda: {"acme": "no_such_package:SPEC"},
    )
    done = stt("providers")
    assert [line.split("\t")[0] for line in done.lines] == ["local", "cloud", "acme"]
    assert "cannot load the provider acme from no_such_package:SPEC" in done.lines[2]


def test_json_tells_every_capability_and_setting(stt: Runner) -> None:
    local, cloud = json.loads(stt("providers", "--json").text)
    assert local["ready"] is True
    assert {"live", "recognize"} <= set(local["capabilities"])
    assert cloud["missing"] == ["token"]
    assert cloud["settings"][0] == {
        "name": "key",
        "variables": ["CLOUD_SPEECH_KEY", "CLOUD_KEY"],
        "secret": True,
        "help": "key",
    }


def test_a_terminal_gets_a_table(stt_terminal: Runner) -> None:
    assert "Cloud Speech" in stt_terminal("providers").text
