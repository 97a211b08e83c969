"""PortAudio, loaded when sound is wanted, and told plainly when it is missing."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from stt_cli.core.errors import AudioError

_INSTALL = {
    "linux": "install it with `apt install libportaudio2` or `dnf install portaudio`",
    "darwin": "install it with `brew install portaudio`",
}


def load_portaudio() -> Any:
    """Return the module ``sounddevice``, its devices found anew by the system.

    Raises:
        AudioError: PortAudio is not installed, or does not start.
    """
    try:
        with quiet_libraries():
            import sounddevice
    except OSError as fault:
        raise AudioError(
            "PortAudio is missing, so audio cannot be recorded or played",
            hint=_INSTALL.get(
                sys.platform, "run `pip install --force-reinstall sounddevice`"
            ),
        ) from fault
    except Exception as fault:  # PortAudioError, which cannot be named before
        raise AudioError(f"PortAudio failed to start: {fault}") from fault
    return sounddevice


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """Keep what C libraries say about every device they try off our stderr.

    ALSA tells of each device that is configured and not there, which is neither
    an error nor anything a user could act upon.
    """
    try:
        kept = os.dup(2)
        nowhere = os.open(os.devnull, os.O_WRONLY)
    except OSError:  # no stderr at all
        yield
        return
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
