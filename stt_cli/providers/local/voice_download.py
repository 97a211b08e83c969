"""Downloading a voice in piper's format from a hub.

Length and MD5 are the catalog's; the SHA-256 is what the hub itself keeps the file
under at that commit. Both must fit before the voice gets its name. The SHA-256 of what
came is written down beside it, in the form of ``sha256sum``, for ``stt voices verify``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from contextlib import closing
from functools import partial
from pathlib import Path

from stt_cli.core.environment import Environment
from stt_cli.core.errors import NotFoundError
from stt_cli.core.events import Notice, Progress
from stt_cli.engines.piper_catalog import CARD, KnownVoice
from stt_cli.engines.whisper.store import hash_of
from stt_cli.net.client import HttpClient
from stt_cli.net.context import PublicContext
from stt_cli.providers.local.download_folder import check_room, filled
from stt_cli.providers.local.hub import Hub, require_downloads

SUMS = "SHA256SUMS"


def download(
    voice: KnownVoice, folder: Path, environment: Environment
) -> Generator[Progress | Notice]:
    """Bring a voice to ``folder``, yielding how far its model is, in bytes.

    Raises:
        ConfigurationError: ``HF_HUB_OFFLINE`` is set, or another process does it.
        UnreachableError: the hub is away, after all retries.
        NotFoundError: it does not have the voice.
        ProviderError: it answers with something else, or has other bytes.
        OutputError: there is no room, or the folder cannot be written.
    """
    require_downloads(environment)
    client = HttpClient(PublicContext(environment))
    with closing(client), filled(folder) as part:
        hub = Hub(client, environment, voice.name, voice.repository, voice.revision)
        config = part / voice.config_name
        config.write_bytes(hub.small_file(f"{voice.folder}/{voice.config_name}"))
        _require_md5(hub, config, voice.config_md5)
        published = f"{voice.folder}/{voice.model_name}"
        expected = _published_sha256(hub, published)
        model = part / voice.model_name
        check_room(model, voice.size, "voice")
        yield from hub.large_file(published, model, voice.size)
        _require_md5(hub, model, voice.md5)
        sums = {path.name: hash_of(path) for path in (model, config)}
        if expected is None:
            yield Notice(
                f"the hub does not tell the SHA-256 of {voice.name}: only its length "
                "and MD5 were checked"
            )
        elif sums[model.name] != expected:
            model.unlink()
            raise hub.altered(model.name)
        _write_card(hub, voice, part)
        lines = (f"{digest}  {name}\n" for name, digest in sums.items())
        (part / SUMS).write_text("".join(lines), encoding="utf-8")
    if (folder / CARD).exists():
        yield Notice(f"the terms of {voice.name} are in {folder / CARD}")


def recorded_sums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of a downloaded voice's files by name; none if it is none."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    pairs = (line.partition("  ") for line in lines)
    return {name: digest for digest, _, name in pairs if name}


def _published_sha256(hub: Hub, name: str) -> str | None:
    try:
        return hub.published_sha256(name)
    except NotFoundError:  # a mirror of the files alone
        return None


def _require_md5(hub: Hub, path: Path, expected: str) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, partial(hashlib.md5, usedforsecurity=False))
    if found.hexdigest() != expected:
        path.unlink()
        raise hub.altered(path.name)


def _write_card(hub: Hub, voice: KnownVoice, part: Path) -> None:
    try:
        (part / CARD).write_bytes(hub.small_file(f"{voice.folder}/{CARD}"))
    except NotFoundError:
        (part / CARD).unlink(missing_ok=True)
