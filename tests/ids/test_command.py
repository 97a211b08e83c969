"""``stt session-id`` as a user meets it."""

from __future__ import annotations

import gzip
import json
import os
import pty
import re
import subprocess
import sys
import wave
from pathlib import Path
from uuid import UUID

import pytest

from stt_cli.core.environment import Environment
from stt_cli.core.identifiers import Identifiers, label
from stt_cli.ledger import open_ledger
from stt_cli.ui.reporter import Reporter
from tests.conftest import Runner
from tests.ids.shapes import HOST, NATIVE_STARTED, R1, S1, S2, T1, TAG

LOG = (
    f"{NATIVE_STARTED}\n[193284]: 90ms SPX_TRACE_INFO:  usp_connection.cpp:690 "
    f"RequestId: '{R1}'\nLocation: {HOST}/v3.1/transcriptions/{T1}\n"
    f'{{"context":{{"serviceTag":"{TAG}"}}}}\nSessionId: {S1.upper()}\n'
)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "sdk.log"
    path.write_text(LOG)
    return path


@pytest.mark.conformance("ID-01", "ID-02")
def test_it_prints_sessions_and_transcriptions_one_a_line(
    stt: Runner, log: Path
) -> None:
    done = stt("session-id", log)
    assert (done.status, done.lines, done.stderr) == (0, [S1, T1], "")


def test_a_kind_can_be_asked_for(stt: Runner, log: Path) -> None:
    assert stt("session-id", "--kind", "request", log).lines == [R1]
    assert stt("session-id", "--kind", "Service-Tag", log).lines == [TAG]
    two = stt("session-id", "--kind", "session", "--kind", "request_id", log)
    assert two.lines == [f"{S1}\tsession\tazure", f"{R1}\trequest\tazure"]


def test_all_kinds_come_with_their_names_and_vendors(stt: Runner, log: Path) -> None:
    assert stt("session-id", "--kind", "all", log).lines == [
        f"{S1}\tsession\tazure",
        f"{R1}\trequest\tazure",
        f"{T1}\ttranscription\tazure",
        f"{TAG}\tservice_tag\tazure",
    ]


def test_an_unknown_kind_names_the_near_one(stt: Runner, log: Path) -> None:
    done = stt("session-id", "--kind", "sesion", log)
    assert done.status == 2
    assert "unknown kind of ID 'sesion'" in done.stderr
    assert "did you mean session?" in done.stderr


def test_json_is_an_array_with_place_time_and_words(stt: Runner, log: Path) -> None:
    done = stt("session-id", "--json", log)
    first, second = json.loads(done.text)
    assert first == {
        "schema_version": 1,
        "id": S1,
        "kind": "session",
        "vendor": "azure",
        "source": f"{log}:1",
        "time": "87ms",
        "context": {
            "text": first["context"]["text"],
            "found_as": "session ID",
            "honored": None,
            "guess": False,
        },
    }
    assert first["context"]["text"].endswith(f"SessionId: {S1}")
    assert (second["id"], second["source"], second["time"]) == (T1, f"{log}:3", None)


def test_secrets_beside_an_id_are_masked(stt: Runner) -> None:
    url = (
        "wss://h/speech/universal/v2?Ocp-Apim-Subscription-Key=0123456789abcdef"
        f"0123456789abcdef&X-ConnectionId={S1}"
    )
    (found,) = json.loads(stt("session-id", "--json", url).text)
    assert "Ocp-Apim-Subscription-Key=***" in found["context"]["text"]
    assert "0123456789abcdef" not in found["context"]["text"]


@pytest.mark.conformance("ID-07")
def test_a_url_is_read_and_not_fetched(stt: Runner) -> None:
    done = stt("session-id", f"https://nowhere.invalid/x?X-ConnectionId={S1}")
    assert (done.status, done.lines) == (0, [S1])
    done = stt("session-id", f"{HOST}/transcriptions/{T1}?api-version=2024-11-15")
    assert done.lines == [T1]


