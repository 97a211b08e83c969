"""Where a recording is, told so that any shell finds it again.

A file is kept as an absolute ``file:`` URI (RFC 8089): its path's bytes need not
be UTF-8, and the folder of the shell that named it means nothing to another.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

from stt_cli.audio.inputs import STDIN, is_url

PIPE = "pipe:"
"""Audio that came once, through a pipe, and cannot be had again."""

_FILE = "file://"


def location_of(name: str) -> str:
    """Return where the input is that a user named so, seen from this folder."""
    if name == STDIN:
        return PIPE
    if is_url(name):
        return name
    # As it stands: links and ".." may mean another file once they are resolved.
    path = os.path.join(os.getcwd(), name)  # noqa: PTH109, PTH118 - 10,000 at once
    if os.name == "nt":
        return Path(path).as_uri()
    return _FILE + quote_from_bytes(os.fsencode(path))


def name_at(location: str) -> str | None:
    """Return the name by which it can be opened, ``None`` if it cannot be again."""
    if location == PIPE:
        return None
    if not location.startswith(_FILE):
        return location
    if os.name == "nt":
        from urllib.request import url2pathname

        return url2pathname(location.removeprefix(_FILE))
    return os.fsdecode(unquote_to_bytes(location.removeprefix(_FILE)))
