"""Downloading a Whisper model from a hub.

The weights' SHA-256 is checked before the model's folder gets its name, in one step.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

from stt_cli.core.environment import Environment
from stt_cli.core.errors import NotFoundError, ProviderError
from stt_cli.core.events import Progress
from stt_cli.engines.whisper.catalog import VOCABULARIES, WEIGHTS, KnownModel
from stt_cli.engines.whisper.store import ModelStore, hash_of
from stt_cli.net.client import HttpClient
from stt_cli.net.context import PublicContext
from stt_cli.providers.local.download_folder import check_room, filled
from stt_cli.providers.local.hub import Hub, require_downloads


def download(
    model: KnownModel, store: ModelStore, environment: Environment
) -> Generator[Progress]:
    """Bring a model into the store, yielding how far its weights are, in bytes.

    Raises:
        ConfigurationError: ``HF_HUB_OFFLINE`` is set, or another process does it.
        UnreachableError: the hub is away, after all retries.
        NotFoundError: it does not have the model.
        ProviderError: it answers with something else.
        OutputError: there is no room, or the folder cannot be written.
    """
    require_downloads(environment)
    client = HttpClient(PublicContext(environment))
    folder = store.folder / model.name
    with closing(client), filled(folder) as part:
        hub = Hub(client, environment, model.name, model.repository, model.revision)
        for name in ("config.json", "tokenizer.json"):
            (part / name).write_bytes(_small_file(hub, model, name))
        _write_vocabulary(part, hub, model)
        path = part / WEIGHTS
        check_room(path, model.size, "model")
        yield from hub.large_file(WEIGHTS, path, model.size)
        digest = hash_of(path)
        if digest != model.sha256:
            path.unlink()
            raise ProviderError(
                f"{model.name} from the hub has an unexpected SHA-256",
                hint="try again; if HF_ENDPOINT is set to a mirror, unset it",
            )
    store.remember(folder, digest)


def _small_file(hub: Hub, model: KnownModel, name: str) -> bytes:
    """Return one of the files beside the weights, checked where its hash is known."""
    body = hub.small_file(name)
    expected = model.files.get(name)
    if expected is not None and hashlib.sha256(body).hexdigest() != expected:
        raise hub.altered(name)
    return body


def _write_vocabulary(part: Path, hub: Hub, model: KnownModel) -> None:
    """Write the vocabulary, which is called one thing or the other."""
    first, second = VOCABULARIES
    try:
        name, body = first, _small_file(hub, model, first)
    except NotFoundError:
        name, body = second, _small_file(hub, model, second)
    (part / name).write_bytes(body)
