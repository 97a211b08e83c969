"""What lies in archives and mails, file by file, within limits.

Zip files (and what is one: .docx, .xlsx, .nupkg), tar files in any compression,
mails and mailboxes with their attachments, and any of them in each other. What a
bomb would unpack to is not unpacked: there are limits to depth, to the number of
files, to their size together and to how much a small file may grow.
"""

from __future__ import annotations

import io
import re
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast

from stt_cli.ids.unpacking import Unpacked, is_compressed

if TYPE_CHECKING:
    from email.message import Message

MOST_BYTES = 16 << 30
MOST_FILES = 50_000
DEEPEST = 8
_GROWS_AT_MOST = 250  # deflate can do 1032; logs do 20, repetitive ones 100
_GROWS_FREELY = 64 << 20
_IN_MEMORY = 8 << 20
_LONGEST_MAIL = 64 << 20
_HEAD = 4096
_TAR_MAGIC = slice(257, 262)

# What hides its text and is not opened here, by the bytes it begins with.
_UNPACK = "unpack it and search the folder"
_SAVE_AS_EML = "save the emails as .eml and search those"
_SEALED: tuple[tuple[bytes, str, str], ...] = (
    (b"7z\xbc\xaf\x27\x1c", "7z archives", _UNPACK),
    (b"Rar!\x1a\x07", "RAR archives", _UNPACK),
    (b"MSCF\0\0\0\0", "cabinet files", _UNPACK),
    (b"\x04\x22\x4d\x18", "LZ4 files", _UNPACK),
    (b"\x1f\x9d", "`compress` files", _UNPACK),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "Outlook .msg and old Office files",
        "save emails as .eml, and documents as .docx, .xlsx or text",
    ),
    (b"!BDN", "Outlook data files", _SAVE_AS_EML),
    (b"\x78\x9f\x3e\x22", "Outlook winmail.dat files", _SAVE_AS_EML),
    (b"%PDF-", "PDF files", "export it as text"),
    (b"ElfFile\0", "Windows event logs", "export the events as XML, CSV or text"),
)

_MAIL_STARTS = re.compile(
    rb"(?:From [^\r\n]{3,200}\r?\n)?(?:[A-Z][0-9A-Za-z-]{1,40}:[ \t][^\r\n]*\r?\n"
    rb"(?:[ \t][^\r\n]*\r?\n)*){2}"
)
_MAIL_HEADER = re.compile(
    rb"^(?:MIME-Version|Content-Transfer-Encoding|Received|Message-I[Dd]|Return-Path"
    rb"|Subject|Delivered-To):",
    re.M,
)
_MBOX_BREAK = re.compile(rb"^From [^\r\n]*\r?\n", re.M)


