"""Lists of recordings: a manifest with options of its own, and names on stdin."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from stt_cli.core.options import Profanity
from tests.commands.conftest import silent_wav
from tests.conftest import Outcome, Runner
from tests.job_service import JOB_1, JOB_2, JOB_3, Service, service

__all__ = ["service"]

SUBMIT = ("batch", "submit", "-p", "courier")


@pytest.fixture(autouse=True)
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with three recordings, below the current one."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "calls"
    folder.mkdir()
    for seconds, name in enumerate(("a.wav", "b.wav", "c.wav"), 1):
        (folder / name).write_bytes(silent_wav(seconds / 10))
    return folder


def submitted(stt: Runner) -> list[str]:
    """The recordings in the ledger, in the order of their submission."""
    rows = json.loads(stt("history", "--json").stdout)
    return [row["input"] for row in rows][::-1]


def refused(done: Outcome, status: int = 2) -> list[str]:
    """The lines on stderr of a run that was to send nothing."""
    assert (done.status, done.stdout) == (status, b"")
    return done.stderr.splitlines()


def test_each_line_of_a_manifest_has_options_of_its_own(
    stt: Runner, service: Service, calls: Path
) -> None:
    (calls / "list.jsonl").write_text(
        '{"input": "a.wav", "language": "de-DE", "params": {"k": [1, "x"]}}\n'
        '{"audio": "b.wav", "name": "Monday", "reference": "r-1",'
        ' "webhook_url": "https://example.org/hook"}\n'
        '{"path": "' + str(calls / "c.wav") + '"}\n'
    )
    done = stt(*SUBMIT, "--manifest", "calls/list.jsonl", "--param", "p=q", "-l", "fr")
    assert done.status == 0, done.stderr
    assert done.lines == [JOB_1, JOB_2, JOB_3]
    assert submitted(stt) == ["calls/a.wav", "calls/b.wav", str(calls / "c.wav")]
    first, second, third = service.options
    assert first.recognition.language == "de-DE"
    assert first.recognition.params == {"p": ("q",), "k": ("1", "x")}
    assert second.recognition.language == "fr"
    assert (second.name, second.client_reference_id) == ("Monday", "r-1")
    assert second.webhook_url == "https://example.org/hook"
    assert third.recognition.params == {"p": ("q",)}


def test_a_table_says_the_same_by_its_columns(
    stt: Runner, service: Service, calls: Path
) -> None:
    (calls / "list.csv").write_bytes(
        b"\xef\xbb\xbfInput;Language;param.k;param.k\r\n"
        b"a.wav;de-DE;1;x\r\n"
        b"https://example.org/b.wav;;;\r\n"
    )
    done = stt(*SUBMIT, "--manifest", "calls/list.csv")
    assert done.status == 0, done.stderr
    assert submitted(stt) == ["calls/a.wav", "https://example.org/b.wav"]
    assert service.options[0].recognition.params == {"k": ("1", "x")}
    assert service.options[1].recognition.language == "en-US"


def test_a_manifest_on_stdin_begins_at_the_current_folder(
    stt: Runner, service: Service
) -> None:
    rows = b"input\tname\ncalls/a.wav\tx\n"
    done = stt(*SUBMIT, "--manifest", "-", stdin=rows)
    assert done.lines == [JOB_1]
    assert service.options[0].name == "x"


def test_arguments_come_first_then_stdin_then_the_manifest(
    stt: Runner, service: Service, calls: Path
) -> None:
    (calls / "m.jsonl").write_text('{"input": "a.wav"}\n')
    done = stt(
        *SUBMIT, "calls/c.wav", "--from-stdin", "--manifest", "calls/m.jsonl",
        stdin=b"calls/b.wav\n",
    )  # fmt: skip
    assert done.lines == [JOB_1, JOB_2, JOB_3]
    assert submitted(stt) == ["calls/c.wav", "calls/b.wav", "calls/a.wav"]


def test_every_fault_is_told_before_anything_is_sent(
    stt: Runner, service: Service, calls: Path
) -> None:
    (calls / "m.jsonl").write_text(
        '{"input": "a.wav", "langauge": "de"}\n'
        '{"input": "b.wav", "words": "yes"}\n'
        '{"input": "b.wab"}\n'
        '{"input": "c.wav", "language": "de"}\n'
        '{"input": "./c.wav", "language": "fr", "reference": "r"}\n'
        '{"input": "c.wav", "language": "de", "reference": "r"}\n'
        '{"input": ".", "speakers": true}\n'
    )
    lines = refused(stt(*SUBMIT, "a-good-one", "--manifest", "calls/m.jsonl"))
    assert lines == [
        "error: calls/m.jsonl has errors",
        "calls/m.jsonl:1: unknown key 'langauge'; did you mean language?",
        "calls/m.jsonl:2: words: must be true or false, not text",
        "calls/m.jsonl:3: input: calls/b.wab: no such file; did you mean calls/b.wav?",
        "calls/m.jsonl:5: input: is the same recording as in line 4, with "
        "different options (and on 1 more line)",
        "calls/m.jsonl:6: reference: is the same as in line 5",
        "calls/m.jsonl:7: courier does not support speaker labels (--speakers)",
        "calls/m.jsonl:7: input: calls: this is a folder, not a recording; pass "
        "the recordings in it, for example folder/*.wav",
        "hint: fix the manifest and run the command again; nothing was submitted",
    ]
    assert service.options == []
    assert submitted(stt) == []


def test_recordings_that_cannot_be_read_are_a_fault_of_the_audio(
    stt: Runner, service: Service, calls: Path
) -> None:
    rows = "".join(f"{n}.wav\n" for n in range(30))
    (calls / "m.csv").write_text("input\na.wav\n*.wav\n" + rows)
    lines = refused(stt(*SUBMIT, "--manifest", "calls/m.csv"), status=10)
    assert lines[1].startswith("calls/m.csv:3: input: calls/*.wav: no such file")
    assert lines[-2] == "and 11 more"
    assert len(lines) == 1 + 20 + 1 + 1


def test_raw_audio_whose_rate_nobody_tells_is_a_fault_of_the_list(
    stt: Runner, service: Service, calls: Path
) -> None:
    (calls / "a.raw").write_bytes(bytes(100))
    (calls / "m.csv").write_text("input\na.raw\n")
    (line, _hint) = refused(stt(*SUBMIT, "--manifest", "calls/m.csv"))
    told = "calls/m.csv:2: input: calls/a.raw: the sample rate of raw PCM is unknown"
    assert line.startswith(f"error: {told}")


def test_values_of_a_manifest_are_never_repeated(
    stt: Runner, service: Service, calls: Path
) -> None:
    (calls / "m.jsonl").write_text(
        '{"input": "a.wav", "api_key": "hush-hush", "params": {"x": {"k": "psst"}}}\n'
    )
    lines = refused(stt(*SUBMIT, "--manifest", "calls/m.jsonl"))
    assert "credentials do not belong in a manifest" in lines[1]
    assert not {"hush-hush", "psst"} & set("\n".join(lines).split("'"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--manifest", "none.csv"], "cannot read the manifest none.csv: No such"),
        (["--manifest", "calls"], "cannot read the manifest calls: Is a directory"),
        (
            ["--manifest", "-", "--from-stdin"],
            "--from-stdin and --manifest - cannot be used together",
        ),
        (
            ["--manifest", "-", "-"],
            ("--manifest - and input - cannot be used together"),
        ),
        (
            ["--from-stdin", "-"],
            ("--from-stdin and input - cannot be used together"),
        ),
        (["--from-stdin"], "the list on stdin contains - (stdin)"),
    ],
)
def test_lists_that_cannot_be_read_are_refused(
    stt: Runner, service: Service, arguments: list[str], words: str
) -> None:
    assert words in refused(stt(*SUBMIT, *arguments, stdin=b"-\n"))[0]


def test_json_is_an_array_for_a_list_of_one(
    stt: Runner, service: Service, calls: Path
) -> None:
    (calls / "m.jsonl").write_text('{"input": "a.wav"}\n')
    done = stt(*SUBMIT, "--manifest", "calls/m.jsonl", "--wait", "--json")
    (job,) = json.loads(done.stdout)
    assert job["input"] == "calls/a.wav"


def test_profanity_and_the_like_reach_the_provider(stt: Runner, calls: Path) -> None:
    (calls / "m.jsonl").write_text(
        '{"input": "https://example.org/a.wav", "profanity": "raw", "speakers": true,'
        ' "phrases": ["Contoso"], "model": "stt-async-v4"}\n'
    )
    done = stt(
        "batch", "submit", "-p", "soniox", "--manifest", "calls/m.jsonl", "--dry-run",
        env={"SONIOX_API_KEY": "k" * 8},
    )  # fmt: skip
    assert done.status == 2
    assert (
        f"calls/m.jsonl:1: soniox does not support --{Profanity.__name__.lower()}"
        in (done.stderr)
    )


@pytest.mark.parametrize("provider", ["soniox", "azure"])
def test_the_reference_of_a_line_is_what_the_service_is_sent(
    stt: Runner, provider: str
) -> None:
    lines = b"input,reference\nhttps://x.test/a.wav,call-7\nhttps://x.test/b.wav,\n"
    done = stt(
        "batch", "submit", "-p", provider, "--manifest", "-", "--dry-run",
        stdin=lines,
        env={
            "SONIOX_API_KEY": "k" * 8,
            "AZURE_SPEECH_KEY": "k" * 8,
            "AZURE_SPEECH_REGION": "westeurope",
        },
    )  # fmt: skip
    assert done.status == 0, done.stderr
    assert done.text.count("call-7") == 1


def test_names_on_stdin_are_taken_as_they_are(
    stt: Runner, service: Service, calls: Path
) -> None:
    names = ["# 1.wav", " b.wav", "u\u2028v\x0b.wav", "ü.wav", "[x].wav"]
    for number, name in enumerate(names):
        (calls / name).write_bytes(silent_wav(1 + number / 10))
    text = "\r\n\n".join(f"calls/{name}" for name in names)
    done = stt(*SUBMIT, "--from-stdin", stdin=b"\xef\xbb\xbf" + text.encode())
    assert (done.status, len(done.lines)) == (0, 5), done.stderr
    assert submitted(stt) == [f"calls/{name}" for name in names]


@pytest.mark.skipif(sys.platform == "win32", reason="no such names there")
def test_names_may_end_with_nul_as_find_print0_writes_them(
    stt: Runner, service: Service, calls: Path
) -> None:
    names = ["calls/a\nb.wav", "calls/b.wav"]
    Path(names[0]).write_bytes(silent_wav(1))
    done = stt(*SUBMIT, "--from-stdin", stdin="\0".join([*names, ""]).encode())
    assert (done.status, len(done.lines)) == (0, 2), done.stderr
    assert submitted(stt) == names


def test_names_at_the_service_tell_the_recordings_apart(
    stt: Runner, service: Service, calls: Path
) -> None:
    (calls / "m.jsonl").write_text('{"input": "c.wav", "name": "own"}\n')
    (calls / "d.wav").write_bytes(silent_wav(1))
    stt(*SUBMIT, "calls/d.wav", "--name", "one")
    stt(
        *SUBMIT, "calls/a.wav", "calls/b.wav", "--name", "Monday",
        "--manifest", "calls/m.jsonl",
    )  # fmt: skip
    names = [options.name for options in service.options]
    assert names == ["one", "Monday (a)", "Monday (b)", "own"]


@pytest.mark.skipif(sys.platform != "linux", reason="names are UTF-8 elsewhere")
def test_a_name_that_is_no_utf_8_is_submitted_and_kept_with_an_escape(
    stt: Runner, service: Service, calls: Path
) -> None:
    name = b"calls/\xff.wav"
    Path(os.fsdecode(name)).write_bytes(silent_wav(1))
    done = stt(*SUBMIT, "--from-stdin", stdin=name + b"\n")
    assert (done.status, done.lines) == (0, [JOB_1]), done.stderr
    assert submitted(stt) == [r"calls/\udcff.wav"]
    again = stt(*SUBMIT, "--from-stdin", stdin=name + b"\n")
    assert again.lines == [JOB_1]


def test_nobody_pays_twice_because_a_name_came_out_another_way(
    stt: Runner, service: Service, calls: Path
) -> None:
    first = stt(*SUBMIT, "calls/a.wav", "--name", "Monday")
    again = stt(*SUBMIT, "calls/a.wav", "calls/b.wav", "--name", "Monday")
    assert first.lines == [JOB_1]
    assert again.lines == [JOB_1, JOB_2]


@pytest.mark.conformance("CO-05")
def test_a_secret_in_a_manifest_is_shown_nowhere(
    stt: Runner, calls: Path, stt_home: Path
) -> None:
    line = {
        "input": "a.wav",
        "webhook_url": "https://example.org/hook",
        "params": {
            "webhook_auth_header_name": "X",
            "webhook_auth_header_value": "psst1",
        },
    }
    (calls / "m.jsonl").write_text(json.dumps(line))
    submit = ["batch", "submit", "-p", "soniox", "--manifest", "calls/m.jsonl", "-vv"]
    env = {"SONIOX_API_KEY": "k" * 8}
    shown = stt(*submit, "--dry-run", "--log-file", "run.log", env=env)
    assert shown.status == 0, shown.stderr
    sent = stt(
        *submit, "--endpoint", "http://127.0.0.1:9", "--log-file", "run.log",
        env=env, sleep=lambda _seconds: None,
    )  # fmt: skip
    assert sent.status == 8
    told = shown.text + shown.stderr + sent.text + sent.stderr
    kept = [path for path in stt_home.rglob("*") if path.is_file()]
    assert kept
    for data in [told.encode(), *(p.read_bytes() for p in [*kept, Path("run.log")])]:
        assert b"psst1" not in data


def test_columns_that_are_not_used_are_named_and_no_fault(
    stt: Runner, service: Service, calls: Path
) -> None:
    line = '{"audio_filepath": "a.wav", "duration": 3.2, "text": "hello"}\n'
    (calls / "nemo.json").write_text(line)
    done = stt(*SUBMIT, "--manifest", "calls/nemo.json")
    assert (done.status, done.lines) == (0, [JOB_1])
    assert "notice: calls/nemo.json: ignored: duration, text\n" in done.stderr
    assert "not used" not in stt(*SUBMIT, "--manifest", "calls/nemo.json", "-q").stderr
