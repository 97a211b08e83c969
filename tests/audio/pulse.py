"""A microphone to speak into: the monitor of a null sink of PulseAudio.

Use the fixture ``sound``: it leads this process, and those it starts, to a sound
server of the worker's own. What is played into the sink ``wire`` the default
microphone hears.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

# ALSA's own settings first: without them no plug-in is known.
_ALSA = """</usr/share/alsa/alsa.conf>
pcm.!default { type pulse }
ctl.!default { type pulse }
pcm.wire_mic { type pulse device wire.monitor hint { show on description "wire" } }
pcm.wire_spare { type pulse device spare.monitor hint { show on description "x" } }
"""
_START_S = 20.0


@dataclass(frozen=True)
class SoundServer:
    """A running PulseAudio; ``env`` leads a program to it."""

    folder: Path
    env: dict[str, str]

    @contextmanager
    def playing(self, recording: Path) -> Iterator[None]:
        """Play a recording meanwhile, as soon as somebody listens."""
        thread = threading.Thread(target=self._play, args=(recording,), daemon=True)
        thread.start()
        yield
        thread.join()

    def _play(self, recording: Path) -> None:
        self._wait_for("list", "short", "source-outputs")
        command = ["paplay", "--device=wire", "--latency-msec=50", str(recording)]
        subprocess.run(command, env={**os.environ, **self.env}, check=True)

    def _wait_for(self, *question: str) -> str:
        """Ask ``pactl`` until it has an answer."""
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline:
            asked = subprocess.run(
                ["pactl", *question],
                env={**os.environ, **self.env},
                capture_output=True,
                text=True,
                check=False,
            )
            if asked.returncode == 0 and asked.stdout.strip():
                return asked.stdout
            time.sleep(0.05)
        raise TimeoutError(f"pactl {' '.join(question)}: {asked.stderr}")


@pytest.fixture(scope="session")
def sound_server() -> Iterator[SoundServer]:
    """Run one sound server for all tests of a worker."""
    # Not pytest's folder: a socket's path must be short.
    with tempfile.TemporaryDirectory(prefix="stt-pa-") as name:
        folder = Path(name)
        (folder / "asound.conf").write_text(_ALSA)
        socket = folder / "native"
        env = {
            "PULSE_RUNTIME_PATH": name,
            "PULSE_SERVER": f"unix:{socket}",
            "PULSE_COOKIE": str(folder / "cookie"),
            "ALSA_CONFIG_PATH": str(folder / "asound.conf"),
        }
        modules = [
            f"module-native-protocol-unix socket={socket} auth-anonymous=1",
            "module-null-sink sink_name=speaker",
            "module-null-sink sink_name=spare",
            "module-null-sink sink_name=wire",
        ]
        command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1"]
        command += ["--system=false", "--use-pid-file=no"]
        command += [part for module in modules for part in ("-L", module)]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                command, env={**os.environ, **env, "HOME": name}, stderr=log
            )
        running = SoundServer(folder, env)
        try:
            running._wait_for("info")
            for setting in (
                ("set-default-source", "wire.monitor"),
                ("set-default-sink", "speaker"),
            ):
                subprocess.run(
                    ["pactl", *setting], env={**os.environ, **env}, check=True
                )
            yield running
        finally:
            server.terminate()
            server.wait()


@pytest.fixture
def sound(
    sound_server: SoundServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SoundServer]:
    """Lead this process and its children to the sound server."""
    for name, value in sound_server.env.items():
        monkeypatch.setenv(name, value)
    _restart_portaudio()
    yield sound_server
    monkeypatch.undo()
    _restart_portaudio()


def _restart_portaudio() -> None:
    """Let PortAudio look for devices again: it does so only when it starts."""
    import sounddevice

    sounddevice._terminate()
    sounddevice._initialize()
