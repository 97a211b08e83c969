"""JSON as services document it: a comma may stand behind the last member.

The 2018 document's own samples of detailed results, speech.config and telemetry
have such commas, and whoever built a private service by them may send them.
"""

from __future__ import annotations

import json
import re
from typing import Any

# A string is passed over whole, even one that the end cuts off.
_STRING_OR_TRAILING_COMMA = re.compile(
    r'("(?:[^"\\]|\\.)*+(?:"|\\?\Z))|,(?=\s*+[}\]])', re.DOTALL
)
_LONGEST = 2**20
"""Of a text that is read again: samples are short, and a torn transcript is not."""


def loads(data: str | bytes) -> Any:
    """Return what the text holds.

    Raises:
        ValueError: it is no JSON, even without such commas.
        RecursionError: it is nested too deeply.
    """
    try:
        return json.loads(data)
    except ValueError:
        if len(data) > _LONGEST:
            raise
        text = data if isinstance(data, str) else data.decode()
        shorter = _STRING_OR_TRAILING_COMMA.sub(lambda found: found[1] or "", text)
        if len(shorter) == len(text):
            raise
        return json.loads(shorter)
