"""Fields of any type are read as what they should be, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.protocols import json_fields as fields


@pytest.mark.parametrize(
    ("value", "text", "number", "flag"),
    [
        ("a", "a", None, False),
        ("", None, None, False),
        ("1.5", "1.5", 1.5, False),
        (7, "7", 7.0, False),
        (True, None, None, True),
        (False, None, None, False),
        (None, None, None, False),
        (float("nan"), None, None, False),
        ([1], None, None, False),
        ("inf", "inf", None, False),
        (10**400, str(10**400), None, False),
    ],
)
def test_values_are_read_by_what_they_are(
    value: Any, text: str | None, number: float | None, flag: bool
) -> None:
    one = {"x": value}
    assert fields.text(one, "x") == text
    assert fields.number(one, "x") == number
    assert fields.flag(one, "x") is flag


def test_moments_are_utc() -> None:
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    for text in (
        "2026-11-20T12:00:00Z",
        "2026-11-20T12:00:00",
        "2026-11-20T13:00:00+01:00",
        "2026-11-20 12:00:00.000",
    ):
        assert fields.moment({"x": text}, "x") == noon
    for wrong in ("yesterday", "", None, 5, "9999-99-99", "0001-01-01T00:00:00+23:59"):
        assert fields.moment({"x": wrong}, "x") is None


def test_lists_and_objects_leave_out_what_is_none() -> None:
    one = {"x": [{"a": 1}, 2, None], "y": {"b": 2}, "z": 3}
    assert fields.objects(one, "x") == ({"a": 1},)
    assert fields.items(one, "z") == ()
    assert fields.mapping(one, "y") == {"b": 2}
    assert fields.mapping(one, "x") == {}


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@given(ANYTHING)
def test_no_value_is_too_strange(value: Any) -> None:
    one = {"x": value}
    for read in (
        fields.text,
        fields.number,
        fields.integer,
        fields.flag,
        fields.mapping,
        fields.objects,
        fields.items,
        fields.moment,
    ):
        read(one, "x")