@dataclass(frozen=True, slots=True)
class Content:
    """A file out of a container, or the input itself; to be read before the next."""

    name: str
    stream: Unpacked


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that was not read, why, and what to do; the rest is read."""

    name: str
    reason: str
    hint: str = "the part before that was searched"


@dataclass(slots=True)
class Budget:
    """What may still be unpacked of one input."""

    left: int = MOST_BYTES
    files: int = MOST_FILES


def contents(
    name: str,
    stream: BinaryIO | io.RawIOBase,
    *,
    live: bool = False,
    budget: Budget | None = None,
    depth: int = 0,
) -> Iterator[Content | LeftOut]:
    """Yield every file that is in a stream; the stream itself where it holds none.

    A ``live`` stream is not waited for: what it is must be told by what it has.
    """
    budget = budget or Budget()
    plain = Unpacked(stream)
    head = plain.peek(_HEAD, patiently=not live)
    while is_compressed(head) and depth < DEEPEST:
        plain, depth = Unpacked(plain), depth + 1
        head = plain.peek(_HEAD, patiently=not live)
    is_archive = head.startswith(b"PK\x03\x04") or head[_TAR_MAGIC] == b"ustar"
    is_mail = not live and _is_mail(head)
    if not (is_archive or is_mail):
        yield Content(name, plain)
        for start, what, hint in _SEALED:
            if head.startswith(start):
                yield LeftOut(name, f"stt cannot read {what}", hint)
    elif depth >= DEEPEST:
        yield LeftOut(name, f"archives are nested more than {DEEPEST} levels deep")
    elif is_mail:
        yield from _of_mail(name, plain, budget, depth)
    elif head.startswith(b"PK"):
        yield from _of_zip(name, plain, budget, depth)
    else:
        yield from _of_tar(name, plain, budget, depth)


def _of_zip(
    name: str, plain: Unpacked, budget: Budget, depth: int
) -> Iterator[Content | LeftOut]:
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
        if not _copied(plain, copy, budget):
            yield LeftOut(name, _TOO_MUCH)
            return
        copy.seek(0)
        try:
            archive = zipfile.ZipFile(cast("IO[bytes]", copy))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as fault:
            yield LeftOut(name, f"it is not a complete zip file: {fault}")
            return
        with archive:
            for info in archive.infolist():
                if info.is_dir():
                    continue
                inner = f"{name}/{info.filename}"
                if info.flag_bits & 1:
                    yield LeftOut(inner, "it is encrypted")
                    continue
                try:
                    member = archive.open(info)
                except (zipfile.BadZipFile, NotImplementedError, OSError) as fault:
                    yield LeftOut(inner, str(fault))
                    continue
                with member:
                    limited = _Limited(member, budget, info.compress_size)
                    yield from _member(inner, limited, budget, depth)
                if budget.left <= 0 or budget.files <= 0:
                    yield LeftOut(name, _TOO_MUCH)
                    return


def _of_tar(
    name: str, plain: Unpacked, budget: Budget, depth: int
) -> Iterator[Content | LeftOut]:
    try:
        with tarfile.open(fileobj=_Buffered(plain), mode="r|") as archive:
            for info in archive:
                if not info.isfile():
                    continue
                member = archive.extractfile(info)
                if member is None:
                    continue
                inner = f"{name}/{info.name}"
                limited = _Limited(member, budget, info.size)
                yield from _member(inner, limited, budget, depth)
                if budget.left <= 0 or budget.files <= 0:
                    yield LeftOut(name, _TOO_MUCH)
                    return
    except (tarfile.TarError, OSError, EOFError) as fault:
        yield LeftOut(name, f"it is damaged: {fault}")
        return
    if plain.damage is not None:
        yield LeftOut(name, f"it is damaged: {plain.damage}")


def _member(
    name: str, limited: _Limited, budget: Budget, depth: int
) -> Iterator[Content | LeftOut]:
    budget.files -= 1
    yield from contents(name, limited, budget=budget, depth=depth + 1)
    if limited.reason is not None:
        yield LeftOut(name, limited.reason)


def _of_mail(
    name: str, plain: Unpacked, budget: Budget, depth: int
) -> Iterator[Content | LeftOut]:
    data = io.BytesIO()
    if not _copied(plain, data, Budget(left=_LONGEST_MAIL)):
        # Too long to take apart: read as text, escapes and all.
        data.seek(0, io.SEEK_END)
        yield Content(name, Unpacked(_Chained(data.getvalue(), plain)))
        return
    raw = data.getvalue()
    if not raw.startswith(b"From "):
        yield from _of_message(name, raw, budget, depth)
        return
    starts = [match.end() for match in _MBOX_BREAK.finditer(raw)]
    ends = [match.start() for match in _MBOX_BREAK.finditer(raw)][1:]
    for number, (start, end) in enumerate(
        zip(starts, [*ends, len(raw)], strict=True), 1
    ):
        yield from _of_message(f"{name}/{number}", raw[start:end], budget, depth)


def _of_message(
    name: str, raw: bytes, budget: Budget, depth: int
) -> Iterator[Content | LeftOut]:
    import email
    from email import policy

    message = email.message_from_bytes(raw, policy=policy.compat32)
    is_attached = False
    for number, part in enumerate(message.walk()):
        if number == 0 or is_attached:
            yield Content(name, _headers(part))
        is_attached = part.get_content_type() == "message/rfc822"
        if part.is_multipart():
            continue
        budget.files -= 1
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes) or budget.files <= 0:
            continue
        budget.left -= len(payload)
        file_name = part.get_filename()
        if file_name is None and part.get_content_maintype() == "text":
            charset = part.get_content_charset("utf-8")
            payload = _as_utf8(payload, charset)
            yield Content(name, Unpacked(io.BytesIO(payload)))
            continue
        inner = f"{name}/{_header(file_name or f'part {number}')}"
        yield from contents(inner, io.BytesIO(payload), budget=budget, depth=depth + 1)


def _headers(message: Message) -> Unpacked:
    text = "".join(f"{key}: {_header(value)}\n" for key, value in message.items())
    return Unpacked(io.BytesIO(text.encode("utf-8", "replace")))


def _header(value: Any) -> str:
    from email.errors import HeaderParseError
    from email.header import decode_header, make_header

    try:
        return str(make_header(decode_header(str(value))))
    except (HeaderParseError, LookupError, ValueError):
        return str(value)


def _as_utf8(payload: bytes, charset: str) -> bytes:
    try:
        return payload.decode(charset, "replace").encode("utf-8", "replace")
    except LookupError:
        return payload


def _is_mail(head: bytes) -> bool:
    return _MAIL_STARTS.match(head) is not None and (
        len(_MAIL_HEADER.findall(head)) >= 2
    )


_TOO_MUCH = "it is too large when unpacked; the rest was skipped"


class _Limited(io.RawIOBase):
    """A file of an archive that ends where the budget does."""

    def __init__(self, stream: IO[bytes], budget: Budget, packed: int) -> None:
        super().__init__()
        self._stream = stream
        self._budget = budget
        self._may_grow_to = max(_GROWS_FREELY, packed * _GROWS_AT_MOST)
        self.reason: str | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        if self.reason is not None:
            return 0
        try:
            data = self._stream.read(min(len(buffer), 1 << 20))
        except (OSError, EOFError, zipfile.BadZipFile, tarfile.TarError) as fault:
            self.reason = f"it is damaged: {fault}"
            return 0
        except Exception as fault:  # zlib.error, lzma.LZMAError, NotImplementedError
            self.reason = f"it cannot be unpacked: {fault}"
            return 0
        self._budget.left -= len(data)
        self._may_grow_to -= len(data)
        if self._may_grow_to < 0:
            self.reason = "it expands too much when unpacked; the rest was skipped"
        elif self._budget.left < 0:
            self.reason = _TOO_MUCH
        buffer[: len(data)] = data
        return len(data)


class _Buffered(io.BufferedReader):
    """What ``tarfile`` reads from: whole blocks, as many as it asks for."""

    def __init__(self, plain: Unpacked) -> None:
        super().__init__(plain)


class _Chained(io.RawIOBase):
    def __init__(self, first: bytes, rest: Unpacked) -> None:
        super().__init__()
        self._first = io.BytesIO(first)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        return self._first.readinto(buffer) or self._rest.readinto(buffer)


def _copied(plain: Unpacked, target: Any, budget: Budget) -> bool:
    """Copy a stream, and say whether it fitted into the budget."""
    chunk = bytearray(1 << 18)
    while count := plain.readinto(chunk):
        budget.left -= count
        if budget.left < 0:
            target.write(chunk[:count])
            return False
        target.write(chunk[:count])
    return True
