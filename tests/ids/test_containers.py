"""Archives, mails and folders: what is in them is read, within limits."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
import zstandard

from stt_cli.ids import containers
from stt_cli.ids.containers import Budget, Content, LeftOut, contents
from tests.conftest import Runner
from tests.ids.shapes import S1, S2, T1

LOG = f"x\nSessionId: {S1}\n".encode()
OTHER = f"SessionId: {S2}\n".encode()


def zipped(**members: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.log", content)
    return data.getvalue()


def tarred(**members: bytes) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(f"logs/{name}.log")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return data.getvalue()


def read(
    data: bytes, budget: Budget | None = None
) -> tuple[dict[str, bytes], list[str]]:
    """Return what is in it by name, and why some was left out."""
    files: dict[str, bytes] = {}
    reasons: list[str] = []
    for part in contents("case", io.BytesIO(data), budget=budget):
        if isinstance(part, Content):
            files[part.name] = part.stream.read()
        else:
            reasons.append(part.reason)
    return files, reasons


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": lambda data: zstandard.ZstdCompressor().compress(data),
}


@pytest.mark.conformance("ID-16")
@pytest.mark.parametrize("name", PACKED)
def test_a_tar_file_is_read_in_every_compression(name: str) -> None:
    files, reasons = read(PACKED[name](tarred(a=LOG, b=OTHER)))
    assert (files, reasons) == (
        {"case/logs/a.log": LOG, "case/logs/b.log": OTHER},
        [],
    )


@pytest.mark.conformance("ID-16")
def test_archives_may_lie_in_each_other() -> None:
    inner = gzip.compress(tarred(a=LOG))
    files, _ = read(zipped(outer=zipped(inner=inner), plain=OTHER))
    assert list(files.values()) == [LOG, OTHER]


def test_a_file_that_is_no_container_is_itself() -> None:
    assert read(LOG) == ({"case": LOG}, [])
    assert read(b"") == ({"case": b""}, [])
    assert read(b"PK not really") == ({"case": b"PK not really"}, [])


def test_damage_is_told_and_the_rest_is_read() -> None:
    whole = tarred(a=LOG, b=OTHER * 1000)
    files, reasons = read(whole[:3000])
    assert files["case/logs/a.log"] == LOG
    assert len(reasons) >= 1
    _, reasons = read(zipped(a=LOG)[:-30])
    assert "not a complete zip file" in reasons[0]


def test_an_encrypted_member_is_told() -> None:
    data = bytearray(zipped(a=LOG, b=OTHER))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(magic) + offset] |= 1
    files, reasons = read(bytes(data))
    assert list(files.values()) == [OTHER]
    assert reasons == ["it is encrypted"]


@pytest.mark.conformance("ID-16")
@pytest.mark.parametrize(
    ("name", "start", "hint"),
    [
        ("case.7z", b"7z\xbc\xaf\x27\x1c\0\x04", "unpack it"),
        ("case.rar", b"Rar!\x1a\x07\x01\0", "unpack it"),
        ("mail.msg", bytes.fromhex("d0cf11e0a1b11ae1"), "save emails as .eml"),
        ("report.pdf", b"%PDF-1.7\n", "export it as text"),
        ("app.evtx", b"ElfFile\0\0\0", "export the events"),
    ],
)
def test_what_is_not_opened_is_told_with_a_way_out(
    name: str, start: bytes, hint: str, stt: Runner, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(start + bytes(600))
    (tmp_path / "sdk.log").write_bytes(LOG)
    done = stt("session-id", str(tmp_path / name), str(tmp_path / "sdk.log"))
    assert done.stdout == f"{S1}\n".encode()
    assert f"{name} was not read completely: stt cannot read" in done.stderr
    assert f"hint: {hint}" in done.stderr


def test_a_bomb_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "_GROWS_FREELY", 1 << 20)
    files, reasons = read(zipped(bomb=bytes(8 << 20), plain=LOG))
    assert len(files["case/bomb.log"]) < 4 << 20
    assert files["case/plain.log"] == LOG
    assert reasons == ["it expands too much when unpacked; the rest was skipped"]


def test_there_is_a_limit_to_depth_size_and_number() -> None:
    deep = LOG
    for _ in range(containers.DEEPEST + 2):
        deep = zipped(a=deep)
    assert any("levels deep" in reason for reason in read(deep)[1])
    _, reasons = read(tarred(a=bytes(5000), b=LOG), Budget(left=4000))
    assert any("unpacked" in reason for reason in reasons)
    files, reasons = read(tarred(a=LOG, b=LOG, c=LOG), Budget(files=2))
    assert len(files) == 2
    assert any("unpacked" in reason for reason in reasons)


def mail() -> EmailMessage:
    message = EmailMessage()
    message["From"] = "a@example.com"
    message["Subject"] = f"Session ID: {S1} \u2013 fails"
    message["Date"] = "Mon, 30 Nov 2026 10:00:00 +0000"
    message.set_content(
        f"Transcription\u00a0ID: {T1} {'x' * 80}", cte="quoted-printable"
    )
    message.add_attachment(
        zipped(sdk=OTHER), maintype="application", subtype="zip", filename="case.zip"
    )
    return message


@pytest.mark.conformance("ID-16")
@pytest.mark.parametrize("boxed", [False, True])
def test_mails_are_read_with_their_attachments(
    stt: Runner, tmp_path: Path, boxed: bool
) -> None:
    data = mail().as_bytes()
    if boxed:
        data = (
            b"From a@example.com Mon Nov 30 10:00:00 2026\n"
            + data
            + b"\n"
            + (
                b"From b@example.com Mon Nov 30 11:00:00 2026\nSubject: x\n"
                b"To: y@example.com\nMIME-Version: 1.0\n\nnothing\n"
            )
        )
    path = tmp_path / "mail"
    path.write_bytes(data)
    done = stt("session-id", path)
    assert (done.lines, done.stderr) == ([S1, T1, S2], "")


@pytest.mark.conformance("ID-16")
def test_a_mail_that_is_attached_to_another_is_read_with_its_subject() -> None:
    inner = EmailMessage()
    inner["Subject"] = f"Session ID {S1}"
    inner.set_content("see the log")
    inner.add_attachment(gzip.compress(OTHER), "application", "gzip", filename="a.gz")
    outer = EmailMessage()
    outer["Subject"] = "forwarded"
    outer.set_content("hello")
    outer.add_attachment(inner)
    files = [
        part.stream.read()
        for part in contents("mail.eml", io.BytesIO(outer.as_bytes()))
        if isinstance(part, Content)
    ]
    assert any(f"Subject: Session ID {S1}".encode() in one for one in files)
    assert OTHER in files


def test_a_folder_stands_for_all_that_is_in_it(stt: Runner, tmp_path: Path) -> None:
    folder = tmp_path / "case"
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "a.zip").write_bytes(zipped(a=LOG))
    (folder / "deep" / "er" / "b.log").write_bytes(OTHER)
    (folder / "deep" / "loop").symlink_to(folder)
    os.mkfifo(folder / "fifo")
    done = stt("session-id", folder, "--json")
    assert (done.status, done.stderr) == (0, "")
    assert f"{folder}/a.zip/a.log:2" in done.text
    assert stt("session-id", folder).lines == [S1, S2]


def test_what_is_left_out_is_told_and_the_rest_found(
    stt: Runner, tmp_path: Path
) -> None:
    path = tmp_path / "case.zip"
    path.write_bytes(zipped(broken=zipped(a=LOG)[:-20], b=OTHER))
    done = stt("session-id", path)
    assert (done.status, done.lines) == (0, [S2])
    assert "was not read completely" in done.stderr


def test_a_device_without_an_end_is_left_in_time(stt: Runner) -> None:
    done = stt("session-id", "/dev/zero")
    assert done.status == 3
    assert "/dev/zero is an endless device" in done.stderr


def test_a_live_pipe_is_not_kept_waiting_for_more() -> None:
    ours, theirs = os.pipe()
    with os.fdopen(ours, "rb", buffering=0) as stream:
        os.write(theirs, LOG)
        part = next(contents("stdin", stream, live=True))
        os.close(theirs)
        assert not isinstance(part, LeftOut)
        first = part.stream.read(len(LOG))
        assert first
        assert LOG.startswith(first)
