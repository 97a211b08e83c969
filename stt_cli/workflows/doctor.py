"""What ``stt doctor`` checks: the machine, storage, providers, and a self-test."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from stt_cli.audio.devices import (
    choose_loudspeaker,
    choose_microphone,
    list_devices,
)
from stt_cli.audio.ffmpeg import find_ffmpeg
from stt_cli.audio.portaudio import load_portaudio
from stt_cli.core.catalog import Check
from stt_cli.core.environment import Environment
from stt_cli.core.errors import INTERRUPTIONS, ConfigurationError, SttError
from stt_cli.core.events import Phrase
from stt_cli.core.exit_status import ExitStatus
from stt_cli.core.options import RecognizeOptions, SpeechOptions, SpeechText
from stt_cli.core.private_folder import make_private
from stt_cli.core.speech import SpeechAudio
from stt_cli.ledger.health import check_ledger
from stt_cli.providers.base import Provider, ProviderContext
from stt_cli.providers.registry import provider_names, provider_spec
from stt_cli.providers.spec import ProviderSpec
from stt_cli.settings import Settings
from stt_cli.settings.file import ConfigFile
from stt_cli.settings.keyring_store import KeyringStore
from stt_cli.version import __version__
from stt_cli.workflows.configuration import misspelled
from stt_cli.workflows.installed import Package, packages


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


_INSTALL = "run `pip install --upgrade stt-cli`"


def check_python() -> Check:
    """Say which program runs on which system; support asks for this line."""
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    return Check(
        "python",
        "ok",
        f"stt {__version__}, Python {platform.python_version()}, {system}",
    )


def check_packages() -> Check:
    """Say which versions of the packages are here, and which ones are not as wanted."""
    found = list(packages())
    amiss = [_complaint(each) for each in found if _is_amiss(each)]
    if amiss:
        error = ConfigurationError(", ".join(amiss), hint=_INSTALL)
        return Check.failed("packages", error)
    present = (f"{each.name} {each.version}" for each in found if each.version)
    return Check("packages", "ok", ", ".join(present) or "no dependencies declared")


def _is_amiss(package: Package) -> bool:
    return not package.fits and not (package.optional and package.version is None)


def _complaint(package: Package) -> str:
    if package.version is None:
        return f"{package.name} is not installed"
    return f"{package.name} is {package.version}, but {package.wanted} is required"


def check_ffmpeg(variables: Mapping[str, str]) -> Check:
    """Say which ffmpeg decodes what is not decoded here; its lack is no failure."""
    try:
        found = find_ffmpeg(variables)
    except SttError as error:
        return Check.failed("ffmpeg", error)
    if found is None:
        return Check(
            "ffmpeg",
            "missing",
            "cannot decode m4a, mp4, webm and similar formats",
            "install ffmpeg, or run `pip install 'stt-cli[media]'`",
        )
    return Check("ffmpeg", "ok", found.program)


def check_audio_devices() -> Iterator[Check]:
    """Look for PortAudio, a microphone and a loudspeaker.

    None of them is needed for files, so their lack is no failure.
    """
    try:
        version = load_portaudio().get_portaudio_version()[1]
        devices = list_devices()
    except SttError as error:
        yield Check("portaudio", "missing", error.message, error.hint)
        return
    yield Check("portaudio", "ok", str(version).partition(",")[0])
    for name, choose in (
        ("microphone", choose_microphone),
        ("loudspeaker", choose_loudspeaker),
    ):
        try:
            device = choose(None, devices)
        except SttError as error:
            yield Check(name, "missing", error.message, error.hint)
        else:
            yield Check(name, "ok", device.name)


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


SENTENCE = "what is the weather like"
_NAME = "self-test"
_ENOUGH = 0.6  # of the words; the synthetic voice is not the model's best speaker


def check_speech(local: Provider, environment: Environment) -> Check:
    """Let the synthesizer say a sentence and the recognizer hear it."""
    began = environment.monotonic()
    try:
        heard = _round_trip(local, environment)
    except INTERRUPTIONS:
        raise
    except SttError as error:
        return Check.failed(_NAME, error)
    took = environment.monotonic() - began
    if share_heard(heard) < _ENOUGH:
        return Check.failed(
            _NAME,
            ConfigurationError(
                f"said {SENTENCE!r}, heard {heard!r}",
                hint="reinstall pocketsphinx and espeakng-loader",
            ),
        )
    return Check(_NAME, "ok", f"said {SENTENCE!r}, heard {heard!r}, in {took:.1f} s")


def share_heard(heard: str) -> float:
    """Return which share of the sentence's words was heard."""
    words = heard.lower().replace("what's", "what is").split()
    wanted = SENTENCE.split()
    return sum(word in words for word in wanted) / len(wanted)


def _round_trip(local: Provider, environment: Environment) -> str:
    from stt_cli.audio.open import open_source

    options = SpeechOptions(language="en-US")
    spoken = local.synthesize(SpeechText(SENTENCE), options)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "self-test.wav"
        path.write_bytes(
            b"".join(part.data for part in spoken if isinstance(part, SpeechAudio))
        )
        source = open_source(str(path), environment)
        events = local.recognize(source, RecognizeOptions(language="en-US"))
        phrases = [event.segment.text for event in events if isinstance(event, Phrase)]
    return " ".join(phrases)
