"""The config file as it is read: TOML, one table a provider, profiles apart.

::

    provider = "azure"

    [azure]
    region = "westeurope"

    [profile.work]
    provider = "watson"

    [profile.work.azure]
    region = "northeurope"
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from stt_cli.core.errors import ConfigurationError, UsageError
from stt_cli.core.secret import MASK
from stt_cli.settings.setting import TOP_LEVEL

PROFILES = "profile"
_EDIT = "fix the file, or run `stt config set`"
_NAME = re.compile(r"[\w-]{1,24}")
_PLACE = re.compile(r"^(?P<what>.*) \(at (?P<where>.*)\)$", re.S)


@dataclass(frozen=True, slots=True)
class Layer:
    """One place of the file: its outermost level, or one profile."""

    origin: str
    table: Mapping[str, Any] = field(repr=False)

    def get(self, *names: str) -> str | None:
        """Return the scalar at ``name`` or ``provider, name``, as text."""
        value: Any = self.table
        for name in names:
            value = value.get(name) if isinstance(value, Mapping) else None
        if value is None or isinstance(value, Mapping):
            return None
        return as_text(value)


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """The file's contents; an absent file is an empty one."""

    path: Path
    document: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, path: Path) -> ConfigFile:
        """Read and check a file.

        Raises:
            ConfigurationError: it cannot be read, is no TOML, or has a name or
                a value that no setting has.
        """
        try:
            content = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return cls(path)
        except OSError as fault:
            raise ConfigurationError(
                f"cannot read {path}: {fault.strerror or fault}",
                hint="check the file's permissions",
            ) from fault
        import tomllib  # not before there is a file: most users have none

        try:
            document = tomllib.loads(content.decode("utf-8-sig"))
        except (tomllib.TOMLDecodeError, RecursionError) as fault:
            nested = isinstance(fault, RecursionError)
            raise ConfigurationError(
                _broken(path, "it is nested too deeply" if nested else str(fault)),
                hint="fix the file in an editor, or move it away",
            ) from fault
        except UnicodeDecodeError as fault:
            raise ConfigurationError(
                f"{path} is not valid UTF-8 (byte {fault.start})",
                hint="save the file as UTF-8",
            ) from fault
        file = cls(path, document)
        file.check()
        return file

    def check(self) -> None:
        """Raise ``ConfigurationError`` for a name or a value that cannot be."""
        profiles = self.document.get(PROFILES, {})
        for where, table in self._levels(profiles):
            for name, value in table.items():
                if isinstance(value, Mapping):
                    self._check_table(where, name, value)
                elif name not in TOP_LEVEL:
                    raise self.unknown(f"{where}{name}", name, TOP_LEVEL)
                else:
                    self._check_scalar(f"{where}{name}", value)

    def layers(self, profile: str | None) -> list[Layer]:
        """Return the places to look in, the profile's before the file's own.

        Raises:
            UsageError: the file has no such profile.
        """
        own = Layer("config file", self.document)
        if profile is None:
            return [own]
        profiles = self.profiles()
        if profile not in profiles:
            near = get_close_matches(profile, profiles, n=1)
            hint = f"did you mean {near[0]}?" if near else _profiles_hint(profiles)
            raise UsageError(f"unknown profile {profile!r}", hint=hint)
        return [Layer(f"profile {profile}", profiles[profile]), own]

    def profiles(self) -> Mapping[str, Mapping[str, Any]]:
        """Return the profiles by name."""
        profiles = self.document.get(PROFILES, {})
        return profiles if isinstance(profiles, Mapping) else {}

    def check_provider(self, provider: str, names: Mapping[str, Any]) -> None:
        """Raise ``ConfigurationError`` for a setting that this provider lacks."""
        for where, owner, table in self.tables():
            for name in table if owner == provider else ():
                if name not in names:
                    raise self.unknown(f"{where}.{name}", name, names)

    def tables(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """Yield every provider's table: its whole name, the provider, the settings."""
        for where, level in self._levels(self.document.get(PROFILES, {})):
            for name, value in level.items():
                if isinstance(value, Mapping):
                    yield f"{where}{name}", name, value

    def unknown(
        self, full: str, name: str, names: Mapping[str, Any]
    ) -> ConfigurationError:
        """Return the error for a name that is none of ``names``."""
        near = get_close_matches(name, names, n=1)
        return ConfigurationError(
            f"{self.path}: unknown setting {_shown_name(full)}",
            hint=f"did you mean {near[0]}?"
            if near
            else f"choose from {', '.join(names)}",
        )

    def _levels(self, profiles: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
        yield "", {k: v for k, v in self.document.items() if k != PROFILES}
        if not isinstance(profiles, Mapping):
            raise ConfigurationError(
                f"{self.path}: profile must be a table, not a value",
                hint="to select a profile, use --profile or STT_PROFILE",
            )
        for name, table in profiles.items():
            if not isinstance(table, Mapping):
                raise ConfigurationError(
                    f"{self.path}: profile.{name} must be a table",
                    hint=f"start the profile with the line [profile.{name}]",
                )
            yield f"profile.{name}.", table

    def _check_table(self, where: str, name: str, table: Mapping[str, Any]) -> None:
        if name in TOP_LEVEL:
            raise ConfigurationError(
                f"{self.path}: {where}{name} must be a value, not a table",
                hint=f'write {name} = "…"',
            )
        for key, value in table.items():
            self._check_scalar(f"{where}{name}.{key}", value)

    def _check_scalar(self, full: str, value: Any) -> None:
        if isinstance(value, list | Mapping):
            raise ConfigurationError(
                f"{self.path}: {full} must be a single value, not a {_kind(value)}",
                hint=_EDIT,
            )


def config_path(folder: Path) -> Path:
    """Return where the config file stands in the config folder."""
    return folder / "config.toml"


def as_text(value: Any) -> str:
    """Return a TOML scalar as settings hold it: ``true``, ``16000``, ``de-DE``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip()


def _shown_name(full: str) -> str:
    """Return a name that no setting has; a long one may be a key in its place."""
    parts = full.split(".")
    return ".".join(part if _NAME.fullmatch(part) else MASK for part in parts)


def _kind(value: Any) -> str:
    return "list" if isinstance(value, list) else "table"


def _profiles_hint(profiles: Mapping[str, Any]) -> str:
    if profiles:
        return f"choose from {', '.join(profiles)}"
    return "to create one, run `stt config set --profile NAME …`"


def _broken(path: Path, words: str) -> str:
    found = _PLACE.match(words)
    if not found:
        return f"{path} is not valid TOML: {words}"
    what = found["what"][:1].lower() + found["what"][1:]
    return f"{path}, {found['where']}: {what}"
