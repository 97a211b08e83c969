"""Result files: whole or not at all, never over an earlier one, well named."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import OutputError, UsageError
from stt_cli.formats import files
from stt_cli.formats.files import ensure_writable, prepare, whole_file, write_text
from stt_cli.formats.naming import (
    NameBy,
    file_name,
    format_for_output,
    output_files,
    output_paths,
    stems,
)


@pytest.fixture(params=["nameless", "hidden"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Hold both ways of writing to the same: some systems have one of them only."""
    chosen: str = request.param
    if chosen == "hidden":
        monkeypatch.setattr(files, "_OPEN_FILES", Path("/nowhere"))
    return chosen


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != "stt-home")


@pytest.mark.conformance("CO-10")
def test_a_file_is_not_there_until_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "a.srt"
    with whole_file(target, force=False) as file:
        file.write(b"half")
        file.flush()
        assert not target.exists()
    assert target.read_bytes() == b"half"
    assert names(tmp_path) == ["a.srt"]


@pytest.mark.conformance("CO-10")
def test_a_failure_leaves_nothing_and_what_was_there_untouched(tmp_path: Path) -> None:
    target = tmp_path / "a.srt"
    target.write_text("old")

    def fail_halfway() -> None:
        with whole_file(target, force=True) as file:
            file.write(b"new")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    assert target.read_text() == "old"
    assert names(tmp_path) == ["a.srt"]


@pytest.mark.conformance("CO-10")
def test_an_existing_result_is_replaced_only_by_force(tmp_path: Path) -> None:
    target = tmp_path / "a.srt"
    target.write_text("old")
    with pytest.raises(UsageError) as refused:
        ensure_writable(target, force=False)
    assert "--force" in (refused.value.hint or "")
    with pytest.raises(UsageError):
        write_text(target, ["new"], force=False)
    assert target.read_text() == "old"
    write_text(target, ["new"], force=True)
    assert target.read_text() == "new"


@pytest.mark.conformance("CO-10")
def test_a_result_that_appears_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    target = tmp_path / "a.srt"

    def write_slowly() -> None:
        with whole_file(target, force=False) as file:
            file.write(b"mine")
            target.write_text("theirs")

    with pytest.raises(UsageError):
        write_slowly()
    assert target.read_text() == "theirs"
    assert names(tmp_path) == ["a.srt"]


