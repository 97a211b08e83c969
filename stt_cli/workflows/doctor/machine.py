"""Python, the packages, PortAudio and the audio devices."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from importlib import metadata

from stt_cli.core.catalogue import Check
from stt_cli.core.errors import ConfigurationError
from stt_cli.version import __version__

_NEEDED = (
    "httpx", "websockets", "numpy", "soundfile", "soxr", "sounddevice",
    "pocketsphinx", "espeakng-loader", "platformdirs", "keyring",
)  # fmt: skip
_EXTRA = ("starlette", "uvicorn")
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
        import sounddevice
    except OSError:  # the library itself is not there
        yield Check(
            "portaudio",
            "missing",
            "PortAudio is not installed: no microphone, no loudspeaker",
            portaudio_hint(),
        )
        return
    except ImportError:
        yield Check("portaudio", "missing", "sounddevice is not installed", _INSTALL)
        return
    yield Check("portaudio", "ok", str(sounddevice.get_portaudio_version()[1]))
    for kind, name in (("input", "microphone"), ("output", "loudspeaker")):
        try:
            device = sounddevice.query_devices(kind=kind)
        except (sounddevice.PortAudioError, ValueError):
            yield Check(
                name,
                "missing",
                f"there is no {kind} device",
                "plug one in, or use files",
            )
        else:
            yield Check(name, "ok", str(device["name"]))


def portaudio_hint() -> str:
    """Return how PortAudio is installed on this system."""
    if sys.platform == "darwin":
        return "run `brew install portaudio`"
    if sys.platform == "win32":
        return "reinstall sounddevice, which brings PortAudio on Windows"
    return "run `apt install libportaudio2` (Fedora: `dnf install portaudio`)"


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
