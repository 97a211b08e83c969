"""Folders, config file, keyring: what is kept between runs, and where."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from stt_cli.core.catalog import Check
from stt_cli.core.environment import Environment
from stt_cli.core.errors import SttError
from stt_cli.core.private_folder import make_private
from stt_cli.providers.registry import provider_names, provider_spec
from stt_cli.settings import Settings
from stt_cli.settings.file import ConfigFile
from stt_cli.settings.keyring_store import KeyringStore
from stt_cli.workflows.configuration import misspelled


def check_folders(environment: Environment) -> Iterator[Check]:
    """Try whether each folder can be made and written."""
    for kind in ("config", "state", "cache"):
        name = f"{kind} folder"
        try:
            folder: Path = getattr(environment.directories, kind)
        except SttError as error:
            yield Check.failed(name, error)
            continue
        yield _check_folder(name, folder)


def check_config(environment: Environment, profile: str | None = None) -> Check:
    """Read the config file; warn of secrets in it that others may read."""
    try:
        file = Settings.load(environment, profile=profile).file
        path = file.path
        vain = list(misspelled(file))
    except SttError as error:
        return Check.failed("config file", error)
    for is_mistake, found in sorted(vain, key=lambda each: not each[0])[:1]:
        if is_mistake:
            return Check.failed("config file", found)
        return Check("config file", "warning", found.message, found.hint)
    if not path.exists():
        return Check("config file", "ok", f"{path} (does not exist, which is fine)")
    if path.stat().st_mode & 0o077 and list(_secrets_in(file)):
        names = ", ".join(_secrets_in(file))
        return Check(
            "config file",
            "warning",
            f"{path} contains {names}, and other users can read it",
            f"run `chmod 600 {path}`, or move the keys with `stt auth set`",
        )
    return Check("config file", "ok", str(path))


def check_keyring(environment: Environment) -> Check:
    """Say which keyring keeps the keys, or that there is none."""
    try:
        store = KeyringStore(environment.directories.config)
        if not store.is_usable():
            return Check(
                "keyring",
                "missing",
                "no keyring on this machine",
                "set keys as environment variables; `stt auth status` lists them",
            )
        for entry in sorted(store.noted()):
            store.look_up(entry)
    except SttError as error:
        return Check.failed("keyring", error)
    return Check("keyring", "ok", store.backend())


def _check_folder(name: str, folder: Path) -> Check:
    try:
        make_private(folder)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".stt-doctor-"):
            pass
    except OSError as fault:
        return Check(
            name,
            "warning",
            f"cannot write to {folder}: {fault.strerror or fault}",
            "make it writable, or set STT_HOME to a different folder",
        )
    return Check(name, "ok", str(folder))


def _secrets_in(file: ConfigFile) -> Iterator[str]:
    """Yield the names of the secrets that a config file holds."""
    for where, table in {"": file.document, **file.profiles()}.items():
        for provider in provider_names():
            own = table.get(provider)
            if not isinstance(own, Mapping):
                continue
            for setting in provider_spec(provider).settings:
                if setting.secret and setting.name in own:
                    prefix = f"profile.{where}." if where else ""
                    yield f"{prefix}{provider}.{setting.name}"
