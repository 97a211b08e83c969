"""Turning one input into another that is nearly right."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Sequence

# Sizes, counts and rates that headers and messages get wrong.
_ODD = (0, 1, -1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000,
        0xFFFFFFFF, 2**63 - 1, 2**64 - 1)  # fmt: skip
_WORDS = (
    b"null", b"true", b"NaN", b"-Infinity", b"1e999", b"9" * 40, b'""', b"{}", b"[]",
    b"[[" * 500, b'{"a":' * 300, b"\\ud800", b"\\u0000", b"\x00", b"\x1b[2J", b"\r\n",
    b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"<!ENTITY a 'b'>", b"&a;", b"%00",
    b"]]>", b'"""', b"= =", b"[profile.x]", b"\t", b",,,,", b"Content-Length: -1\r\n",
    b"Transfer-Encoding: chunked\r\n", b"0\r\n\r\n", b"ffffffffffffffff\r\n",
)  # fmt: skip
_LONGEST = 1 << 16

_Mutation = Callable[[bytearray, random.Random], None]


def mutated(seeds: Sequence[bytes], chance: random.Random) -> bytes:
    """Return one of the seeds, changed in one to six places."""
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        if chance.random() < 0.1:
            _splice(data, chance.choice(seeds), chance)
        else:
            chance.choice(_MUTATIONS)(data, chance)
    return bytes(data[:_LONGEST])


def _at(data: bytearray, chance: random.Random) -> int:
    """Return a place; half of them near the start, where headers are."""
    most = len(data) if chance.random() < 0.5 else min(len(data), 64)
    return chance.randrange(most + 1)


def _flip(data: bytearray, chance: random.Random) -> None:
    if data:
        data[_at(data, chance) % len(data)] ^= 1 << chance.randrange(8)


def _put_byte(data: bytearray, chance: random.Random) -> None:
    if data:
        data[_at(data, chance) % len(data)] = chance.randrange(256)


def _put_number(data: bytearray, chance: random.Random) -> None:
    code, size = chance.choice((("B", 1), ("H", 2), ("I", 4), ("Q", 8)))
    value = chance.choice(_ODD) & (1 << 8 * size) - 1
    at = _at(data, chance)
    data[at : at + size] = struct.pack(chance.choice("<>") + code, value)


def _put_word(data: bytearray, chance: random.Random) -> None:
    at = _at(data, chance)
    word = chance.choice(_WORDS)
    over = len(word) if chance.random() < 0.5 else 0
    data[at : at + over] = word


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[_at(data, chance) :]


def _remove(data: bytearray, chance: random.Random) -> None:
    at = _at(data, chance)
    del data[at : at + chance.randrange(1, 32)]


def _repeat(data: bytearray, chance: random.Random) -> None:
    at = _at(data, chance)
    part = bytes(data[at : at + chance.randrange(1, 64)])
    data[at:at] = part * chance.choice((1, 2, 50))


def _put_digit(data: bytearray, chance: random.Random) -> None:
    """Change a number that is written in digits, where there is one."""
    digits = [index for index, byte in enumerate(data) if 48 <= byte <= 57]
    if digits:
        at = chance.choice(digits)
        data[at : at + 1] = chance.choice((b"", b"0", b"-", b"9" * 20, b"1e9", b"."))


def _splice(data: bytearray, other: bytes, chance: random.Random) -> None:
    start = chance.randrange(len(other) + 1)
    data[_at(data, chance) :] = other[start:]


_MUTATIONS: tuple[_Mutation, ...] = (
    _flip, _put_byte, _put_number, _put_number, _put_word, _cut, _remove, _repeat,
    _put_digit,
)  # fmt: skip
