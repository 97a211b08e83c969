"""What of an input can be sent again, whatever was read, heard and lost meanwhile."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.providers.backlog import Backlog


def filled(*blocks: bytes, limit: int = 100, live: bool = False) -> Backlog:
    backlog = Backlog(limit, live=live)
    for block in blocks:
        backlog.add(block, backlog.generation)
    return backlog


@pytest.mark.parametrize(
    ("live", "wanted", "begins"),
    [
        (False, 0, 0),  # a recording is read again
        (False, 6, 6),
        (True, 0, 4),  # live audio is lost
        (True, 4, 4),
        (True, 6, 6),
    ],
)
def test_a_turn_begins_where_it_is_wanted_or_after_what_is_lost(
    live: bool, wanted: int, begins: int
) -> None:
    backlog = filled(b"abcd", b"efgh", limit=4, live=live)
    assert (backlog.start, backlog.end) == (4, 8)
    assert backlog.position_for(wanted) == begins


@pytest.mark.parametrize(
    ("position", "reads_again"), [(0, True), (3, True), (4, False), (8, False)]
)
def test_only_an_earlier_position_begins_a_new_reading(
    position: int, reads_again: bool
) -> None:
    backlog = filled(b"abcd", b"efgh", limit=4)
    backlog.go_to(position)
    assert (backlog.generation == 1) is reads_again
    assert backlog.start == (position if reads_again else 4)


def test_a_block_of_an_earlier_reading_is_dropped_wherever_it_comes() -> None:
    backlog = filled(b"abcd", b"efgh", limit=4)
    backlog.go_to(2)
    backlog.add(b"ijkl", 0)  # its reader had not heard of it yet
    assert (backlog.start, backlog.end) == (2, 2)
    backlog.add(None, 0)
    assert not backlog.is_whole
    backlog.add(b"abcd", 1)
    assert backlog.read(2, 10) == b"cd"


def test_a_new_reading_skips_what_lies_before_the_position() -> None:
    backlog = filled(b"abcd", b"efgh", limit=4)
    backlog.go_to(3)
    for block in (b"ab", b"cd", b"ef"):
        backlog.add(block, 1)
    assert (backlog.start, backlog.end) == (3, 6)
    assert backlog.read(3, 10) + backlog.read(4, 10) == b"def"


def test_a_whole_input_that_is_read_again_is_not_whole_any_more() -> None:
    backlog = filled(b"abcd", b"efgh", limit=4)
    backlog.add(None, 0)
    assert backlog.is_whole
    backlog.go_to(0)
    assert not backlog.is_whole


@pytest.mark.parametrize(
    ("acknowledged", "start"), [(0, 0), (3, 0), (4, 4), (7, 4), (8, 8), (999, 8)]
)
def test_whole_blocks_go_once_they_have_their_result(
    acknowledged: int, start: int
) -> None:
    backlog = filled(b"abcd", b"efgh")
    backlog.trim(acknowledged)
    assert (backlog.start, backlog.end) == (start, 8)


def test_what_is_lost_cannot_be_read() -> None:
    backlog = filled(b"abcd", b"efgh", limit=4)
    with pytest.raises(ValueError, match=r"outside 4\.\.8"):
        backlog.read(0, 1)
    with pytest.raises(ValueError, match="outside"):
        backlog.read(9, 1)


@given(st.lists(st.binary(min_size=1, max_size=50)), st.integers(0, 400), st.data())
def test_it_gives_back_what_it_holds(
    blocks: list[bytes], acknowledged: int, data: st.DataObject
) -> None:
    backlog, whole = filled(*blocks, limit=200), b"".join(blocks)
    backlog.trim(min(acknowledged, len(whole)))
    assert backlog.end == len(whole)
    assert backlog.end - backlog.start <= 200
    position = data.draw(st.integers(backlog.start, backlog.end))
    read = b""
    while position + len(read) < backlog.end:
        read += backlog.read(position + len(read), 7)
    assert read == whole[position:]


def test_a_new_reading_forgets_what_was_held() -> None:
    backlog = filled(b"abcd", b"efgh", limit=4)
    assert not Backlog(100, live=False).is_whole
    backlog.go_to(2)
    backlog.add(b"abcd", backlog.generation)
    assert backlog.read(2, 10) == b"cd"
    assert backlog.read(backlog.end, 10) == b""  # nothing is there yet
