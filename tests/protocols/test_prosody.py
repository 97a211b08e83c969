"""Rate, pitch, volume and contour as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import UsageError
from stt_cli.protocols import prosody


@pytest.mark.parametrize(
    ("read", "typed", "written"),
    [
        (prosody.rate, "+30%", "+30.00%"),
        (prosody.rate, "-30.5 %", "-30.50%"),
        (prosody.rate, "150%", "+50.00%"),
        (prosody.rate, "80%", "-20.00%"),
        (prosody.rate, "X-Slow", "x-slow"),
        (prosody.rate, "1.5", "1.5"),
        (prosody.pitch, "high", "high"),
        (prosody.pitch, "+2st", "+2st"),
        (prosody.pitch, "-20hz", "-20Hz"),
        (prosody.pitch, "120Hz", "120Hz"),
        (prosody.volume, "+20%", "+20.00%"),
        (prosody.volume, "+6dB", "+6dB"),
        (prosody.volume, "80", "80"),
        (prosody.volume, "silent", "silent"),
    ],
)
def test_a_value_becomes_the_attribute_of_ssml(
    read: object, typed: str, written: str
) -> None:
    assert read(typed).to_ssml() == written  # type: ignore[operator]


@pytest.mark.parametrize(
    ("read", "typed"),
    [
        (prosody.rate, "quick"),
        (prosody.rate, "+2st"),
        (prosody.rate, "-120%"),
        (prosody.rate, ""),
        (prosody.pitch, "loud"),
        (prosody.volume, "180"),
        (prosody.volume, "+2st"),
        (prosody.contour, "(0%,+20Hz"),
        (prosody.contour, "(120%,+20Hz)"),
        (prosody.contour, "up"),
    ],
)
def test_what_is_no_value_is_refused_with_an_example(read: object, typed: str) -> None:
    with pytest.raises(UsageError) as refused:
        read(typed)  # type: ignore[operator]
    assert repr(typed) in refused.value.message
    assert refused.value.hint


def test_a_contour_is_checked_point_by_point() -> None:
    assert prosody.contour("(80%,+20%)(90%, +30%)") == "(80%,+20.00%) (90%,+30.00%)"


@given(st.text(max_size=30))
def test_no_text_is_more_than_refused(typed: str) -> None:
    for read in (prosody.rate, prosody.pitch, prosody.volume, prosody.contour):
        try:
            read(typed)
        except UsageError:
            continue
