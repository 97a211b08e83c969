"""Everything that ``stt doctor`` looks at, in order, each finding as it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from stt_cli.core.catalog import Check
from stt_cli.core.environment import Environment
from stt_cli.core.errors import INTERRUPTIONS, SttError
from stt_cli.core.exit_status import ExitStatus
from stt_cli.ledger.health import check_ledger
from stt_cli.providers.base import Provider, ProviderContext, ProviderSpec
from stt_cli.providers.registry import provider_spec
from stt_cli.settings import Settings
from stt_cli.workflows.doctor.machine import (
    check_audio_devices,
    check_ffmpeg,
    check_packages,
    check_python,
)
from stt_cli.workflows.doctor.speech import check_speech
from stt_cli.workflows.doctor.storage import (
    check_config,
    check_folders,
    check_keyring,
)


def examine_installation(
    environment: Environment, profile: str | None = None
) -> Iterator[Check]:
    """Yield what is found on this machine; no request leaves it."""
    yield check_python()
    yield check_packages()
    yield from check_folders(environment)
    yield check_config(environment, profile)
    yield check_ledger(environment, _settings(environment, profile))
    yield check_keyring(environment)
    yield from check_audio_devices()
    yield check_ffmpeg(environment.variables)
    spec = provider_spec("local")
    local = spec.open(ProviderContext(environment))
    try:
        yield from _guarded(spec.name, local.checks)
        yield check_speech(local, environment)
    finally:
        local.close()


@dataclass(frozen=True, slots=True)
class ServiceChoice:
    """Which service to examine, and how to reach it."""

    spec: ProviderSpec
    endpoint: str | None = None
    insecure: bool = False
    profile: str | None = None


def examine_service(
    environment: Environment,
    choice: ServiceChoice,
    log: Callable[[str], None] = lambda _line: None,
) -> Iterator[Check]:
    """Yield what is found about a provider: its settings first, then the service.

    Without the credentials it needs, no request is made.
    """
    spec = choice.spec
    name = f"{spec.name} settings"
    try:
        settings = Settings.load(environment, profile=choice.profile)
        settings.require(spec, choice.endpoint)
        context = settings.context_for(
            spec, endpoint=choice.endpoint, insecure=choice.insecure, log=log
        )
    except INTERRUPTIONS:
        raise
    except SttError as error:
        yield Check.failed(name, error)
        return
    yield Check(name, "ok", _words(context))
    if spec.is_local:
        return  # examined with the installation
    provider: Provider | None = None
    try:
        provider = spec.open(context)
        yield from provider.checks()
    except INTERRUPTIONS:
        raise
    except SttError as error:
        yield Check.failed(spec.name, error)
    finally:
        if provider is not None:
            provider.close()


def verdict(checks: Iterable[Check]) -> ExitStatus:
    """Return the exit code: that of the first failure, or 0."""
    for check in checks:
        if check.state == "failed":
            return check.error.exit_status if check.error else ExitStatus.USAGE
    return ExitStatus.OK


def _guarded(name: str, checks: Callable[[], Iterator[Check]]) -> Iterator[Check]:
    """Yield a provider's own findings; what it raises is one as well."""
    try:
        yield from checks()
    except INTERRUPTIONS:
        raise
    except SttError as error:
        yield Check.failed(name, error)


def _words(context: ProviderContext) -> str:
    parts = [f"at {context.endpoint}" if context.endpoint else ""]
    parts += [f"{name} {value}" for name, value in context.values.items()]
    parts += [f"{name} set" for name in context.secrets]
    return ", ".join(part for part in parts if part) or "not needed"


def _settings(environment: Environment, profile: str | None) -> Settings | None:
    try:
        return Settings.load(environment, profile=profile)
    except SttError:
        return None  # the config file's own finding tells of it
