"""JSON objects that arrive one after the other with nothing between them.

``observe_result`` with interim results sends them so, pretty-printed and cut
anywhere (IBM's HTTP interface, 2018, "Observe result"); a regular expression for
``}{`` would split inside strings.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import Any

from stt_cli.core.errors import ProviderError

_LARGEST_OBJECT = 16 * 2**20  # characters; no result of 100 MB of audio is near it


class GluedJson:
    """Takes bytes as they come and yields every object that is whole."""

    def __init__(self) -> None:
        self._text = ""
        self._utf8 = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._decoder = json.JSONDecoder()
        self._scan = _Brackets()

    def feed(self, data: bytes) -> Iterator[dict[str, Any]]:
        """Yield the objects that these bytes complete.

        Raises:
            ProviderError: what stands where one should begin is none.
        """
        self._text += self._utf8.decode(data)
        while True:
            self._text = self._text.lstrip() if not self._scan.started else self._text
            if not self._text:
                return
            end = self._scan.end_of_value(self._text)
            if end is None:
                self._refuse_the_endless()
                return
            piece, self._text = self._text[:end], self._text[end:]
            self._scan = _Brackets()
            yield self._decode(piece)

    def finish(self) -> None:
        """Say that no more comes. Raises ``ProviderError`` for half an object."""
        if self._text.strip():
            raise ProviderError(
                "the results ended in the middle of a JSON object", transient=True
            )

    def _decode(self, piece: str) -> dict[str, Any]:
        try:
            value = self._decoder.decode(piece)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise ProviderError(
                f"a result is not a JSON object: {' '.join(piece[:200].split())}"
            )
        return value

    def _refuse_the_endless(self) -> None:
        if len(self._text) > _LARGEST_OBJECT:
            raise ProviderError("a result does not end")


class _Brackets:
    """Finds where an object ends, looking at every character only once."""

    def __init__(self) -> None:
        self._position = 0
        self._depth = 0
        self._in_string = False
        self._escaped = False

    @property
    def started(self) -> bool:
        """Whether part of a value has been looked at."""
        return self._position > 0

    def end_of_value(self, text: str) -> int | None:
        """Return the index behind the first value of ``text``, once it is there."""
        if self._position == 0 and text[0] not in "{[":
            # Not an object: everything up to the next one is one bad value.
            following = text.find("{")
            return following if following > 0 else len(text)
        while self._position < len(text):
            character = text[self._position]
            self._position += 1
            if self._take(character):
                return self._position
        return None

    def _take(self, character: str) -> bool:
        if self._in_string:
            if self._escaped:
                self._escaped = False
            elif character == "\\":
                self._escaped = True
            elif character == '"':
                self._in_string = False
        elif character == '"':
            self._in_string = True
        elif character in "{[":
            self._depth += 1
        elif character in "}]":
            self._depth -= 1
            return self._depth == 0
        return False
