"""Python, the packages, PortAudio and the audio devices."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping

from stt_cli.audio.devices import (
    choose_loudspeaker,
    choose_microphone,
    list_devices,
)
from stt_cli.audio.ffmpeg import find_ffmpeg
from stt_cli.audio.portaudio import load_portaudio
from stt_cli.core.catalog import Check
from stt_cli.core.errors import ConfigurationError, SttError
from stt_cli.version import __version__
from stt_cli.workflows.installed import Package, packages

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
