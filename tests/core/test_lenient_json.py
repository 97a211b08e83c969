"""JSON with the commas that the 2018 document's samples have."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core import lenient_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES)
def test_json_is_read_as_it_is(value: Any) -> None:
    assert lenient_json.loads(json.dumps(value)) == value


@given(st.text(), st.sampled_from(["", " ", "\r\n  "]))
def test_a_comma_behind_the_last_member_is_passed_over(text: str, space: str) -> None:
    written = json.dumps(text)
    assert lenient_json.loads(f"[{written},{space}]") == [text]
    body = f'{{"a": {written},{space}}}'.encode()
    assert lenient_json.loads(body) == {"a": text}


def test_a_comma_inside_a_string_stays() -> None:
    assert lenient_json.loads('["a,]", "\\",}",]') == ["a,]", '",}']


@pytest.mark.parametrize("text", ["", ",", "[,]", "[1,,]", "{,", '["a,', "[1 2,]"])
def test_anything_else_is_still_no_json(text: str) -> None:
    if text == "[,]":  # what is left is an empty list
        assert lenient_json.loads(text) == []
        return
    with pytest.raises(ValueError, match=re.compile("Expect|Unterminated|delimiter")):
        lenient_json.loads(text)


@pytest.mark.parametrize("part", ['"', '\\"', '"\\', ",", ", ", "[,"])
def test_hostile_text_takes_no_longer_the_longer_it_is(part: str) -> None:
    began = time.process_time()
    with pytest.raises(json.JSONDecodeError):
        lenient_json.loads(part * (2**20 // len(part)))
    assert time.process_time() - began < 5