@pytest.mark.conformance("ID-07")
def test_a_dashed_connection_id_is_said_to_be_dropped(stt: Runner) -> None:
    url = f"https://h/speech/v1?X-ConnectionId={T1}"
    done = stt("session-id", url)
    assert (done.status, done.stdout) == (3, b"")
    assert f"X-ConnectionId {T1}" in done.stderr
    assert "cannot identify a session" in done.stderr
    assert "32 hex digits without dashes" in done.stderr
    (found,) = json.loads(stt("session-id", url, "--json", "--kind", "all").text)
    assert (found["kind"], found["context"]["honored"]) == ("connection", False)


def test_piped_input_is_searched_without_an_argument(stt: Runner) -> None:
    assert stt("session-id", stdin=LOG.encode()).lines == [S1, T1]
    assert stt("session-id", "-", stdin=gzip.compress(LOG.encode())).lines == [S1, T1]


def test_several_inputs_give_each_id_once(stt: Runner, log: Path) -> None:
    done = stt("session-id", log, "-", log, stdin=f"SessionId: {S2}".encode())
    assert done.lines == [S1, T1, S2]


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_nothing_found_is_exit_3_with_a_clear_line(
    stt: Runner, arguments: tuple[str, ...]
) -> None:
    done = stt("session-id", *arguments, stdin=b"commit 0b734c41faf8430380d4\n")
    assert done.status == 3
    assert (json.loads(done.text) if arguments else done.text) in ([], "")
    assert "error: no session, transcription or job ID found" in done.stderr
    assert "hint: --kind all" in done.stderr


def test_files_that_cannot_be_read_are_named_and_the_others_searched(
    stt: Runner, log: Path, tmp_path: Path
) -> None:
    locked = tmp_path / "directory.log"
    locked.symlink_to(locked)
    done = stt("session-id", tmp_path / "gone.log", log, locked)
    assert (done.status, done.lines) == (2, [S1, T1])
    assert "no such file" in done.stderr
    assert f"cannot read {locked}" in done.stderr
    alone = stt("session-id", tmp_path / "gone.log")
    assert alone.status == 2
    assert "no such file" in alone.stderr


def test_a_damaged_archive_is_searched_as_far_as_it_goes(
    stt: Runner, tmp_path: Path
) -> None:
    path = tmp_path / "old.log.gz"
    path.write_bytes(gzip.compress(LOG.encode())[:-6])
    done = stt("session-id", path)
    assert (done.status, done.lines) == (0, [S1, T1])
    assert "is truncated or damaged" in done.stderr
    assert stt("session-id", "-q", path).stderr == ""


@pytest.mark.conformance("ID-05")
def test_new_makes_32_lower_case_hex_digits(stt_process: Runner, stt: Runner) -> None:
    one, two = stt_process("session-id", "--new"), stt_process("session-id", "--new")
    assert one.status == 0
    assert re.fullmatch(r"[0-9a-f]{32}\n", one.text)
    assert one.text != two.text
    fixed = UUID("9F4FFA51-13A8-46EB-A289-AA98B28E766F")
    assert stt("session-id", "--new", new_uuid=lambda: fixed).lines == [fixed.hex]


def test_new_is_a_json_array_on_request(stt: Runner) -> None:
    (made,) = json.loads(stt("session-id", "--new", "--json").text)
    assert re.fullmatch(r"[0-9a-f]{32}", made["id"])


@pytest.mark.parametrize(
    "arguments",
    [
        ("--new", "x.log"),
        ("--new", "--follow"),
        ("--last", "x.log"),
        ("--follow", "--last"),
        ("--follow", "a", "b"),
    ],
)
def test_options_that_exclude_each_other_are_refused(
    stt: Runner, arguments: tuple[str, ...]
) -> None:
    assert stt("session-id", *arguments).status == 2