def test_a_new_file_has_usual_permissions_and_a_replaced_one_keeps_its_own(
    tmp_path: Path,
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.touch()
    old.chmod(0o600)
    write_text(old, ["x"], force=True)
    write_text(new, ["x"], force=False)
    (tmp_path / "plain").touch()
    assert stat.S_IMODE(old.stat().st_mode) == 0o600
    assert new.stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_link_stays_a_link_to_what_was_written(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    write_text(tmp_path / "link", ["new"], force=True)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_a_link_to_nothing_leads_to_the_new_file(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("real")
    write_text(tmp_path / "link", ["new"], force=False)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a link away")
@pytest.mark.parametrize("force", [False, True])
def test_a_link_of_another_user_is_not_followed(tmp_path: Path, force: bool) -> None:
    victim, link = tmp_path / "victim", tmp_path / "link"
    link.symlink_to(victim)
    os.chown(link, 4242, -1, follow_symlinks=False)
    with pytest.raises(OutputError, match="symbolic link owned by another user"):
        write_text(link, ["new"], force=force)
    assert not victim.exists()


def test_a_lone_surrogate_is_written_as_its_escape(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", ["a\ud800b\n", "ü\n"], force=False)
    assert (tmp_path / "a.txt").read_bytes() == "a\\ud800b\nü\n".encode()


@pytest.mark.conformance("CO-10")
@pytest.mark.parametrize("size", [10_000, 3_000_000])
def test_a_full_disk_is_said_and_the_target_untouched(
    tmp_path: Path, size: int
) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    script = (
        "import resource, signal, sys\n"
        "from stt_cli.core.errors import OutputError\n"
        "from stt_cli.formats.files import write_text\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try:\n"
        "    write_text(sys.argv[1], ['x' * int(sys.argv[2])], force=True)\n"
        "except OutputError as error:\n"
        "    sys.exit(f'{error.exit_status:d} {error.message}')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, target, str(size)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == f"2 cannot write {target}: File too large\n"
    assert target.read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.conformance("CO-10")
def test_a_device_without_room_is_said() -> None:
    if not Path("/dev/full").exists():  # Linux alone has it
        return
    with pytest.raises(OutputError) as full:
        write_text("/dev/full", ["x"], force=False)
    assert "No space left" in full.value.message


@pytest.mark.conformance("CO-10")
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_ended_leaves_no_part_behind(
    tmp_path: Path, way: str, end: signal.Signals
) -> None:
    if (way, end) == ("hidden", signal.SIGKILL):
        return  # then only the system could take it away
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "import time\n"
        "from stt_cli.core.signals import signals_raise\n"
        "from stt_cli.formats import files\n"
        "if sys.argv[2] == 'hidden': files._OPEN_FILES = Path('/nowhere')\n"
        "with signals_raise(), files.whole_file(sys.argv[1], force=False) as file:\n"
        "    file.write(b'half'); file.flush(); print('ready', flush=True)\n"
        "    time.sleep(60)\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script, tmp_path / "a.wav", way],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        assert len(names(tmp_path)) == (1 if way == "hidden" else 0)
        child.send_signal(end)
    assert names(tmp_path) == []


def test_a_fifo_is_written_to_as_it_is(tmp_path: Path) -> None:
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append(fifo.read_text()))
    reader.start()
    write_text(fifo, ["through"], force=False)
    reader.join(10)
    assert got == ["through"]
    assert stat.S_ISFIFO(fifo.stat().st_mode)


def test_dev_stdout_is_continued_and_not_started_over(tmp_path: Path) -> None:
    script = (
        "from stt_cli.formats.files import write_text\n"
        "print('before', flush=True)\n"
        "write_text('/dev/stdout', ['result\\n'], force=False)\n"
        "print('after', flush=True)\n"
    )
    with (tmp_path / "out").open("wb") as out:
        subprocess.run([sys.executable, "-c", script], stdout=out, check=True)
    assert (tmp_path / "out").read_text() == "before\nresult\nafter\n"


def test_folders_that_cannot_take_the_file_are_refused_before_any_work(
    tmp_path: Path,
) -> None:
    with pytest.raises(UsageError, match="is a folder"):
        ensure_writable(tmp_path, force=True)
    with pytest.raises(UsageError, match="no such folder"):
        ensure_writable(tmp_path / "none" / "a.srt", force=False)


@pytest.mark.conformance("CO-10")
def test_a_folder_is_made_and_filled_by_the_inputs_names(tmp_path: Path) -> None:
    output = f"{tmp_path}/out/"
    paths = output_paths(["x/a.wav", "b.mp3"], output, "srt")
    assert paths == [tmp_path / "out" / "a.srt", tmp_path / "out" / "b.srt"]
    prepare(paths, output, force=False)
    assert (tmp_path / "out").is_dir()
    assert output_paths(["a.wav"], str(tmp_path / "out"), "text") == [
        tmp_path / "out" / "a.txt"
    ]


@pytest.mark.conformance("CO-10")
def test_several_inputs_do_not_go_into_one_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        output_paths(["a.wav", "b.wav"], str(tmp_path / "all.srt"), "srt")
    assert refused.value.hint == f"use a folder: -o {tmp_path}/all.srt/"


def test_stdout_has_no_paths() -> None:
    assert output_paths(["a.wav"], None, "srt") is None
    assert output_paths(["a.wav", "b.wav"], "-", "srt") is None
    assert output_paths(["a.wav"], "b.srt", "srt") == [Path("b.srt")]


@pytest.mark.conformance("CO-10")
@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        (["a.wav", "b.wav"], ["a", "b"]),
        (["call.wav", "call.mp3"], ["call.wav", "call.mp3"]),
        (["mon/call.wav", "tue/call.wav"], ["mon-call", "tue-call"]),
        (["x/a/c.wav", "y/a/c.wav"], ["x-a-c", "y-a-c"]),
        (["a/c.wav", "a/c.mp3", "b/c.wav"], ["a-c.wav", "a-c.mp3", "b-c.wav"]),
        (["a.wav", "a.wav", "a-2.wav"], ["a", "a-3", "a-2"]),
        (["-", "microphone"], ["stdin", "microphone"]),
        (["https://x.org/talks/b.wav?sig=1"], ["b"]),
        (["https://x.org/%00a%3A.wav", "https://x.org"], ["_a_", "x"]),
    ],
)
def test_names_are_predictable(inputs: list[str], expected: list[str]) -> None:
    assert stems(inputs) == expected


_parts = st.sampled_from(["a", "b", "A", "..", "c.wav", "c.mp3", "a-c", "ä", "a\u0308"])


@given(st.lists(st.lists(_parts, min_size=1, max_size=4).map("/".join), max_size=8))
def test_no_two_inputs_share_a_name_on_any_file_system(inputs: list[str]) -> None:
    from unicodedata import normalize

    found = stems(inputs)
    assert len({normalize("NFC", name).casefold() for name in found}) == len(inputs)
    assert all(name and "/" not in name for name in found)


@pytest.mark.parametrize("output", [None, "-", "x.d/", "notes", ".hidden", "/dev/null"])
def test_an_output_without_a_suffix_names_no_format(output: str | None) -> None:
    assert format_for_output(output) is None


def test_a_folder_is_no_file_with_a_suffix(tmp_path: Path) -> None:
    (tmp_path / "june.docx").mkdir()
    assert format_for_output(str(tmp_path / "june.docx")) is None


@pytest.mark.parametrize("output", ["x.docx", "a.srt/x.DOCX", "x.txt.bak"])
def test_a_suffix_of_no_format_is_refused_with_the_formats(output: str) -> None:
    with pytest.raises(UsageError, match="unknown format") as refused:
        format_for_output(output)
    assert (
        refused.value.hint
        == "choose a format with -f: text, json, jsonl, srt, vtt, tsv, csv, md"
    )


@pytest.mark.parametrize(
    ("name", "by_stem", "by_file", "by_path"),
    [
        ("a.wav", "a", "a.wav", "a.wav"),
        ("mon/a.wav", "a", "a.wav", "mon-a.wav"),
        ("/x/mon/a.tar.wav", "a.tar", "a.tar.wav", "x-mon-a.tar.wav"),
        ("../a.wav", "a", "a.wav", "a.wav"),
        ("-", "stdin", "stdin", "stdin"),
        ("https://x.org/talks/b.wav?sig=1", "b", "b.wav", "talks-b.wav"),
        ("a", "a", "a", "a"),
    ],
)
def test_a_file_is_named_by_its_input_alone(
    name: str, by_stem: str, by_file: str, by_path: str
) -> None:
    names = {by: file_name(name, by) for by in NameBy}
    assert names == {
        NameBy.STEM: by_stem,
        NameBy.FILE: by_file,
        NameBy.PATH: by_path,
    }


@pytest.mark.parametrize(
    ("inputs", "hint"),
    [
        (["call.wav", "call.mp3"], "use --name-by file to keep the suffix: call.wav"),
        (["Call.wav", "call.mp3"], "use --name-by file to keep the suffix: Call.wav"),
        (
            ["mon/call.wav", "tue/call.wav"],
            "use --name-by path to keep the folders and the suffix: mon-call.wav",
        ),
        (["call.wav", "./call.wav"], "pass each recording only once"),
    ],
)
def test_two_inputs_of_one_name_are_refused_with_what_tells_them_apart(
    tmp_path: Path, inputs: list[str], hint: str
) -> None:
    with pytest.raises(UsageError, match="would both be written to") as refused:
        output_files(inputs, f"{tmp_path}/", ["srt", "json"])
    assert refused.value.hint == hint


@given(st.lists(_parts.filter(lambda part: part != ".."), min_size=1, unique=True))
@pytest.mark.conformance("CO-25")
def test_no_sibling_changes_a_name(inputs: list[str]) -> None:
    alone = [output_files([name], "/tmp/", ["srt"], NameBy.PATH) for name in inputs]
    with suppress(UsageError):
        together = output_files(inputs, "/tmp/", ["srt"], NameBy.PATH)
        assert together == [files[0] for files in alone if files]
