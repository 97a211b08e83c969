"""``stt doctor``: what works here, what does not, and what to do about it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any, NoReturn

import pytest

from stt_cli.core.catalog import Check
from stt_cli.core.errors import CredentialsError, UnreachableError
from stt_cli.core.options import SpeechText
from stt_cli.ledger import open_ledger
from stt_cli.providers.base import Provider, ProviderContext
from stt_cli.workflows.doctor import share_heard
from tests.conftest import Outcome, Runner
from tests.keyring_backend import LockedKeyring
from tests.sample_provider import SPEC
from tests.state_fixtures import EnvironmentFactory

Config = Callable[[str], Path]


def findings(done: Outcome) -> dict[str, dict[str, Any]]:
    return {finding["name"]: finding for finding in json.loads(done.text)}


@pytest.fixture
def without_self_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the second or two that loading and trying the engines takes."""
    monkeypatch.setattr(
        "stt_cli.providers.local.provider.LocalProvider.checks",
        lambda _self: iter(()),
    )
    monkeypatch.setattr(
        "stt_cli.workflows.doctor.check_speech",
        lambda _local, _environment: Check("self-test", "ok", "left out"),
    )


quick = pytest.mark.usefixtures("without_self_test")


def test_a_sound_installation_passes(stt: Runner, stt_home: Path) -> None:
    done = stt("doctor")
    assert done.status == 0, done.text
    table = [line.split("\t") for line in done.lines]
    states = {name: state for state, name, _, _ in table}
    assert {row[0] for row in table} <= {"ok", "missing"}
    for name in ("python", "packages", "state folder", "config file", "ledger"):
        assert states[name] == "ok"
    assert states["engine"] == states["model"] == "ok"
    assert str(stt_home / "state") in done.text


def test_a_sentence_is_spoken_and_recognized(stt: Runner) -> None:
    found = findings(stt("doctor", "--json"))
    assert found["self-test"]["state"] == "ok"
    assert "heard" in found["self-test"]["message"]


