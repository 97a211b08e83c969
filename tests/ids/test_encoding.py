"""Logs come packed and in other encodings; the first bytes tell."""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import lzma
from collections.abc import Callable

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.ids.encoding import Utf8Source
from stt_cli.ids.extract import Finder
from tests.ids.finding import ALL
from tests.ids.shapes import NATIVE_STARTED, S1, S2

LOG = f"first line\r\n{NATIVE_STARTED}\r\nnaïve 日本語\r\nSessionId: {S2}"

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": gzip.compress,
    "gzip, two members": lambda d: gzip.compress(d[:90]) + gzip.compress(d[90:]),
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstandard.compress,
    "zstd, two frames": lambda d: (
        zstandard.compress(d[:90]) + zstandard.compress(d[90:])
    ),
}
ENCODINGS: dict[str, tuple[bytes, str]] = {
    "UTF-8": (b"", "utf-8"),
    "UTF-8 with a BOM": (codecs.BOM_UTF8, "utf-8"),
    "UTF-16, little end": (codecs.BOM_UTF16_LE, "utf-16-le"),
    "UTF-16, big end": (codecs.BOM_UTF16_BE, "utf-16-be"),
    "UTF-16, little end, no BOM": (b"", "utf-16-le"),
    "UTF-16, big end, no BOM": (b"", "utf-16-be"),
    "UTF-32": (codecs.BOM_UTF32_LE, "utf-32-le"),
}


class OneByOne(io.RawIOBase):
    """A stream that gives one byte a read, as a slow pipe may."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._stream = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        return self._stream.readinto(memoryview(buffer)[:1])


def sessions(stream: io.RawIOBase | io.BytesIO) -> tuple[list[str], str | None]:
    source = Utf8Source(stream)
    findings = Finder(ALL).find("log", source.read_into)
    return [finding.id for finding in findings], source.damage


@pytest.mark.conformance("ID-14")
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("packer", PACKERS)
def test_ids_are_found_however_a_log_is_packed_and_encoded(
    packer: str, encoding: str
) -> None:
    mark, codec = ENCODINGS[encoding]
    data = PACKERS[packer](mark + LOG.encode(codec))
    assert sessions(io.BytesIO(data)) == ([S1, S2], None)
    assert sessions(OneByOne(data)) == ([S1, S2], None)


@pytest.mark.conformance("ID-14")
def test_a_torn_last_line_gives_no_id_and_no_failure() -> None:
    assert sessions(io.BytesIO(LOG.encode()[:-1])) == ([S1], None)
    torn_inside_a_character = LOG.encode("utf-16")[:-3]
    assert sessions(io.BytesIO(torn_inside_a_character)) == ([S1], None)


@pytest.mark.parametrize("packer", ["gzip", "bzip2", "xz"])
def test_a_packed_log_that_ends_early_is_searched_as_far_as_it_goes(
    packer: str,
) -> None:
    filling = b"".join(b"\n%d" % i for i in range(300_000))
    whole = PACKERS[packer](LOG.encode() + filling)
    found, damage = sessions(io.BytesIO(whole[:-10]))
    assert found == [S1, S2]
    assert damage


@pytest.mark.parametrize(
    "data", [b"", b"\x1f", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\xff\xfe", b"\xff"]
)
def test_a_few_bytes_are_no_failure(data: bytes) -> None:
    assert sessions(io.BytesIO(data))[0] == []


@given(data=st.binary(max_size=100), magic=st.sampled_from([b"", *b"\x1f\xff", b"BZh"]))
def test_no_bytes_make_reading_fail(data: bytes, magic: bytes | int) -> None:
    head = bytes([magic]) if isinstance(magic, int) else magic
    sessions(io.BytesIO(head + data))
    sessions(io.BytesIO(b"\x28\xb5\x2f\xfd" + data))
    sessions(io.BytesIO(b"\x1f\x8b\x08" + data))
    sessions(io.BytesIO(b"\xfd7zXZ\x00" + data))


def test_a_long_utf_16_log_is_read_to_its_end() -> None:
    text = "".join(f"SessionId: {i:032x}\r\n" for i in range(1, 20_000))
    found, _ = sessions(io.BytesIO(text.encode("utf-16")))
    assert found == [f"{i:032x}" for i in range(1, 20_000)]
