"""What speech.config tells of this program and this machine, truly."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from stt_cli.protocols.usp.messages import ClientDescription
from stt_cli.version import __version__

_DMI = Path("/sys/class/dmi/id")
_UNKNOWN = "unknown"


def describe_client(*, live: bool) -> ClientDescription:
    """Return the description; what the system does not tell is ``unknown``."""
    platform, release, version, machine = _system()
    return ClientDescription(
        version=__version__,
        build=f"{platform}-{machine}",
        os_platform=platform,
        os_name=release,
        os_version=version,
        device_manufacturer=_dmi("sys_vendor", "Apple" if platform == "Darwin" else ""),
        device_model=_dmi("product_name", machine),
        device_version=_dmi("product_version", ""),
        audio_source="Microphones" if live else "File",
    )


def _system() -> tuple[str, str, str, str]:
    if hasattr(os, "uname"):
        told = os.uname()
        return told.sysname, told.sysname, told.release, told.machine
    import platform

    return sys.platform, platform.system(), platform.version(), platform.machine()


def _dmi(name: str, otherwise: str) -> str:
    try:
        told = (_DMI / name).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        told = ""
    return told or otherwise or _UNKNOWN
