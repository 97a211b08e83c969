"""A loudspeaker to listen to: PulseAudio of the test's own, with a null sink."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class SoundServer:
    """A running server; ``env`` makes a program's default devices its own."""

    env: Mapping[str, str]

    @contextmanager
    def recording(self, path: Path, rate: int = 22_050) -> Iterator[None]:
        """Record what the loudspeaker plays, as 16-bit mono PCM."""
        with path.open("wb") as file:
            listener = subprocess.Popen(
                [
                    "parec",
                    "--raw",
                    f"--rate={rate}",
                    "--channels=1",
                    "--format=s16le",
                    "--device=speaker.monitor",
                    "--latency-msec=20",
                ],
                stdout=file,
                env={**os.environ, **self.env},
            )
            try:
                _wait_for(lambda: path.stat().st_size > 0)
                yield
                time.sleep(0.3)  # what is still in the server's buffers
            finally:
                listener.terminate()
                listener.wait(10)


@contextmanager
def sound_server(folder: Path) -> Iterator[SoundServer]:
    """Start a server with a loudspeaker that nobody hears, and stop it."""
    folder.mkdir(parents=True, exist_ok=True)
    # A socket's name may have 107 bytes, fewer than pytest's folders use up.
    socket = Path(f"/tmp/stt-pulse-{os.getpid()}-{time.monotonic_ns()}")
    env = {
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
        "PULSE_RUNTIME_PATH": str(folder / "runtime"),
        "PULSE_SERVER": f"unix:{socket}",
    }
    asound = folder / ".asoundrc"
    asound.write_text("pcm.!default pulse\nctl.!default pulse\n")
    server = subprocess.Popen(
        [
            "pulseaudio",
            "-n",
            "--daemonize=no",
            "--exit-idle-time=-1",
            "--use-pid-file=no",
            "-L",
            "module-null-sink sink_name=speaker",
            "-L",
            f"module-native-protocol-unix socket={socket} auth-anonymous=1",
        ],
        env={**{k: v for k, v in os.environ.items() if k != "PULSE_SERVER"}, **env},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(socket.exists)
        yield SoundServer(env)
    finally:
        server.terminate()
        server.wait(10)
        with suppress(FileNotFoundError):
            socket.unlink()


def _wait_for(happened: object, seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not happened():  # type: ignore[operator]
        if time.monotonic() > end:
            raise TimeoutError("the sound server did not come up")
        time.sleep(0.02)
