"""Whisper's tokens: byte-level byte-pair encoding, read from a model's own files.

Every token is spelled in printable characters that stand for bytes (Radford et al.
2019, GPT-2), special ones in ``<|…|>``. ``vocabulary.txt`` or ``vocabulary.json``
lists them by ID; ``tokenizer.json`` holds the merges, needed only to encode.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path

from stt_cli.core.errors import ConfigurationError
from stt_cli.engines.whisper.catalog import VOCABULARIES

START, END, PREVIOUS = "<|startoftranscript|>", "<|endoftext|>", "<|startofprev|>"
TRANSCRIBE = "<|transcribe|>"

MOST_HINT_TOKENS = 160
"""Tokens of hints: in the context of 448 the text of a window needs up to 200."""

_TIMESTAMP = re.compile(r"<\|(\d+\.\d\d)\|>")
_SPECIAL = re.compile(r"<\|.*\|>", re.DOTALL)
_LANGUAGE = re.compile(r"<\|([a-z]{2,3})\|>")

# GPT-2's pattern of what is merged by itself, its \p{L} and \p{N} spelled in the
# terms of Python's ``re``: letters are word characters but digits and "_".
_PIECES = re.compile(
    r"'(?:s|t|re|ve|m|ll|d)"
    r"| ?[^\W\d_]+"
    r"| ?\d+"
    r"| ?(?:[^\s\w]|_)+"
    r"|\s+(?!\S)"
    r"|\s+"
)


def is_special(token: str) -> bool:
    """Whether a token is no text: a timestamp, a language, a task."""
    return _SPECIAL.fullmatch(token) is not None


def timestamp(token: str) -> float | None:
    """Return the seconds of a timestamp token, or ``None`` for any other."""
    found = _TIMESTAMP.fullmatch(token)
    return float(found[1]) if found else None


def token_bytes(token: str) -> bytes:
    """Return the bytes that a token of text stands for."""
    table = _byte_of_character()
    return bytes(table[character] for character in token if character in table)


def decode(tokens: list[str]) -> str:
    """Return the text of tokens; special ones and halves of characters vanish."""
    data = b"".join(token_bytes(token) for token in tokens if not is_special(token))
    return data.decode("utf-8", errors="ignore")


@dataclass(frozen=True)
class Vocabulary:
    """The tokens of one model, by ID."""

    folder: Path
    tokens: tuple[str, ...]

    @classmethod
    def of(cls, folder: Path) -> Vocabulary:
        """Read the vocabulary of a model folder.

        Raises:
            ConfigurationError: it has none, or one that is no Whisper's.
        """
        if not any((folder / name).is_file() for name in VOCABULARIES):
            raise ConfigurationError(
                f"the model in {folder} has no vocabulary",
                hint="a CTranslate2 Whisper model has vocabulary.txt or .json",
            )
        try:
            tokens = _read_tokens(folder)
        except (OSError, ValueError) as fault:
            raise ConfigurationError(
                f"cannot read the vocabulary of the model in {folder}: {fault}",
                hint="a CTranslate2 Whisper model has vocabulary.txt or .json",
            ) from fault
        if START not in tokens or END not in tokens:
            raise ConfigurationError(
                f"the model in {folder} is not a Whisper model: its vocabulary has "
                f"no {START}",
                hint="--model takes Whisper models converted for CTranslate2",
            )
        return cls(folder, tokens)

    @cached_property
    def ids(self) -> dict[str, int]:
        """The ID of every token."""
        return {token: number for number, token in enumerate(self.tokens)}

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages that the model has tokens for."""
        first = self.ids[START] + 1
        found = []
        for token in self.tokens[first:]:
            language = _LANGUAGE.fullmatch(token)
            if language is None:
                break
            found.append(language[1])
        return tuple(found)

    def encode(self, text: str) -> list[str]:
        """Return the tokens of a text.

        Raises:
            ConfigurationError: the model has no ``tokenizer.json``.
        """
        characters = _character_of_byte()
        tokens: list[str] = []
        for piece in _PIECES.findall(text):
            spelled = "".join(characters[byte] for byte in piece.encode())
            tokens += self._merged(spelled)
        return tokens

    def hint(self, phrases: Sequence[str]) -> tuple[list[str], list[str]]:
        """Return phrases as tokens of a text, and those that it has no room for."""
        tokens: list[str] = []
        left_out: list[str] = []
        for phrase in phrases:
            separator = "," if tokens else ""
            more = self.encode(f"{separator} {' '.join(phrase.split())}")
            if len(tokens) + len(more) > MOST_HINT_TOKENS:
                left_out.append(phrase)
            else:
                tokens += more
        return tokens, left_out

    def _merged(self, spelled: str) -> list[str]:
        """Join the neighbors that were joined earliest in training, one by one."""
        parts = list(spelled)
        while len(parts) > 1:
            ranks = [
                self._merges.get(pair, len(self._merges)) for pair in pairwise(parts)
            ]
            best = min(ranks)
            if best == len(self._merges):
                break
            at = ranks.index(best)
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
        return [part for part in parts if part in self.ids]

    @cached_property
    def _merges(self) -> dict[tuple[str, str], int]:
        try:
            document = json.loads((self.folder / "tokenizer.json").read_bytes())
            merges = document["model"]["merges"]
            # Later writers of the format keep pairs, earlier ones "a b".
            pairs = (
                each.split(" ") if isinstance(each, str) else each for each in merges
            )
            return {(left, right): rank for rank, (left, right) in enumerate(pairs)}
        except (OSError, ValueError, KeyError, TypeError) as fault:
            raise ConfigurationError(
                f"the model in {self.folder} does not support phrases: cannot read "
                "its tokenizer.json",
                hint="remove --phrase, or use a different model",
            ) from fault


def _read_tokens(folder: Path) -> tuple[str, ...]:
    listed = folder / "vocabulary.json"
    if listed.exists():
        tokens = json.loads(listed.read_bytes())
        if not isinstance(tokens, list):
            raise ValueError("vocabulary.json is not a list")
        return tuple(str(token) for token in tokens)
    text = (folder / "vocabulary.txt").read_text(encoding="utf-8")
    return tuple(text.removesuffix("\n").split("\n"))


@cache
def _character_of_byte() -> tuple[str, ...]:
    """Printable bytes stand for themselves, the others for U+0100 and following."""
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    characters, others = [], 0
    for byte in range(256):
        if byte in printable:
            characters.append(chr(byte))
        else:
            characters.append(chr(0x100 + others))
            others += 1
    return tuple(characters)


@cache
def _byte_of_character() -> dict[str, int]:
    return {character: byte for byte, character in enumerate(_character_of_byte())}
