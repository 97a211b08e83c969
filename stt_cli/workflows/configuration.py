"""Reading and changing settings by name: ``language``, ``azure.region``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from stt_cli.core.database_address import is_database, passwords_in
from stt_cli.core.environment import Environment
from stt_cli.core.errors import (
    ConfigurationError,
    NothingFoundError,
    SttError,
    UsageError,
)
from stt_cli.core.options import Mode
from stt_cli.providers.registry import provider_names, provider_spec
from stt_cli.providers.spec import ProviderSpec
from stt_cli.settings import Setting, Settings
from stt_cli.settings.edit import file_keys, remove_value, set_value
from stt_cli.settings.endpoint import base_url
from stt_cli.settings.file import ConfigFile, config_path
from stt_cli.settings.setting import (
    DEFAULTS,
    ENDPOINT,
    TOP_LEVEL,
    endpoint_variables,
    variable_of,
)

_TAG = r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"
_LANGUAGES = re.compile(rf"{_TAG}(\s*,\s*{_TAG})*")
_PROFILE = re.compile(r"[A-Za-z0-9_-]+")
_SWITCH = ("on", "off")


@dataclass(frozen=True, slots=True)
class Name:
    """A setting that exists, by the name users give it."""

    setting: str
    help: str
    provider: ProviderSpec | None = None
    secret: bool = False

    def __str__(self) -> str:
        return f"{self.provider.name}.{self.setting}" if self.provider else self.setting

    @property
    def default(self) -> str | None:
        """What holds where it is not set."""
        return None if self.provider else DEFAULTS.get(self.setting)


@dataclass(frozen=True, slots=True)
class Listed:
    """A setting, what it holds now, and where that comes from."""

    name: Name
    found: Setting | None

    def to_dict(self) -> dict[str, Any]:
        """Return the setting as ``config list --json`` shows it."""
        return {
            "name": str(self.name),
            "value": self.found.shown if self.found else None,
            "default": self.name.default,
            "origin": self.found.origin if self.found else None,
            "secret": self.name.secret,
            "variables": list(variables_of(self.name)),
            "help": self.name.help,
        }


def parse_name(text: str) -> Name:
    """Return the setting of that name.

    Raises:
        UsageError: there is none; a near name is suggested.
    """
    provider, dot, setting = text.partition(".")
    if not dot:
        if text in TOP_LEVEL:
            return Name(text, TOP_LEVEL[text])
        names = [*TOP_LEVEL, *(f"{name}.{ENDPOINT}" for name in provider_names())]
        raise _unknown(text, names)
    spec = provider_spec(provider)
    for name in names_of(spec):
        if name.setting == setting:
            return name
    raise _unknown(text, [str(name) for name in names_of(spec)])


def readable(text: str) -> Name:
    """Return the setting of that name, whose value may be shown.

    Raises:
        UsageError: there is none, or it is a secret.
    """
    name = parse_name(text)
    if name.secret and name.provider:
        raise UsageError(
            f"{name} is a secret and cannot be shown",
            hint=f"`stt auth status {name.provider.name}` shows where it is stored",
        )
    return name


def names_of(spec: ProviderSpec) -> Iterator[Name]:
    """Yield the settings of a provider."""
    for setting in spec.settings:
        yield Name(setting.name, setting.help, spec, setting.secret)
    if not spec.is_local and all(setting.name != ENDPOINT for setting in spec.settings):
        yield Name(ENDPOINT, "base URL to use instead of the service's own", spec)


def get(settings: Settings, name: Name) -> Setting | None:
    """Return what a setting holds."""
    if name.provider is None:
        return settings.value(name.setting)
    return settings.provider_setting(name.provider, name.setting)


def require(settings: Settings, name: Name) -> Setting:
    """Return what a setting holds now.

    Raises:
        NothingFoundError: it is not set.
    """
    found = get(settings, name)
    if found is None:
        raise NothingFoundError(
            f"{name} is not set", hint=f"set it with `stt config set {name} …`"
        )
    return found


def list_settings(settings: Settings, *, unset: bool = False) -> Iterator[Listed]:
    """Yield every setting that holds a value, and with ``unset`` all the others."""
    for name in all_names():
        found = get(settings, name)
        if found or unset:
            yield Listed(name, found)


def all_names() -> Iterator[Name]:
    """Yield every setting there is; a provider that cannot be loaded has none."""
    for setting, words in TOP_LEVEL.items():
        yield Name(setting, words)
    for provider in provider_names():
        try:
            spec = provider_spec(provider)
        except SttError:
            continue  # `stt providers` and `stt doctor` tell of it
        yield from names_of(spec)


def change(
    environment: Environment, name: Name, value: str, profile: str | None
) -> None:
    """Write a value into the config file.

    Raises:
        UsageError: the value cannot be, or the setting is a secret, which a
            command line would show to everybody on the machine.
        ConfigurationError: the file is broken or cannot be written.
    """
    if name.secret and name.provider:
        raise UsageError(
            f"{name} is a secret and cannot be set on the command line",
            hint=f"run `stt auth set {name.provider.name} {name.setting}`",
        )
    set_value(
        config_path(environment.directories.config),
        _keys(name, profile),
        checked(name, value),
    )


def forget(environment: Environment, name: Name, profile: str | None) -> bool:
    """Remove a value from the config file; say whether it was there."""
    path = config_path(environment.directories.config)
    return remove_value(path, _keys(name, profile))


def variables_of(name: Name) -> tuple[str, ...]:
    """Return the environment variables that give a setting, the first first."""
    if name.provider is None:
        return (variable_of(name.setting),)
    if name.setting == ENDPOINT:
        return endpoint_variables(name.provider)
    named = (s.variables for s in name.provider.settings if s.name == name.setting)
    return next(named, ())


def misspelled(file: ConfigFile) -> Iterator[tuple[bool, SttError]]:
    """Yield what of a file is read by nobody, and whether it surely is a mistake.

    A table of no provider may be that of one which is not installed here.
    """
    known = provider_names()
    for where, provider, table in file.tables():
        if provider not in known:
            near = get_close_matches(provider, known, n=1)
            hint = (
                f"did you mean {near[0]}?"
                if near
                else f"choose from {', '.join(known)}"
            )
            words = f"{file.path}: unknown provider {where}"
            yield False, ConfigurationError(words, hint=hint)
            continue
        try:
            names = {name.setting: name for name in names_of(provider_spec(provider))}
        except SttError:
            continue  # a provider that cannot be loaded; see `all_names`
        for name in table:
            if name not in names:
                yield True, file.unknown(f"{where}.{name}", name, names)


def overriding_variable(environment: Environment, name: Name) -> str | None:
    """Return the environment variable that goes before the file's value, if any."""
    given = (v for v in variables_of(name) if environment.variables.get(v, "").strip())
    return next(given, None)


