"""Which of a provider's secrets are used, and what to say when they are missing."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from stt_cli.core.errors import ConfigurationError, CredentialsError, SttError
from stt_cli.core.secret import Secret
from stt_cli.providers.base import ProviderSpec, SettingSpec
from stt_cli.settings.setting import ENDPOINT, Setting

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
