"""The fast search finds what a slow, obvious one finds, wherever blocks end."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stt_cli.ids import extract, scan
from stt_cli.ids.anchors import AnchorSearch, anchor_search, fast_search, plain_search
from stt_cli.ids.extract import Finder
from stt_cli.ids.index import meanings
from tests.ids.finding import ALL, found, pairs
from tests.ids.shapes import NATIVE_STARTED, NO_ID_LINES, S1, S2, SESSION_LINES, T1

NOISE = (
    "[1]: 60ms SPX_TRACE_FUNCTION:  handle_table.h:330 CreateHandleTable",
    "  nChannels:       1",
    "session is over, request in progress, connection id unknown",
    "\x00\x00\x00\x00",
    "",
    "}",
    "naïve “text” 日本語",
)
LINES = (*SESSION_LINES.values(), *NO_ID_LINES.values(), *NOISE)


@given(
    parts=st.lists(
        st.sampled_from(["essionId", "X-ConnectionId", '"id"', "cid=", "x", "\n"])
        | st.binary(max_size=4).map(lambda b: b.decode("latin-1"))
    )
)
def test_both_anchor_searches_agree(parts: list[str]) -> None:
    data = "".join(parts).encode().lower()
    anchors = list(meanings(ALL, others=True))
    fast, plain = fast_search(anchors), plain_search(anchors)
    assert {at for _, at in fast(data)} == {at for _, at in plain(data)}


texts = st.lists(
    st.sampled_from(LINES)
    | st.text(alphabet="session id:=\"'XR-equestId0f \t", max_size=40),
    max_size=12,
).map("\n".join)


@given(text=texts)
def test_neither_search_nor_case_nor_line_ends_make_a_difference(text: str) -> None:
    stream = io.BytesIO(text.encode())
    slow = list(Finder(ALL, search=plain_search).find("log", stream.readinto))
    fast = found(text)
    assert slow == fast
    crlf = found(text.replace("\n", "\r\n"))
    assert {one.id for one in crlf} == {one.id for one in fast}


# Few of each, so that much of a line comes again beside something new.
lone_lines = st.builds(
    "zzz {}{}{}{}{} end.".format,
    st.sampled_from(["", "Fire", "user_", "\\u0026", "\x1b[3m"]),
    st.sampled_from(["SessionStarted", "session id", "global-transaction-id", "Job ID",
                     "x-ms-client-request-id", "Client Reference Id"]),
    st.sampled_from([": ", "Event: ", " event: ", "\\u003d", " event: SessionId: "]),
    st.sampled_from([S1, S2, f"{S1}0", T1, "order-7"]),
    st.sampled_from(["", "\x1b[0m", " and SessionStarted event"]),
)  # fmt: skip


@example([f"zzz {whose}global-transaction-id: order-7." for whose in ("user_", "")])
@given(lines=st.lists(lone_lines, max_size=20))
def test_what_was_read_before_makes_no_difference(lines: list[str]) -> None:
    together = {one.id for one in found("\n".join(lines))}
    apart = {one.id for line in lines for one in found(line)}
    assert together == apart


assigned_lines = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["", '{"', "{'", '"{\\"', '{"status":"done","', "X-", "my "]),
    st.sampled_from(["session_id", "SessionId", "connectionId", "request id", "JOB_ID",
                     "documentId", "call_id", "Transcription ID", "SESSIONID"]),
    st.sampled_from(['":"', "='", "=", "=3D", '\\":\\"', "': '", "=b'", "= ", '"="']),
    st.sampled_from([S1, f"{S1[:26]}", T1, "stt_abc123", "web-17", "null", "the ", "b",
                     f"id-{S1}", f"a@{S1}", "abc/12", f"{S1}0", "req_" + S1, "",
                     f"{S1[:20]}\n{S1[20:]}", f"{S1[:20]}\\u0030{S1[21:]}"]),
    st.sampled_from(['"', "'", "\\\"", "", " ", '","filename":"a"}', f" {S1}",
                     f"'{T1}'", f'", "value": "{S2}"', "=\n"]),
)  # fmt: skip


@settings(max_examples=600)
@given(line=assigned_lines)
def test_a_value_that_is_passed_by_quickly_is_none_at_length(line: str) -> None:
    quick = found(line)
    with mock.patch.object(extract, "is_foreign", return_value=False):
        assert found(line) == quick


def test_no_anchor_is_hidden_by_another() -> None:
    # One that began inside another would be skipped with it.
    anchors = list(meanings(ALL, others=True))
    for one in anchors:
        for other in anchors:
            tails = (one[i:] for i in range(1, len(one) - 2))
            assert not any(other.startswith(tail) for tail in tails), (one, other)


def test_the_search_works_without_the_fast_library(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(_anchors: Sequence[bytes]) -> AnchorSearch:
        raise ImportError

    monkeypatch.setattr("stt_cli.ids.anchors.fast_search", missing)
    stream = io.BytesIO(NATIVE_STARTED.encode())
    (finding,) = Finder(ALL, search=anchor_search).find("log", stream.readinto)
    assert finding.id == S1


class Dribble:
    """Hands out a text in pieces of the given sizes, over and over."""

    def __init__(self, data: bytes, sizes: Sequence[int]) -> None:
        self._stream = io.BytesIO(data)
        self._sizes = iter(sizes)
        self._last = sizes[-1]

    def read_into(self, buffer: memoryview) -> int:
        size = next(self._sizes, self._last)
        return self._stream.readinto(buffer[:size])


def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "BLOCK", 1 << 10)
    monkeypatch.setattr(scan, "LONGEST_RECORD", 4 << 10)
    monkeypatch.setattr(scan, "OVERLAP", 700)
    monkeypatch.setattr(scan, "CONTEXT", 128)


def numbered(count: int) -> Iterator[str]:
    for number in range(1, count + 1):
        yield f"{number:032x}"


@pytest.mark.parametrize("live", [False, True])
@pytest.mark.parametrize("pad", [0, 1, 7, 100, 5000])
def test_no_id_is_lost_where_blocks_end(
    pad: int, live: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_blocks(monkeypatch)
    ids = list(numbered(300))
    text = "".join(f"{'y' * (pad % 997)}\nSessionId: {i} {'z' * pad}\n" for i in ids)
    source = Dribble(text.encode(), [333])
    findings = list(Finder(ALL).find("log", source.read_into, live=live))
    assert [finding.id for finding in findings] == ids
    if pad < 1000:
        lines = [finding.line for finding in findings]
        assert lines == [2 * number + 2 for number in range(len(ids))]


@pytest.mark.parametrize("live", [False, True])
def test_an_endless_line_is_searched_piece_by_piece(
    live: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_blocks(monkeypatch)
    ids = list(numbered(500))
    text = " ".join(f"SessionId={i};XSessionId={S1};" for i in ids)
    source = Dribble(text.encode(), [400, 1, 50])
    findings = Finder(ALL).find("log", source.read_into, live=live)
    assert [finding.id for finding in findings] == ids


def test_a_long_value_cut_at_a_piece_is_no_id(monkeypatch: pytest.MonkeyPatch) -> None:
    small_blocks(monkeypatch)
    for shift in range(0, 4200, 13):
        text = "x" * shift + f" SessionId: {S1}0 " + "y" * 6000
        stream = io.BytesIO(text.encode())
        assert list(Finder(ALL).find("log", stream.readinto)) == []


@given(sizes=st.lists(st.integers(1, 200), min_size=1, max_size=30), live=st.booleans())
def test_the_size_of_reads_makes_no_difference(sizes: list[int], live: bool) -> None:
    text = (
        f"{NATIVE_STARTED}\n[\n  {{\n"
        f'    "id": "{T1}",\n    "status": "completed"\n  }}\n]\n'
        f'{{"values": [\n{{"self": "https://h/speechtotext/transcriptions/{T1}"}}]}}\n'
        f"SessionId: {S2}\n"
    )
    source = Dribble(text.encode(), sizes)
    found = [
        (finding.kind, finding.id)
        for finding in Finder(ALL).find("log", source.read_into, live=live)
    ]
    assert found == [("session", S1), ("transcription", T1), ("session", S2)]


@given(data=st.binary(max_size=300))
def test_garbage_is_no_failure(data: bytes) -> None:
    pairs(data)
    pairs(data + b"\nSessionId: " + data)


def test_memory_does_not_grow_with_the_log() -> None:
    class Endless:
        left = 24 << 20
        line = (NATIVE_STARTED + "\n").encode() * 400

        def read_into(self, buffer: memoryview) -> int:
            count = min(self.left, len(buffer), len(self.line))
            buffer[:count] = self.line[:count]
            self.left -= count
            return count

    import tracemalloc

    tracemalloc.start()
    try:
        findings = list(Finder(ALL).find("log", Endless().read_into))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [finding.id for finding in findings] == [S1]
    assert peak < 8 << 20


@pytest.mark.conformance("ID-04")
def test_a_table_of_the_speech_cli_gives_its_sessions_by_column() -> None:
    head = "audio.input.id\trecognizer.session.started.sessionid\ttext"
    rows = [f"a_{i}\t{i:032x}\tHello {S1}." for i in range(1, 4)]
    table = "\r\n".join([head, *rows, f"torn\t{S2[:9]}", "b\t\tno session"])
    assert pairs(table) == [("session", f"{i:032x}") for i in range(1, 4)]
