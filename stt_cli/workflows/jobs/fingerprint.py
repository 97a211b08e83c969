"""How a submission is recognized: by the recording's bytes, and what was asked for.

BLAKE3 reads a file faster than most disks give it (several GB a second), so that
a recording is looked up in the ledger before it is sent. Two recordings have one
fingerprint when their bytes, provider, address and options are the same; a name is
none of these.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit

from stt_cli.audio.source import AudioSource

# What makes an address a signed one, and what a new signature changes with it:
# Azure ("Create a service SAS", "… user delegation SAS"); AWS, version 4 and 2;
# Google ("Signed URLs"); OSS and CloudFront, whose names are those of AWS' version 2.
_SIGNATURE = re.compile(r"sig|signature|x-(?:amz|goog|oss)-signature")
_SIGNING = re.compile(
    r"sig|s[vsrpte]|srt|spr|sip|sk(?:oid|tid|[tesv])"
    r"|x-(?:amz|goog|oss)-.*"
    r"|signature|expires|(?:aws|oss)accesskeyid|googleaccessid|key-pair-id|policy"
    r"|security-token"
)
_BLOCK = 1 << 20
"""Bytes read at a time: constant memory, and large enough to let threads run."""


def fingerprint(
    source: AudioSource,
    wanted: Iterable[str | None],
) -> str | None:
    """Return what identifies a submission, or ``None`` for a live source.

    Args:
        source: is read from beginning to end; of an address only its text counts,
            since the service fetches it.
        wanted: provider, address and options.

    Raises:
        AudioError: the recording cannot be read.
    """
    from blake3 import blake3

    if source.live:
        return None
    if source.url is not None:
        content = ["url", unsigned(source.url)]
    else:
        digest = blake3()
        for block in source.original(_BLOCK):
            digest.update(block)
        content = ["bytes", digest.hexdigest()]
    return blake3(json.dumps([*content, *wanted]).encode()).hexdigest()


def address_digest(url: str) -> str:
    """Return what identifies an address of which the ledger keeps no secret."""
    from blake3 import blake3

    return blake3(unsigned(url).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def unsigned(url: str) -> str:
    """Return an address without user, password, fragment and signature.

    These change while the recording stays the same. Nothing else of the query is
    left out: ``?id=1`` and ``?id=2`` may be two recordings. What is returned may
    hold secrets, and is for digests alone.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    pairs = parts.query.split("&")
    names = {pair.partition("=")[0].lower() for pair in pairs}
    if any(_SIGNATURE.fullmatch(name) for name in names):
        pairs = [
            pair
            for pair in pairs
            if not _SIGNING.fullmatch(pair.partition("=")[0].lower())
        ]
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "&".join(pairs), ""))
