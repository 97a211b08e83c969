"""The neural voices of this machine: listed, downloaded from a hub, and removed."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from difflib import get_close_matches
from functools import partial
from pathlib import Path

from stt_cli.core.catalog import Voice
from stt_cli.core.environment import Environment
from stt_cli.core.errors import ConfigurationError, NotFoundError, OutputError
from stt_cli.core.events import Notice, Progress
from stt_cli.core.options import VoiceQuery
from stt_cli.engines.espeak import open_espeak
from stt_cli.engines.piper import SUFFIX, VoiceFile, installed_voices
from stt_cli.engines.piper_catalog import CARD, KnownVoice, known_voices
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
                f"the hub has no SHA-256 for {voice.name}; only its length and MD5 "
                "were checked"
            )
        elif sums[model.name] != expected:
            model.unlink()
            raise hub.altered(model.name)
        _write_card(hub, voice, part)
        lines = (f"{digest}  {name}\n" for name, digest in sums.items())
        (part / SUMS).write_text("".join(lines), encoding="utf-8")
    if (folder / CARD).exists():
        yield Notice(f"the license of {voice.name} is in {folder / CARD}")


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


_BUNDLED, _DOWNLOADED, _ADDED = "bundled", "downloaded", "added"


def voices_folder(environment: Environment) -> Path:
    """Return where a user's neural voices are looked for by their names."""
    return environment.directories.data / "voices"


def voices(environment: Environment, query: VoiceQuery) -> Iterator[Voice]:
    """Yield the voices that match: neural ones here, eSpeak NG's, then those to get."""
    wanted = (query.language or "").replace("_", "-").lower()

    def speaks(tags: Iterable[str]) -> bool:
        return not wanted or any(
            tag.lower() == wanted or tag.lower().startswith(f"{wanted}-")
            for tag in tags
        )

    folder = voices_folder(environment)
    here = {voice.name: voice for voice in installed_voices(folder)}
    if query.gender is None:  # of neural voices nobody wrote it down
        for found in here.values():
            if speaks([found.language]):
                yield _installed(found, folder)
    for voice in open_espeak().voices():
        if speaks(voice.details["languages"]) and query.gender in (None, voice.gender):
            yield Voice(
                voice.id,
                voice.language,
                voice.name,
                voice.gender,
                {**voice.details, "installed": True, "origin": _BUNDLED},
            )
    if query.gender is None:
        for known in known_voices().values():
            if known.name not in here and speaks([known.language]):
                yield _to_get(known)


def _installed(found: VoiceFile, folder: Path) -> Voice:
    is_ours = bool(recorded_sums(folder / found.name))
    return Voice(
        id=found.name,
        language=found.language,
        name=found.name,
        details={
            "languages": [found.language],
            "engine": "piper",
            "installed": True,
            "origin": _DOWNLOADED if is_ours else _ADDED,
            "file": str(found.model),
            "size": found.model.stat().st_size,
            "speakers": found.speakers,
        },
    )


def _to_get(known: KnownVoice) -> Voice:
    return Voice(
        id=known.name,
        language=known.language,
        name=f"Piper {known.title}, {known.quality} quality",
        details={
            "languages": [known.language],
            "engine": "piper",
            "installed": False,
            "origin": None,
            "file": None,
            "size": known.size,
            "speakers": known.speakers,
            "quality": known.quality,
            "source": f"{known.repository}@{known.revision}",
        },
    )


def known_voice_names() -> list[str]:
    """Return the names of the voices that can be downloaded."""
    return list(known_voices())


def known_voice(name: str) -> KnownVoice:
    """Return a voice of the catalog. Raises ``NotFoundError``."""
    catalog = known_voices()
    if name in catalog:
        return catalog[name]
    near = get_close_matches(name, catalog, n=1)
    raise NotFoundError(
        f"unknown voice {name!r}",
        hint=f"did you mean {near[0]}?" if near else "`stt voices` lists voices",
    )


def download_voice(name: str, environment: Environment) -> Generator[Progress | Notice]:
    """Bring a voice to this machine, unless it is there. See ``voice_download``."""
    voice = known_voice(name)
    folder = voices_folder(environment) / voice.name
    if recorded_sums(folder):
        try:
            _verify(folder)
        except ConfigurationError as altered:
            yield Notice(altered.message, "replacing it")
        else:
            yield Notice(f"{voice.name} is already installed: {folder}")
            return
    yield from download(voice, folder, environment)


def remove_voice(name: str, environment: Environment) -> Path:
    """Remove a downloaded voice, and return the folder it was in.

    Raises:
        NotFoundError: it is none that this program downloaded.
        OutputError: the system does not let us.
    """
    folder = _downloaded(name, environment)
    try:
        shutil.rmtree(folder)
    except OSError as fault:
        raise OutputError(
            f"{folder} cannot be removed: {fault.strerror or fault}"
        ) from fault
    return folder


def verify_voice(name: str, environment: Environment) -> str:
    """Read a voice's bytes again; return the SHA-256 that its model has kept.

    Raises:
        NotFoundError: it is none that this program downloaded.
        ConfigurationError: its bytes are others.
    """
    return _verify(_downloaded(name, environment))


def installed_voice(name: str, environment: Environment) -> VoiceFile:
    """Return a voice of the user's folder. Raises ``NotFoundError``."""
    for found in installed_voices(voices_folder(environment)):
        if found.name == name:
            return found
    known = known_voice(name)
    raise NotFoundError(
        f"the voice {known.name} is not installed",
        hint=f"to install it, run: stt voices download {known.name}",
    )


def _downloaded(name: str, environment: Environment) -> Path:
    found = installed_voice(name, environment).model.parent
    if not recorded_sums(found):
        raise NotFoundError(
            f"the voice {name} was not downloaded by stt", hint=f"it is in {found}"
        )
    return found


def _verify(folder: Path) -> str:
    sums = recorded_sums(folder)
    for name, expected in sums.items():
        path = folder / name
        try:
            found = hash_of(path)
        except OSError as fault:
            raise ConfigurationError(
                f"{path} cannot be read: {fault.strerror or fault}",
                hint="remove the voice and download it again",
            ) from fault
        if found != expected:
            raise ConfigurationError(
                f"{path} is altered: its SHA-256 is not {expected[:12]}…",
                hint="remove the voice and download it again",
            )
    return sums[f"{folder.name}{SUFFIX}"]