def test_last_prints_the_ids_of_the_newest_operation_that_has_any(stt: Runner) -> None:
    environment = Environment.of_this_process()
    with open_ledger(environment) as ledger:
        ids = Identifiers.of(session_id=S1, request_id=R1)
        ledger.begin("recognize", "azure", "a.wav", ids=ids)
        ledger.begin("recognize", "azure", "b.wav")
    assert stt("session-id", "--last").lines == [S1]
    assert stt("session-id", "--last", "--kind", "request").lines == [R1]
    (found,) = json.loads(stt("session-id", "--last", "--json").text)
    assert (found["id"], found["source"]) == (S1, "ledger")


def test_an_empty_ledger_has_no_last_ids(stt: Runner) -> None:
    done = stt("session-id", "--last")
    assert done.status == 3
    assert "no session, transcription or job ID in the ledger" in done.stderr


def test_a_terminal_without_arguments_asks_the_ledger() -> None:
    with open_ledger(Environment.of_this_process()) as ledger:
        ledger.begin("tts", "bing", None, ids=Identifiers.of(session_id=S2))
    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "stt_cli", "session-id"],
            stdin=theirs,
            capture_output=True,
            timeout=60,
            check=False,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert (done.returncode, done.stdout.decode()) == (0, f"{S2}\n")


def test_a_terminal_shows_kinds_beside_ids(log: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "stt_cli", "session-id", "--kind", "all", str(log)],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        env={**os.environ, "TERM": "xterm-256color"},
    ):
        os.close(theirs)
        shown = b""
        try:
            while data := os.read(ours, 4096):
                shown += data
        except OSError:  # Linux: the other end was closed
            pass
        os.close(ours)
    assert f"{S1}      \x1b[2msession        azure\x1b[0m" in shown.decode()


def test_control_sequences_in_an_id_are_shown_and_not_obeyed(stt: Runner) -> None:
    body = json.dumps({"client_reference_id": "a\x9bred\u202e"})
    done = stt("session-id", "--kind", "client_reference", stdin=body.encode())
    assert "\x9b" not in done.text
    assert "\u202e" not in done.text


def test_a_closed_pipe_ends_it_quietly(log: Path, tmp_path: Path) -> None:
    many = tmp_path / "many.log"
    many.write_text("".join(f"SessionId: {i:032x}\n" for i in range(1, 20_000)))
    done = subprocess.run(
        f"{sys.executable} -m stt_cli session-id {many} | head -n 1",
        shell=True,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.stderr) == (f"{1:032x}\n".encode(), b"")


@pytest.mark.conformance("ID-11")
def test_the_log_of_our_own_run_gives_its_session_again(
    stt: Runner, tmp_path: Path
) -> None:
    silence, log = tmp_path / "silence.wav", tmp_path / "run.log"
    with wave.open(str(silence), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(8_000))
    run = stt("recognize", silence, "--allow-empty", "--log-file", log)
    (session,) = re.findall(r"^session id: ([0-9a-f]{32})$", run.stderr, re.M)
    # The instruction that the vendor gives users is to look for this.
    assert f"SessionId: {session}" in log.read_text(encoding="utf-8")
    assert stt("session-id", log).lines == [session]
    assert stt("session-id", stdin=run.stderr.encode()).lines == [session]


@pytest.mark.conformance("ID-11")
def test_every_id_that_a_run_tells_is_found_in_its_log_and_on_its_stderr(
    stt: Runner,
) -> None:
    environment = Environment.of_this_process()
    log: list[str] = []
    ids = Identifiers.of(
        session_id=S1, transcription_id=T1, job_id="job-7x", file_id="f-123"
    )
    Reporter(environment, quiet=True, log=log.append).ids(ids)
    lines = "".join(f"2026-11-20T14:03:05.123Z {line}\n" for line in log)
    found = [
        f"{S1}\tsession\tazure",
        f"{T1}\ttranscription\t-",
        "job-7x\tjob\t-",
        "f-123\tfile\t-",
    ]
    assert stt("session-id", "--kind", "all", stdin=lines.encode()).lines == found
    lines = "".join(f"{label(name)}: {value}\n" for name, value in ids.items())
    assert stt("session-id", "--kind", "all", stdin=lines.encode()).lines == found
