"""Storing and removing keys, and telling where each comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from stt_cli.core.environment import Environment
from stt_cli.core.errors import SttError, UsageError
from stt_cli.core.secret import Secret
from stt_cli.providers.registry import provider_names, provider_spec
from stt_cli.providers.spec import ProviderSpec, SettingSpec
from stt_cli.settings import Settings
from stt_cli.settings.credential_check import credential_fault
from stt_cli.settings.edit import file_keys, remove_value, set_value
from stt_cli.settings.file import config_path
from stt_cli.settings.keyring_store import KeyringStore

LONGEST = 16_384  # characters; IAM and Azure AD tokens reach a few thousand


@dataclass(frozen=True, slots=True)
class Credential:
    """One secret of a provider: every place it stands in, the one used first."""

    provider: str
    setting: str
    origins: tuple[str, ...]
    variables: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return what ``auth status --json`` shows."""
        return {
            "provider": self.provider,
            "setting": self.setting,
            "origin": self.origins[0] if self.origins else None,
            "also_in": list(self.origins[1:]),
            "variables": list(self.variables),
        }


def secrets_of(spec: ProviderSpec) -> list[SettingSpec]:
    """Return a provider's secret settings, the first of its first need first."""
    first = [name for need in spec.needs for name in need]
    secret = [setting for setting in spec.settings if setting.secret]
    return sorted(
        secret, key=lambda s: first.index(s.name) if s.name in first else len(first)
    )


def choose_secret(spec: ProviderSpec, name: str | None) -> SettingSpec:
    """Return the secret setting of that name, or the provider's first.

    Raises:
        UsageError: the provider has no such secret, or none at all.
    """
    secret = {setting.name: setting for setting in secrets_of(spec)}
    if not secret:
        raise UsageError(
            f"{spec.name} does not need a key",
            hint="`stt providers` shows which providers do",
        )
    if name is None:
        return next(iter(secret.values()))
    if name in secret:
        return secret[name]
    near = get_close_matches(name, secret, n=1)
    known = {setting.name for setting in spec.settings}
    if name in known:
        hint = f"it is not a secret; run `stt config set {spec.name}.{name} …`"
    else:
        hint = (
            f"did you mean {near[0]}?" if near else (f"choose from {', '.join(secret)}")
        )
    raise UsageError(f"{spec.name} has no secret named {name}", hint=hint)


def read_secret(data: bytes) -> Secret:
    """Return the secret that arrived on stdin, its last line end cut off.

    Raises:
        UsageError: nothing came, or something that no key or token is.
    """
    try:
        text = data.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise UsageError("stdin is not text", hint="pipe in just the key") from None
    return checked_secret(text)


def checked_secret(text: str) -> Secret:
    """Return a typed secret. Raises ``UsageError`` for what no header may carry."""
    text = text.strip()
    if not text:
        raise UsageError(
            "no key given",
            hint="pipe it in, for example: pass show azure | stt auth set azure",
        )
    fault = "is too long" if len(text) > LONGEST else credential_fault(text)
    if fault:
        raise UsageError(
            f"invalid key: it {fault}", hint="enter just the key, on one line"
        )
    return Secret(text)


def store(
    environment: Environment,
    spec: ProviderSpec,
    setting: SettingSpec,
    secret: Secret,
    profile: str | None,
) -> str:
    """Put a secret into the keyring; return the keyring's name.

    Raises:
        ConfigurationError: there is no keyring, or it is locked.
    """
    environment.redactor.register(secret)
    keyring = KeyringStore(environment.directories.config)
    keyring.put(keyring.entry(spec.name, setting.name, profile), secret)
    return keyring.backend()


def keep_in_file(
    environment: Environment,
    spec: ProviderSpec,
    setting: SettingSpec,
    secret: Secret,
    profile: str | None,
) -> None:
    """Write a secret into the config file, which only its owner can read (0600).

    For machines without a keyring; the user was asked.

    Raises:
        ConfigurationError: the file is broken or cannot be written.
    """
    environment.redactor.register(secret)
    set_value(
        config_path(environment.directories.config),
        file_keys(setting.name, spec.name, profile),
        secret.reveal(),
    )


def remove(
    environment: Environment,
    spec: ProviderSpec,
    setting: SettingSpec,
    profile: str | None,
) -> list[str]:
    """Remove a secret from keyring and config file; return where it was.

    Raises:
        ConfigurationError: keyring or file cannot be changed.
    """
    removed = []
    keyring = KeyringStore(environment.directories.config)
    if keyring.remove(keyring.entry(spec.name, setting.name, profile)):
        removed.append("keyring")
    path = config_path(environment.directories.config)
    if remove_value(path, file_keys(setting.name, spec.name, profile)):
        removed.append("config file")
    return removed


def status(settings: Settings, spec: ProviderSpec) -> Iterator[Credential]:
    """Yield each secret of a provider and the places it stands in."""
    for setting in secrets_of(spec):
        origins = settings.origins(spec, setting.name)
        yield Credential(spec.name, setting.name, tuple(origins), setting.variables)


def specs_with_secrets(name: str | None) -> Iterator[ProviderSpec]:
    """Yield the providers that take a key, or the one named.

    Raises:
        UsageError: there is no provider of that name, or it takes none.
    """
    if name is not None:
        spec = provider_spec(name)
        choose_secret(spec, None)
        yield spec
        return
    for each in provider_names():
        try:
            spec = provider_spec(each)
        except SttError:
            continue  # `stt providers` tells of one that cannot be loaded
        if secrets_of(spec):
            yield spec
