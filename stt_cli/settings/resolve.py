"""Which value holds: option, environment, keyring, profile, config file, in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import IntEnum
from typing import TYPE_CHECKING

from stt_cli.core.database_address import passwords_in
from stt_cli.core.environment import Environment
from stt_cli.core.errors import (
    ConfigurationError,
    CredentialsError,
    SttError,
    UsageError,
)
from stt_cli.core.secret import Secret
from stt_cli.providers.base import ProviderContext
from stt_cli.providers.spec import ProviderSpec, SettingSpec
from stt_cli.settings.credential_check import check_credential
from stt_cli.settings.endpoint import base_url, sends_in_clear
from stt_cli.settings.file import ConfigFile, config_path
from stt_cli.settings.keyring_store import KeyringStore
from stt_cli.settings.setting import (
    ENDPOINT,
    TOP_LEVEL,
    Setting,
    endpoint_variables,
    variable_of,
)

if TYPE_CHECKING:
    from stt_cli.core.events import Notice

_SYNTHESIS = "tts_"


class Rank(IntEnum):
    """The origins of a provider's setting, the strongest first."""

    ENVIRONMENT = 0
    KEYRING = 1
    FILE = 2


Find = Callable[[ProviderSpec, SettingSpec, Rank], Setting | None]


def choose_secrets(spec: ProviderSpec, find: Find) -> dict[str, Secret]:
    """Return the secrets; of the ways to be ready, those of the strongest origin.

    A key in the environment must not lose against a token that was once stored,
    so weaker origins are asked only as long as no need of the same service is met.
    A secret that is part of no need (a web hook's) stands for itself.
    """
    needs = [_secrets_among(spec, need) for need in spec.needs]
    found: dict[str, Secret] = {}
    for rank in Rank:
        met = {_service_of(need) for need in needs if need and need <= found.keys()}
        settled = {name for need in needs if _service_of(need) in met for name in need}
        for setting in spec.settings:
            if setting.secret and setting.name not in settled:
                value = find(spec, setting, rank)
                if value:
                    found.setdefault(setting.name, Secret(value.value))
    return found


def setting_spec(spec: ProviderSpec, name: str) -> SettingSpec:
    """Return a provider's setting of that name; each has an endpoint."""
    for setting in spec.settings:
        if setting.name == name:
            return setting
    if name == ENDPOINT:
        return SettingSpec(ENDPOINT, (), "base URL")
    raise KeyError(f"{spec.name} has no setting named {name}")


def lacking(spec: ProviderSpec, missing: tuple[str, ...]) -> SttError:
    """Return the error that names what a provider lacks and how to give it."""
    wanted = [setting_spec(spec, name) for name in missing]
    message = f"{spec.name} needs {' and '.join(map(_with_article, missing))}"
    hint = _how_to_set(spec, wanted)
    if any(setting.secret for setting in wanted):
        return CredentialsError(message, hint=hint)
    return ConfigurationError(message, hint=hint)


def _secrets_among(spec: ProviderSpec, need: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name for name in need if setting_spec(spec, name).secret)


def _service_of(need: frozenset[str]) -> str:
    """Return which service a need is for: IBM's synthesis has keys of its own."""
    return _SYNTHESIS if all(name.startswith(_SYNTHESIS) for name in need) else ""


def _how_to_set(spec: ProviderSpec, wanted: list[SettingSpec]) -> str:
    variables = [setting.variables[0] for setting in wanted if setting.variables]
    ways = [f"set {' and '.join(variables)}"] if variables else []
    for setting in wanted:
        if setting.secret:
            ways.append(f"run `stt auth set {spec.name} {setting.name}`")
        else:
            ways.append(f"run `stt config set {spec.name}.{setting.name} …`")
    if len(wanted) > 1:
        return f"{ways[0]}, or {' and '.join(ways[1:])}"
    return ", or ".join(ways)


def _with_article(name: str) -> str:
    return f"an {name}" if name[:1] in "aeiou" else f"a {name}"