def checked(name: Name, value: str) -> str:
    """Return a value as it is written. Raises ``UsageError`` for what cannot be."""
    value = value.strip()
    if not value:
        raise UsageError(
            f"{name} needs a value", hint=f"to remove it, run `stt config unset {name}`"
        )
    if name.setting == ENDPOINT:
        return base_url(value, origin="--endpoint")
    if name.provider is None:
        _check_top_level(name.setting, value)
    return value


def _check_top_level(setting: str, value: str) -> None:
    choices: tuple[str, ...] = ()
    if setting == "provider":
        provider_spec(value)
    elif setting == "mode":
        choices = tuple(Mode)
    elif setting == "ledger":
        _check_ledger(value)
    elif setting == "language" and not _LANGUAGES.fullmatch(value):
        raise UsageError(
            f"{value!r} is not a language tag",
            hint="use a tag such as en-US or de-DE; separate several with commas",
        )
    if choices and value not in choices:
        raise UsageError(
            f"invalid value {value!r} for {setting}",
            hint=f"choose from {', '.join(choices)}",
        )


def _check_ledger(value: str) -> None:
    if is_database(value) and next(passwords_in(value), None):
        raise UsageError(
            "the address contains a password, which cannot be set on the command line",
            hint="keep the password in ~/.pgpass, or set STT_LEDGER",
        )
    if value not in _SWITCH and not is_database(value):
        # An address with a mistake in it may have a password as well.
        shown = repr(value) if value.isalnum() else "that"
        raise UsageError(
            f"invalid value {shown} for ledger",
            hint=f"use {', '.join(_SWITCH)} or postgresql://user@host/database",
        )


def _keys(name: Name, profile: str | None) -> tuple[str, ...]:
    if profile and not _PROFILE.fullmatch(profile):
        raise UsageError(
            f"invalid profile name {profile!r}",
            hint="use letters, digits, - and _",
        )
    provider = name.provider.name if name.provider else None
    return file_keys(name.setting, provider, profile)


def _unknown(text: str, names: list[str]) -> UsageError:
    near = get_close_matches(text, names, n=1)
    hint = (
        f"did you mean {near[0]}?" if near else ("`stt config list --all` lists them")
    )
    return UsageError(f"unknown setting {text}", hint=hint)
