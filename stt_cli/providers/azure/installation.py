"""The GUID that names this installation to Bing Speech, made once and kept."""

from __future__ import annotations

import os
import re
from contextlib import suppress

from stt_cli.core.environment import Environment

FILE_NAME = "bing-client-id"
_GUID = re.compile(r"[0-9a-f]{32}")


def client_id(environment: Environment) -> str:
    """Return the kept ID; where none can be kept, one for this run."""
    path = environment.directories.state / FILE_NAME
    with suppress(OSError, UnicodeDecodeError):
        kept = path.read_text(encoding="ascii").strip()
        if _GUID.fullmatch(kept):
            return kept
    made = environment.new_hex_id()
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_name(f"{FILE_NAME}.{os.getpid()}")
        part.write_text(f"{made}\n", encoding="ascii")
        part.replace(path)
    return made