KEYRING = "keyring"


class Settings:
    """Every setting of one command, looked up when asked for."""

    def __init__(
        self, environment: Environment, file: ConfigFile, profile: str | None
    ) -> None:
        self.file = file
        self.profile = profile
        self.keyring = KeyringStore(environment.directories.config)
        self._environment = environment
        in_keyring_only = (
            profile not in file.profiles() and profile in self.keyring.profiles()
        )
        self._layers = file.layers(None if in_keyring_only else profile)

    @classmethod
    def load(cls, environment: Environment, *, profile: str | None = None) -> Settings:
        """Read the config file.

        Raises:
            ConfigurationError: the file cannot be read or is wrong; the message
                names line and column.
            UsageError: there is no such profile.
        """
        file = ConfigFile.read(config_path(environment.directories.config))
        named = environment.variables.get("STT_PROFILE", "").strip()
        return cls(environment, file, profile or named or None)

    def provider_name(self, chosen: str | None) -> str:
        """Return the provider to use: the one chosen, else set, else ``local``."""
        if chosen:
            return chosen
        setting = self.value("provider")
        return setting.value if setting else "local"

    def value(self, name: str) -> Setting | None:
        """Return a top-level setting, from ``STT_<NAME>``, profile or file."""
        if name not in TOP_LEVEL:
            raise KeyError(name)
        found = self._variable(variable_of(name)) or self._filed(name)
        for password in passwords_in(found.value) if found else ():
            self._environment.redactor.register(password)
        return found

    def provider_setting(self, spec: ProviderSpec, name: str) -> Setting | None:
        """Return a provider's setting; of a secret, the first place it stands in.

        Raises:
            ConfigurationError: the file has a setting that the provider lacks, or
                the keyring is locked.
        """
        self._check_names(spec)
        if name == ENDPOINT:
            return self._endpoint_setting(spec)
        setting = setting_spec(spec, name)
        ranked = (self._found(spec, setting, rank) for rank in Rank)
        return next((found for found in ranked if found), None)

    def origins(self, spec: ProviderSpec, name: str) -> list[str]:
        """Return every place that gives a setting, the one that holds first.

        Asks the keyring itself, whether or not it was noted to have the entry.
        """
        setting = setting_spec(spec, name)
        found = {}
        for variable in setting.variables:
            found[variable] = self._variable(variable)
        if setting.secret:
            found[KEYRING] = self._stored(spec, name, noted=False)
        for layer in self._layers:
            value = layer.get(spec.name, name)
            found[layer.origin] = Setting(value, layer.origin) if value else None
        present = {origin: setting for origin, setting in found.items() if setting}
        if setting.secret:
            for each in present.values():
                self._environment.redactor.register(Secret(each.value))
        return list(present)

    def context_for(
        self,
        spec: ProviderSpec,
        *,
        endpoint: str | None = None,
        insecure: bool = False,
        cluster: str | None = None,
        log: Callable[[str], None] = lambda _line: None,
        warn: Callable[[Notice], None] = lambda _notice: None,
    ) -> ProviderContext:
        """Return what the provider works with; every secret is masked from now on.

        Whether anything is missing is for ``require`` or the provider to say.

        Raises:
            UsageError: a secret would go in clear text to another host.
            ConfigurationError: an address or the file is wrong.
        """
        base = self.endpoint(spec, endpoint)
        values, secrets = self._values(spec), choose_secrets(spec, self._found)
        addresses = [base or "", *values.values()]
        in_clear = next((url for url in addresses if sends_in_clear(url)), None)
        if in_clear and any(secrets.values()) and not insecure:
            raise UsageError(
                f"refusing to send {spec.name} credentials unencrypted to {in_clear}",
                hint="use https, or --insecure if you trust the network",
            )
        return ProviderContext(
            environment=self._environment,
            values=values,
            secrets=secrets,
            endpoint=base,
            insecure=insecure,
            cluster=cluster,
            log=log,
            warn=warn,
        )

    def endpoint(self, spec: ProviderSpec, chosen: str | None = None) -> str | None:
        """Return the base address to use, checked, without a trailing slash."""
        if chosen:
            return base_url(chosen, origin="--endpoint")
        self._check_names(spec)
        setting = self._endpoint_setting(spec)
        return base_url(setting.value, origin=setting.origin) if setting else None

    def missing(
        self, spec: ProviderSpec, endpoint: str | None = None
    ) -> tuple[str, ...]:
        """Return the settings still wanted by the need that lacks fewest.

        An endpoint makes a provider ready: containers and emulators take
        requests without credentials.
        """
        if not spec.needs or self.endpoint(spec, endpoint):
            return ()
        wanting = [
            tuple(name for name in need if not self.provider_setting(spec, name))
            for need in spec.needs
        ]
        return min(wanting, key=len)

    def require(self, spec: ProviderSpec, endpoint: str | None = None) -> None:
        """Raise unless the provider has what it needs.

        Raises:
            CredentialsError: a secret is missing.
            ConfigurationError: only something else is, such as a region.
        """
        missing = self.missing(spec, endpoint)
        if not missing:
            return
        raise lacking(spec, missing)

    def _found(
        self, spec: ProviderSpec, setting: SettingSpec, rank: Rank
    ) -> Setting | None:
        if rank is Rank.ENVIRONMENT:
            named = (self._variable(name) for name in setting.variables)
            found = next((value for value in named if value), None)
        elif rank is Rank.KEYRING:
            found = self._stored(spec, setting.name) if setting.secret else None
        else:
            found = self._filed(spec.name, setting.name)
        if found and setting.secret:
            self._environment.redactor.register(Secret(found.value))
            check_credential(found.value, _place(found, spec, setting))
            return replace(found, secret=True)
        if found:
            _check_text(found, spec, setting)
        return found

    def _variable(self, name: str) -> Setting | None:
        value = self._environment.variables.get(name, "").strip()
        return Setting(value, name) if value else None

    def _stored(
        self, spec: ProviderSpec, name: str, *, noted: bool = True
    ) -> Setting | None:
        ask = self.keyring.get if noted else self.keyring.look_up
        for profile in dict.fromkeys((self.profile, None)):
            kept = ask(self.keyring.entry(spec.name, name, profile))
            if kept:
                return Setting(kept.reveal(), KEYRING)
        return None

    def _filed(self, *names: str) -> Setting | None:
        for layer in self._layers:
            value = layer.get(*names)
            if value:
                return Setting(value, layer.origin)
        return None

    def _endpoint_setting(self, spec: ProviderSpec) -> Setting | None:
        for variable in endpoint_variables(spec):
            found = self._variable(variable)
            if found:
                return found
        return self._filed(spec.name, ENDPOINT)

    def _values(self, spec: ProviderSpec) -> dict[str, str]:
        found = {
            setting.name: self.provider_setting(spec, setting.name)
            for setting in spec.settings
            if not setting.secret and setting.name != ENDPOINT
        }
        return {name: setting.value for name, setting in found.items() if setting}

    def _check_names(self, spec: ProviderSpec) -> None:
        names = {setting.name: setting for setting in spec.settings}
        self.file.check_provider(spec.name, {**names, ENDPOINT: None})


def _place(found: Setting, spec: ProviderSpec, setting: SettingSpec) -> str:
    """Return where a value stands, as users name it."""
    if found.origin in setting.variables:
        return found.origin
    return f"{spec.name}.{setting.name} in the {found.origin}"


def _check_text(found: Setting, spec: ProviderSpec, setting: SettingSpec) -> None:
    """Raise ``ConfigurationError`` for a value that no request can carry."""
    for position, character in enumerate(found.value, 1):
        if not character.isprintable():
            raise ConfigurationError(
                f"{_place(found, spec, setting)} contains a control character "
                f"(character {position})",
                hint="write only the value, on one line",
            )
