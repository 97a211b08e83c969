"""Changing the config file: one value at a time, comments and order kept."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from stt_cli.settings.atomic import write_private
from stt_cli.settings.file import PROFILES, ConfigFile


def file_keys(name: str, provider: str | None, profile: str | None) -> tuple[str, ...]:
    """Return where a setting stands in the file, from the outermost table inwards."""
    where = (PROFILES, profile) if profile else ()
    return (*where, provider, name) if provider else (*where, name)


def set_value(path: Path, keys: tuple[str, ...], value: str) -> None:
    """Write one value; tables that are not there yet are begun.

    Raises:
        ConfigurationError: the file is broken or cannot be written.
    """
    import tomlkit

    document = _read(path)
    table: Any = document
    for depth, key in enumerate(keys[:-1]):
        if key not in table:
            # [profile.work] needs no empty [profile] above it.
            only_tables = depth < len(keys) - 2
            table[key] = tomlkit.table(is_super_table=only_tables or None)
        table = table[key]
    table[keys[-1]] = value
    _write(path, document)


def remove_value(path: Path, keys: tuple[str, ...]) -> bool:
    """Remove one value, and the tables that it leaves empty; say whether it was there.

    Raises:
        ConfigurationError: the file is broken or cannot be written.
    """
    document = _read(path)
    tables: list[MutableMapping[str, Any]] = [document]
    for key in keys[:-1]:
        if key not in tables[-1]:
            return False
        tables.append(tables[-1][key])
    if keys[-1] not in tables[-1]:
        return False
    for table, key in zip(reversed(tables), reversed(keys), strict=True):
        del table[key]
        if table or key == PROFILES:
            break
    _write(path, document)
    return True


def _read(path: Path) -> MutableMapping[str, Any]:
    import tomlkit

    ConfigFile.read(path)  # tells what is wrong with it, and where
    try:
        return tomlkit.parse(path.read_bytes().decode("utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return tomlkit.document()


def _write(path: Path, document: MutableMapping[str, Any]) -> None:
    import tomlkit

    write_private(path, tomlkit.dumps(document))
