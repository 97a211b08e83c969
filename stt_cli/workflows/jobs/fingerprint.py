"""How a submission is known again: the recording's bytes, and what was asked for.

BLAKE3 reads a file faster than most disks give it (several GB a second), so that
a recording is looked up in the ledger before it is sent. Two recordings have one
fingerprint when their bytes, provider, address and wishes are the same; a name is
none of these.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from stt_cli.audio.source import AudioSource

_BLOCK = 1 << 20
"""Bytes read at a time: constant memory, and large enough to let threads run."""


def fingerprint(
    source: AudioSource,
    wanted: Iterable[str | None],
    clean: Callable[[str], str] = str,
) -> str | None:
    """Return what tells the same submission again, or ``None`` for a live source.

    Args:
        source: is read from beginning to end; of an address only its text counts,
            since the service fetches it.
        wanted: provider, address and wishes.
        clean: masks secrets, which change while the recording stays the same.

    Raises:
        AudioError: the recording cannot be read.
    """
    from blake3 import blake3

    if source.live:
        return None
    if source.url is not None:
        content = ["url", clean(source.url)]
    else:
        digest = blake3()
        for block in source.original(_BLOCK):
            digest.update(block)
        content = ["bytes", digest.hexdigest()]
    return blake3(json.dumps([*content, *wanted]).encode()).hexdigest()
