"""``stt recognize`` from its command line to its streams, with a provider that
says what a test tells it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.commands.conftest import silent_wav
from tests.conftest import Runner

pytestmark = pytest.mark.usefixtures("parrot")

GUID = "9f4ffa51-13a8-46eb-a289-aa98b28e766f"


def say(*words: str) -> list[str]:
    """Return the options that make the parrot say these phrases."""
    return ["-p", "parrot", *(f"--param=say={word}" for word in words)]


@pytest.mark.conformance("CO-04")
def test_text_goes_to_stdout_and_the_ids_to_stderr(
    stt: Runner, recording: Path
) -> None:
    done = stt("recognize", recording, *say("hello", "world"), "--session-id", GUID)
    assert (done.status, done.text) == (0, "hello\nworld\n")
    assert f"session id: {GUID.replace('-', '')}\n" in done.stderr
    assert "request id: r-1\nfeather id: f-1\n" in done.stderr
    assert "notice: parrots repeat\nhint: do not believe them\n" in done.stderr


def test_quiet_leaves_stderr_empty(stt: Runner, recording: Path) -> None:
    done = stt("recognize", recording, *say("hello"), "-q")
    assert (done.text, done.stderr) == ("hello\n", "")


def test_json_is_an_object_for_one_file_and_an_array_for_more(
    stt: Runner, recording: Path
) -> None:
    one = stt("recognize", recording, *say("hello"), "--json")
    known = json.loads(one.text)
    assert known["text"] == "hello"
    assert known["status"] == "success"
    assert known["ids"]["feather_id"] == "f-1"
    assert known["input"] == str(recording)
    assert known["duration"] == 1.0
    assert known["segments"][0]["words"][0]["text"] == "hello"
    two = stt("recognize", recording, recording, *say("hello"), "-f", "json")
    assert [each["text"] for each in json.loads(two.text)] == ["hello", "hello"]
    folder = stt("recognize", recording.parent, *say("hello"), "--json")
    assert isinstance(json.loads(folder.text), list)


def test_a_failed_recognition_still_prints_its_object_with_the_error(
    stt: Runner, recording: Path
) -> None:
    done = stt(
        "recognize", recording, *say("half"), "--json", "--param=fail=UnreachableError"
    )
    assert done.status == 8
    known = json.loads(done.text)
    assert known["status"] == "failed"
    assert known["text"] == "half"
    assert known["ids"]["request_id"] == "r-1"
    assert known["error"] == {
        "code": "unreachable",
        "message": "the parrot raised UnreachableError",
        "hint": "feed it",
        "provider_code": "Polly",
        "http_status": 418,
    }


@pytest.mark.conformance("CO-04")
@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("UsageError", 2),
        ("NothingFoundError", 3),
        ("CredentialsError", 4),
        ("QuotaError", 4),
        ("NotFoundError", 5),
        ("JobFailedError", 6),
        ("OutOfTimeError", 7),
        ("UnreachableError", 8),
        ("ProviderError", 8),
        ("RateLimitedError", 9),
        ("AudioError", 10),
    ],
)
def test_each_failure_has_its_exit_code_and_prints_line_hint_and_ids(
    stt: Runner, recording: Path, kind: str, status: int
) -> None:
    done = stt("recognize", recording, *say("half"), f"--param=fail={kind}")
    assert done.status == status
    assert done.text == "half\n"
    assert f"error: the parrot raised {kind} (HTTP 418, Polly)\n" in done.stderr
    assert "hint: feed it\n" in done.stderr
    assert re.search(r"^session id: [0-9a-f]{32}$", done.stderr, re.M)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("status", ["no_match", "initial_silence", "babble", "success"])
def test_nothing_recognized_is_exit_3_unless_that_is_fine(
    stt: Runner, recording: Path, status: str
) -> None:
    options = ["-p", "parrot", f"--param=status={status}"]
    assert stt("recognize", recording, *options).status == 3
    assert stt("recognize", recording, *options, "--allow-empty").status == 0


def test_several_inputs_stand_under_their_names_in_input_order(
    stt: Runner, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{name}.wav" for name in ("c", "a", "b")]
    for path in paths:
        path.write_bytes(silent_wav(0.2))
    done = stt("recognize", *paths, *say("hello"), "-j", "3")
    expected = "\n".join(f"==> {path} <==\nhello\n" for path in paths)
    assert (done.status, done.text) == (0, expected)


def test_one_bad_input_does_not_stop_the_rest_and_gives_the_code(
    stt: Runner, tmp_path: Path, recording: Path
) -> None:
    bad = tmp_path / "missing.wav"
    done = stt("recognize", recording, bad, recording, *say("hello"))
    assert done.status == 10
    assert done.text.count("hello\n") == 2
    assert f"error: {bad}" in done.stderr
    assert f"1 of 3 inputs failed: {bad}" in done.stderr


def test_a_file_gets_the_format_of_its_suffix_and_is_never_replaced_unasked(
    stt: Runner, recording: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out.srt"
    first = stt("recognize", recording, *say("hello"), "-o", target)
    assert (first.status, first.text) == (0, "")
    assert target.read_text().startswith("1\n00:00:00,000 --> ")
    again = stt("recognize", recording, *say("other"), "-o", target)
    assert again.status == 2
    assert "--force" in again.stderr
    assert "hello" in target.read_text()
    assert (
        stt("recognize", recording, *say("other"), "-o", target, "--force").status == 0
    )
    assert "other" in target.read_text()


def test_a_suffix_of_no_format_is_refused_before_any_work(
    stt: Runner, recording: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out.docx"
    done = stt("recognize", recording, *say("hello"), "-o", target)
    assert (done.status, done.text) == (2, "")
    assert "unknown format .docx" in done.stderr
    assert "hint: choose a format with -f: text, json, jsonl, srt" in done.stderr
    assert "session" not in done.stderr  # no work was begun
    assert not target.exists()
    named = stt("recognize", recording, *say("hello"), "-f", "text", "-o", target)
    assert (named.status, target.read_text()) == (0, "hello\n")


@pytest.mark.conformance("CO-10")
def test_a_failed_run_leaves_no_file(
    stt: Runner, recording: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out.txt"
    done = stt(
        "recognize", recording, *say("half"), "--param=fail=AudioError", "-o", target
    )
    assert done.status == 10
    assert not target.exists()
    assert sorted(tmp_path.iterdir()) == [recording, tmp_path / "stt-home"]


def test_several_inputs_go_into_a_folder_under_predictable_names(
    stt: Runner, tmp_path: Path
) -> None:
    (tmp_path / "a.wav").write_bytes(silent_wav(0.2))
    (tmp_path / "b.wav").write_bytes(silent_wav(0.2))
    done = stt(
        "recognize", tmp_path, *say("hello"), "-f", "vtt", "-o", f"{tmp_path}/v/"
    )
    assert done.status == 0
    assert sorted(p.name for p in (tmp_path / "v").iterdir()) == ["a.vtt", "b.vtt"]
    one_file = stt("recognize", tmp_path, *say("hello"), "-o", tmp_path / "all.txt")
    assert one_file.status == 2


def test_standard_input_is_an_input(stt: Runner) -> None:
    done = stt("recognize", "-", *say("hello"), "--json", stdin=silent_wav(0.5))
    assert json.loads(done.text)["duration"] == 0.5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["x.wav", "--speakers"], "does not support speaker labels"),
        (["x.wav", "--mode", "dictation"], "does not support recognition modes"),
        (["x.wav", "--transport", "websocket"], "always uses rest"),
        (["x.wav", "--session-id", "dog"], "is not a GUID"),
        (["x.wav", "--param", "dog"], "is not KEY=VALUE"),
        (["x.wav", "--json", "-f", "srt"], "cannot be used with -f"),
        (["x.wav", "-f", "docx"], "unknown format 'docx'"),
        ([], "nothing to recognize"),
    ],
)
def test_what_cannot_be_done_is_refused_before_any_audio(
    stt: Runner, arguments: list[str], message: str
) -> None:
    done = stt("recognize", "-p", "parrot", *arguments)
    assert done.status == 2
    assert message in done.stderr
    assert "session id" not in done.stderr


def test_an_unknown_provider_names_the_near_one(stt: Runner, recording: Path) -> None:
    done = stt("recognize", recording, "-p", "parot")
    assert done.status == 2
    assert "hint: did you mean parrot?" in done.stderr


def test_a_third_partys_broken_provider_says_which_package_to_mend(
    stt: Runner, recording: Path
) -> None:
    done = stt("recognize", recording, "-p", "broken")
    assert done.status == 2
    assert "stt_parrot_that_is_not_there" in done.stderr


@pytest.mark.conformance("CO-04")
def test_a_bug_asks_for_a_report_and_shows_a_traceback_only_with_vv(
    stt: Runner, recording: Path
) -> None:
    arguments = ["recognize", recording, *say("x"), "--param=crash=1"]
    plain = stt(*arguments, env={"PARROT_KEY": "canary-0123456789"})
    assert plain.status == 1
    assert "internal error: RuntimeError" in plain.stderr
    assert "Traceback" not in plain.stderr
    loud = stt(*arguments, "-vv", env={"PARROT_KEY": "canary-0123456789"})
    assert "Traceback" in loud.stderr
    assert "canary" not in plain.stderr + loud.stderr


def test_vv_shows_where_an_understood_failure_comes_from(
    stt: Runner, recording: Path
) -> None:
    arguments = ["recognize", recording, *say("x"), "--param=fail=QuotaError"]
    done = stt(*arguments, "-vv")
    assert done.status == 4
    assert "Traceback" in done.stderr
    assert "stt_parrot.py" in done.stderr
    assert done.stderr.index("Traceback") < done.stderr.index("error: the parrot")


def test_a_log_file_has_the_session_id_in_the_documented_shape(
    stt: Runner, recording: Path, tmp_path: Path
) -> None:
    log = tmp_path / "run.log"
    stt("recognize", recording, *say("x"), "--session-id", GUID, "--log-file", log)
    assert f"SessionId: {GUID.replace('-', '')}\n" in log.read_text()


def test_time_runs_out_with_exit_7_and_what_is_known(
    stt: Runner, recording: Path
) -> None:
    done = stt(
        "recognize",
        recording,
        *say("one", "two"),
        "--param=wait=20",
        "--timeout",
        "0.5",
    )
    assert done.status == 7
    assert "timed out after 0.5 s" in done.stderr
    assert "session id: " in done.stderr


@pytest.mark.usefixtures("parrot")
class TestNamesOfFilesInAFolder:
    @pytest.mark.conformance("CO-25")
    def test_a_sibling_changes_no_name(
        self, stt: Runner, recording: Path, tmp_path: Path
    ) -> None:
        other = recording.with_suffix(".flac")
        other.write_bytes(recording.read_bytes())
        out = tmp_path / "out"
        alone = stt("recognize", recording, *say("hi"), "-o", f"{out}/", "-f", "srt")
        assert alone.status == 0, alone.stderr
        both = stt("recognize", recording, other, *say("hi"), "-o", f"{out}/")
        assert (both.status, both.stdout) == (2, b"")
        assert "would both be written to" in both.stderr
        assert "hint: use --name-by file to keep the suffix: " in both.stderr
        kept = ("-f", "srt", "--name-by", "file")
        done = stt("recognize", recording, other, *say("hi"), "-o", f"{out}/", *kept)
        assert done.status == 0, done.stderr
        names = {path.name for path in out.iterdir()}
        assert names == {
            f"{recording.stem}.srt",
            f"{recording.name}.srt",
            f"{other.name}.srt",
        }

    @pytest.mark.parametrize("form", ["srt", "json", "text", "srt,json"])
    def test_a_failed_run_leaves_no_file_in_the_way_of_the_next(
        self, stt: Runner, recording: Path, tmp_path: Path, form: str
    ) -> None:
        out = tmp_path / "out"
        where = ("-o", f"{out}/", "-f", form)
        assert stt("recognize", recording, *say(""), *where).status == 3
        assert list(out.iterdir()) == []
        assert stt("recognize", recording, *say("hi"), *where).status == 0
        allowed = stt(
            "recognize", recording, *say(""), *where, "--allow-empty", "--force"
        )
        assert allowed.status == 0
        assert len(list(out.iterdir())) == len(form.split(","))