def test_a_self_test_that_fails_fails_the_examination(
    stt: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stt_cli.providers.local.provider import LocalProvider

    # The synthesizer says something else than it was asked to.
    real = LocalProvider.synthesize
    monkeypatch.setattr(
        LocalProvider,
        "synthesize",
        lambda self, _text, options: real(self, SpeechText("seven"), options),
    )
    done = stt("doctor", "--json")
    finding = findings(done)["self-test"]
    assert (done.status, finding["state"]) == (2, "failed")
    assert "said 'what is the weather like', heard '" in finding["message"]


@pytest.mark.parametrize(
    ("heard", "share"),
    [
        ("what is the weather like", 1.0),
        ("What's the weather like?", 0.8),
        ("", 0.0),
        ("something else", 0.0),
    ],
)
def test_the_share_of_words_heard(heard: str, share: float) -> None:
    assert share_heard(heard) == share


@quick
def test_json_tells_the_same_and_no_key_vanishes(stt: Runner) -> None:
    listed = json.loads(stt("doctor", "--json").text)
    assert all(
        list(finding) == ["schema_version", "name", "state", "message", "hint", "code"]
        for finding in listed
    )


@quick
def test_a_terminal_gets_aligned_lines_with_hints(stt_terminal: Runner) -> None:
    done = stt_terminal("doctor", env={"NO_COLOR": "1"})
    assert "ok       python          stt " in done.text
    assert "missing  keyring" in done.text
    assert "→ set keys as environment variables" in done.text
    assert "\x1b" not in done.text


@quick
def test_the_ffmpeg_that_decodes_is_named(stt: Runner, tmp_path: Path) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    found = findings(stt("doctor", "--json", env={"STT_FFMPEG": str(program)}))
    assert (found["ffmpeg"]["state"], found["ffmpeg"]["message"]) == (
        "ok",
        str(program),
    )
    done = stt("doctor", "--json", env={"STT_FFMPEG": ""})
    assert done.status == 0
    assert findings(done)["ffmpeg"]["state"] == "missing"
    done = stt("doctor", "--json", env={"STT_FFMPEG": "nowhere"})
    assert findings(done)["ffmpeg"]["state"] == "failed"


@quick
def test_a_missing_portaudio_is_a_finding_and_no_failure(
    stt: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ctypes.util.find_library", lambda _name: None)
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.delitem(sys.modules, "_sounddevice", raising=False)
    done = stt("doctor", "--json")
    finding = findings(done)["portaudio"]
    assert done.status == 0
    assert finding["state"] == "missing"
    assert "install" in finding["hint"]
    assert "microphone" not in findings(done)


DECLARED = [
    "websockets>=15",
    "no-such-package; python_version >= '3.11'",
    "another-one; python_version < '3'",
    "rich<1",
    "psycopg-of-nobody>=3; extra == 'postgres'",
    "of-developers; extra == 'dev'",
]


@quick
def test_a_package_that_is_missing_or_too_old_fails(
    stt: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.metadata.requires", lambda _name: DECLARED)
    done = stt("doctor")
    assert done.status == 2
    (told,) = (line for line in done.lines if "\tpackages\t" in line)
    assert re.fullmatch(
        r"failed\tpackages\tno-such-package is not installed, "
        r"rich is [\d.]+, but <1 is required\trun `pip .*",
        told,
    )


@quick
def test_a_copy_that_was_never_installed_declares_nothing(
    stt: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> NoReturn:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.metadata", missing)
    assert "ok\tpackages\tno dependencies declared" in stt("doctor").text


@quick
def test_a_broken_config_file_is_a_finding_and_the_rest_is_examined(
    stt: Runner, config_file: Config
) -> None:
    config_file("language = = x")
    done = stt("doctor", "--json")
    assert done.status == 2
    found = findings(done)
    assert found["config file"]["state"] == "failed"
    assert "line 1" in found["config file"]["message"]
    assert found["config file"]["code"] == "configuration"
    assert found["ledger"]["state"] == "ok"


@quick
def test_an_unknown_profile_is_a_finding(stt: Runner) -> None:
    done = stt("doctor", "--profile", "nope")
    assert done.status == 2
    assert "unknown profile 'nope'" in done.text


@quick
@pytest.mark.usefixtures("cloud")
def test_keys_that_others_may_read_are_a_warning(
    stt: Runner, config_file: Config
) -> None:
    path = config_file('[profile.w.cloud]\nkey = "a-key"\n')
    path.chmod(0o644)
    finding = findings(stt("doctor", "--json"))["config file"]
    assert finding["state"] == "warning"
    assert "profile.w.cloud.key" in finding["message"]
    assert f"chmod 600 {path}" in finding["hint"]
    path.chmod(0o600)
    assert findings(stt("doctor", "--json"))["config file"]["state"] == "ok"


@quick
@pytest.mark.usefixtures("cloud")
def test_a_misspelled_setting_of_a_provider_fails(
    stt: Runner, config_file: Config
) -> None:
    config_file('[cloud]\nregoin = "north"\n')
    finding = findings(stt("doctor", "--json"))["config file"]
    assert (finding["state"], finding["hint"]) == ("failed", "did you mean region?")


@quick
def test_the_ledger_is_counted_checked_and_left_alone(
    stt: Runner, make_environment: EnvironmentFactory, stt_home: Path
) -> None:
    with open_ledger(make_environment()) as ledger:
        ledger.begin("recognize", "local", "a.wav").finish("success")
    assert "1 operation" in findings(stt("doctor", "--json"))["ledger"]["message"]
    off = findings(stt("doctor", "--json", env={"STT_LEDGER": "off"}))["ledger"]
    assert off["message"] == "disabled: no history is kept"
    for path in (stt_home / "state").iterdir():
        path.write_bytes(b"nonsense" * 999)
    done = stt("doctor", "--json")
    finding = findings(done)["ledger"]
    assert done.status == 2
    assert finding["state"] == "failed"
    assert "is damaged" in finding["message"]
    path = stt_home / "state" / "ledger.sqlite"
    assert path.read_bytes() == b"nonsense" * 999


@quick
def test_folders_that_cannot_be_written_are_warnings(
    stt: Runner, stt_home: Path
) -> None:
    stt_home.mkdir()
    for name in ("state", "cache"):
        (stt_home / name).write_text("a file in the folder's place")
    done = stt("doctor", "--json")
    found = findings(done)
    assert done.status == 0
    for name in ("state folder", "cache folder", "ledger"):
        assert found[name]["state"] == "warning"
        assert "STT_HOME" in found[name]["hint"]


@quick
def test_a_locked_keyring_fails(
    stt: Runner, stt_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keyring.core

    monkeypatch.setattr(keyring.core, "_keyring_backend", LockedKeyring())
    assert findings(stt("doctor", "--json"))["keyring"]["state"] == "ok"
    (stt_home / "config" / "keyring.json").write_text('["azure.key"]')
    finding = findings(stt("doctor", "--json"))["keyring"]
    assert finding["state"] == "failed"
    assert "locked" in finding["message"]


class Cloud(Provider):
    """A service whose checks say what the test told it."""

    found: tuple[Check | Exception, ...] = ()
    closed = 0

    def checks(self) -> Iterator[Check]:
        for finding in Cloud.found:
            if isinstance(finding, Exception):
                raise finding
            yield finding

    def close(self) -> None:
        Cloud.closed += 1


def open_cloud(context: ProviderContext) -> Cloud:
    return Cloud(SPEC, context)


@pytest.fixture
def service(cloud: object, monkeypatch: pytest.MonkeyPatch) -> type[Cloud]:
    from dataclasses import replace

    spec = replace(SPEC, factory="tests.commands.test_doctor:open_cloud")
    monkeypatch.setattr("tests.sample_provider.SPEC", spec)
    monkeypatch.setattr(Cloud, "found", ())
    monkeypatch.setattr(Cloud, "closed", 0)
    return Cloud


@quick
def test_a_service_without_credentials_is_not_asked(
    stt: Runner, service: type[Cloud]
) -> None:
    done = stt("doctor", "-p", "cloud", "--json")
    finding = findings(done)["cloud settings"]
    assert done.status == 4
    assert (finding["state"], finding["code"]) == ("failed", "auth")
    assert "CLOUD_TOKEN" in finding["hint"]
    assert service.closed == 0


@quick
def test_a_services_own_findings_are_shown_and_decide_the_exit_code(
    stt: Runner, service: type[Cloud]
) -> None:
    env = {"CLOUD_TOKEN": "canary-token"}
    service.found = (Check("cloud host", "ok", "answers, canary-token"),)
    done = stt("doctor", "-p", "cloud", env=env)
    assert done.status == 0
    assert done.lines[-2:] == [
        "ok\tcloud settings\ttoken set\t",
        "ok\tcloud host\tanswers, ***\t",
    ]
    assert service.closed == 1
    service.found = (
        Check.failed("cloud key", CredentialsError("the key is refused", hint="renew")),
        UnreachableError("cloud broke off"),
    )
    done = stt("doctor", "-p", "cloud", env=env)
    assert done.status == 4
    assert done.lines[-2:] == [
        "failed\tcloud key\tthe key is refused\trenew",
        "failed\tcloud\tcloud broke off\t",
    ]
    service.found = (UnreachableError("cloud broke off"),)
    assert stt("doctor", "-p", "cloud", env=env).status == 8


@quick
def test_an_endpoint_needs_no_credentials(stt: Runner, service: type[Cloud]) -> None:
    done = stt("doctor", "-p", "cloud", "--endpoint", "http://127.0.0.1:9/")
    assert done.status == 0
    assert done.lines[-1] == "ok\tcloud settings\tat http://127.0.0.1:9\t"


@quick
def test_an_unknown_provider_is_refused_before_anything_is_examined(
    stt: Runner,
) -> None:
    done = stt("doctor", "-p", "azrue")
    assert (done.status, done.stdout) == (2, b"")
    assert "hint: did you mean azure?" in done.stderr
