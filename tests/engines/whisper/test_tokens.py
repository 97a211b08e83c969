"""Tokens are read from a model's own files, and text survives them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import ConfigurationError
from stt_cli.engines.whisper.store import _bundled_folder
from stt_cli.engines.whisper.tokens import (
    MOST_HINT_TOKENS,
    Vocabulary,
    decode,
    is_special,
    timestamp,
)

BUNDLED = _bundled_folder()
assert BUNDLED is not None
VOCABULARY = Vocabulary.of(BUNDLED)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        # As the library tokenizers 0.23 encodes them with the same tokenizer.json.
        (" What's the weather?", ["ĠWhat", "'s", "Ġthe", "Ġweather", "?"]),
        (" ComfyUI", ["ĠCom", "fy", "UI"]),
        ("naïve 12345", ["na", "Ã¯ve", "Ġ123", "45"]),
        ("a\n\n b", ["a", "ĊĊ", "Ġb"]),
        ("日", ["æĹ", "¥"]),
    ],
)
def test_text_is_encoded_as_it_was_in_training(text: str, tokens: list[str]) -> None:
    assert VOCABULARY.encode(text) == tokens


@given(st.text())
def test_what_is_encoded_is_decoded_to_the_same_text(text: str) -> None:
    tokens = VOCABULARY.encode(text)
    assert decode(tokens) == text
    assert all(token in VOCABULARY.ids for token in tokens)


def test_special_tokens_are_no_text() -> None:
    assert is_special("<|0.00|>")
    assert is_special("<|en|>")
    assert not is_special("Ġ<")
    assert timestamp("<|29.98|>") == 29.98
    assert timestamp("<|en|>") is None
    assert decode(["<|0.00|>", "ĠHi", "!", "<|1.00|>", "<|endoftext|>"]) == " Hi!"


def test_half_a_character_vanishes() -> None:
    assert decode(["Ġa", "æĹ"]) == " a"


def test_the_languages_are_those_of_the_model() -> None:
    assert VOCABULARY.languages[:3] == ("en", "zh", "de")
    assert len(VOCABULARY.languages) == 99


def test_hints_are_taken_while_there_is_room() -> None:
    tokens, left_out = VOCABULARY.hint(["ComfyUI", " Katie \n Smith "])
    assert decode(tokens) == " ComfyUI, Katie Smith"
    assert left_out == []
    tokens, left_out = VOCABULARY.hint(["word " * 200, "Katie", *["x y z"] * 80])
    assert len(tokens) <= MOST_HINT_TOKENS
    assert decode(tokens).startswith(" Katie, x y z")
    assert left_out[0] == "word " * 200
    assert len(left_out) > 20


def make(folder: Path, **files: object) -> Path:
    for name, content in files.items():
        path = folder / name.replace("_", ".")
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, encoding="utf-8")
    return folder


def test_a_vocabulary_may_be_json(tmp_path: Path) -> None:
    listed = ["a", "<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|yue|>", "x"]
    vocabulary = Vocabulary.of(make(tmp_path, vocabulary_json=listed))
    assert vocabulary.languages == ("en", "yue")
    assert vocabulary.ids["<|en|>"] == 3


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "has no vocabulary"),
        ({"vocabulary_json": "{"}, "cannot read"),
        ({"vocabulary_json": {"a": 1}}, "is not a list"),
        ({"vocabulary_txt": "a\nb\n"}, "is not a Whisper model"),
    ],
)
def test_what_is_no_vocabulary_is_told(
    tmp_path: Path, files: dict[str, object], told: str
) -> None:
    with pytest.raises(ConfigurationError, match=told):
        Vocabulary.of(make(tmp_path, **files))


@pytest.mark.parametrize(
    "text", ["", "[]", '{"model": {}}', '{"model": {"merges": 1}}']
)
def test_without_merges_there_are_no_hints(tmp_path: Path, text: str) -> None:
    make(
        tmp_path,
        vocabulary_txt="<|startoftranscript|>\n<|endoftext|>\n",
        tokenizer_json=text,
    )
    with pytest.raises(ConfigurationError, match="does not support phrases"):
        Vocabulary.of(tmp_path).encode("ab")
