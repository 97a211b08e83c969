"""Glued JSON objects come out whole, wherever the bytes were cut."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import ProviderError
from stt_cli.protocols.watson.glued_json import GluedJson

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
OBJECTS = st.lists(st.dictionaries(st.text(), VALUES, max_size=4), max_size=5)


@given(OBJECTS, st.sampled_from(["", "\n", "  "]), st.integers(1, 40), st.booleans())
def test_every_object_arrives_once_whatever_the_cuts(
    objects: list[dict[str, Any]], between: str, size: int, pretty: bool
) -> None:
    texts = [
        json.dumps(each, indent=3 if pretty else None, ensure_ascii=False)
        for each in objects
    ]
    data = between.join(texts).encode("utf-8", "surrogatepass")
    data = data.decode("utf-8", "replace").encode()
    stream = GluedJson()
    heard = [
        value
        for start in range(0, len(data), size)
        for value in stream.feed(data[start : start + size])
    ]
    stream.finish()
    assert len(heard) == len(objects)
    assert [json.dumps(each) for each in heard] == [
        json.dumps(json.loads(text.encode("utf-8", "replace"))) for text in texts
    ]


def test_an_object_comes_as_soon_as_its_last_byte() -> None:
    stream = GluedJson()
    assert list(stream.feed(b'{"a": "}{"')) == []
    assert list(stream.feed(b"}")) == [{"a": "}{"}]


def test_half_an_object_at_the_end_is_a_transient_fault() -> None:
    stream = GluedJson()
    assert list(stream.feed(b' {"results": [')) == []
    with pytest.raises(ProviderError, match="ended in the middle") as caught:
        stream.finish()
    assert caught.value.transient


def test_what_is_no_json_is_named() -> None:
    with pytest.raises(ProviderError, match="Bad Gateway"):
        list(GluedJson().feed(b"<html>Bad Gateway</html>"))


@pytest.mark.parametrize(
    "data", [b"null ", b"[] ", b"[1, 2] ", b'"x" ', b"17 ", b"NaN "]
)
def test_what_is_no_object_is_refused(data: bytes) -> None:
    with pytest.raises(ProviderError, match="not a JSON"):
        list(GluedJson().feed(data + b"{}"))
