"""What a run leaves in the ledger, when it ends, fails, or is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from stt_cli.ledger import LedgerQuery, open_ledger
from tests.commands.conftest import silent_wav
from tests.conftest import Runner
from tests.ledger.test_hostile_disks import as_nobody
from tests.state_fixtures import EnvironmentFactory

GUID = "9f4ffa5113a846eba289aa98b28e766f"


def kept(stt: Runner, *words: str) -> list[dict[str, Any]]:
    return list(json.loads(stt("history", *words, "--json").text))


@pytest.mark.conformance("LO-04")
def test_a_run_on_this_machine_has_a_session_id_and_stands_in_the_ledger(
    stt: Runner, recording: Path
) -> None:
    done = stt("recognize", recording, "--allow-empty", "--json")
    assert done.status == 0, done.stderr
    session = json.loads(done.text)["ids"]["session_id"]
    assert f"session id: {session}\n" in done.stderr
    (row,) = kept(stt, session)
    assert row["provider"] == "local"
    assert row["input"] == str(recording)
    assert row["language"] == "en-US"
    assert row["transport"] == "local"
    assert row["ended"] is not None


@pytest.mark.conformance("LO-04")
def test_speech_made_on_this_machine_stands_in_the_ledger_without_its_text(
    stt: Runner, tmp_path: Path
) -> None:
    done = stt("tts", "a very secret sentence", "-o", tmp_path / "said.wav")
    assert done.status == 0, done.stderr
    (row,) = kept(stt, "tts")
    assert row["provider"] == "local"
    assert f"session id: {row['ids']['session_id']}" in done.stderr
    assert "secret" not in json.dumps(row)


@pytest.mark.usefixtures("parrot")
def test_endpoint_region_and_failure_are_kept_and_no_transcript(
    stt: Runner, recording: Path
) -> None:
    endpoint = "http://127.0.0.1:9"
    stt(
        *["recognize", recording, "-p", "parrot", "--param=say=swordfish"],
        *["--param=fail=QuotaError", "--endpoint", endpoint, "--session-id", GUID],
        env={"PARROT_REGION": "north", "PARROT_KEY": "a-parrots-key"},
    )
    (row,) = kept(stt, GUID)
    assert (row["endpoint"], row["region"]) == (endpoint, "north")
    assert row["status"] == "failed"
    assert row["error"] == {
        "code": "quota",
        "message": "the parrot raised QuotaError",
        "http_status": 418,
    }
    assert row["facts"] == {"provider_code": "Polly"}
    assert row["ids"]["feather_id"] == "f-1"
    assert "swordfish" not in json.dumps(row)


@pytest.mark.conformance("CO-01")
@pytest.mark.usefixtures("parrot")
def test_a_run_killed_before_its_answer_has_told_and_kept_its_ids(
    make_environment: EnvironmentFactory, recording: Path, tmp_path: Path
) -> None:
    waiting = tmp_path / "waiting"
    process = subprocess.Popen(
        [
            *[sys.executable, "-m", "stt_cli", "recognize", str(recording)],
            *["-p", "parrot", "--session-id", GUID, "--param=say=hello"],
            *["--param=wait=60", f"--param=touch={waiting}"],
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    # The ID is on stderr while the answer is still to come …
    assert process.stderr.readline() == f"session id: {GUID}\n"
    process.send_signal(signal.SIGKILL)
    out, _ = process.communicate(timeout=30)
    assert out == ""
    # … and in the ledger, of which nobody could take leave.
    with open_ledger(make_environment()) as ledger:
        row = ledger.find(GUID)
        assert row is not None
        assert (row.status, row.is_open) == ("started", True)
        assert len(list(ledger.search(LedgerQuery(open_only=True)))) == 1


@pytest.mark.usefixtures("parrot")
def test_a_damaged_ledger_ends_no_run(
    stt: Runner, recording: Path, stt_home: Path
) -> None:
    (stt_home / "state").mkdir(parents=True)
    (stt_home / "state" / "ledger.sqlite").write_bytes(b"nonsense" * 500)
    done = stt("recognize", recording, "-p", "parrot", "--param=say=hello")
    assert (done.status, done.text) == (0, "hello\n")
    assert "warning: the ledger was damaged" in done.stderr
    assert "session id: " in done.stderr
    assert len(kept(stt)) == 1


@pytest.mark.usefixtures("parrot")
def test_a_state_folder_of_someone_else_ends_no_run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir(mode=0o755 if os.getuid() == 0 else 0o555)
        wav = Path(folder) / "a.wav"
        wav.write_bytes(silent_wav())
        Path(folder).chmod(0o755)
        status, out, err = as_nobody(
            home, "recognize", str(wav), "-p", "parrot", "--param=say=hello"
        )
        home.chmod(0o755)
    assert (status, out) == (0, "hello\n"), err
    assert "this run is not recorded" in err
    assert "session id: " in err


@pytest.mark.usefixtures("parrot")
def test_a_ledger_turned_off_leaves_no_file(
    stt: Runner, recording: Path, stt_home: Path
) -> None:
    arguments = ("recognize", recording, "-p", "parrot", "--param=say=hello")
    done = stt(*arguments, env={"STT_LEDGER": "off"})
    assert (done.status, done.text) == (0, "hello\n")
    assert "ledger" not in done.stderr
    assert not (stt_home / "state" / "ledger.sqlite").exists()
