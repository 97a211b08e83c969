"""Which file of one request a result came from, as far as times tell."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.transcript import Segment
from stt_cli.protocols.watson.allotment import allot


def said(*times: tuple[float, float]) -> list[Segment]:
    return [Segment("words", start, end) for start, end in times]


def test_times_that_begin_again_are_the_next_files() -> None:
    share = allot(said((0, 1), (1, 2), (0.5, 1), (0.2, 0.4)), (2.0, 2.0, 2.0))
    assert share.files == (0, 0, 1, 2)
    assert share.certain == (True,) * 4


def test_a_result_beyond_a_files_end_is_another_files() -> None:
    share = allot(said((0.5, 1.0), (3.0, 4.0)), (2.0, 5.0))
    assert share.files == (0, 1)
    # The first might be the second file's too, ahead of its other result.
    assert share.certain == (False, True)


def test_a_silent_file_leaves_a_doubt_that_is_told() -> None:
    share = allot(said((0, 1)), (2.0, 2.0))
    assert (share.files, share.certain) == ((0,), (False,))


def test_results_without_times_leave_a_doubt() -> None:
    share = allot([Segment("a"), Segment("b")], (1.0, 1.0))
    assert share.certain == (False, False)


def test_one_file_leaves_none() -> None:
    assert allot([Segment("a"), *said((0, 1))], (None,)).certain == (True, True)


def test_more_beginnings_than_files_are_no_ones_for_certain() -> None:
    share = allot(said((1, 2), (0, 1), (0, 0.5)), (2.0, 2.0))
    assert not any(share.certain)
    assert max(share.files) == 1


@given(
    st.lists(
        st.lists(st.floats(0.2, 3), min_size=0, max_size=4), min_size=1, max_size=5
    )
)
def test_what_is_certain_is_so(files: list[list[float]]) -> None:
    segments, owners = [], []
    for index, lengths in enumerate(files):
        at = 0.0
        for length in lengths:
            segments.append(Segment("words", at, at + length))
            owners.append(index)
            at += length
    share = allot(segments, [sum(lengths) + 0.05 for lengths in files])
    for owner, file, certain in zip(owners, share.files, share.certain, strict=True):
        assert file <= owner
        assert file == owner or not certain
