"""Draw the README's pictures anew: real runs in a pseudo-terminal, saved as SVG.

``python docs/pictures.py`` writes docs/pictures/*.svg. Every run is this package
against its own emulators and sample recording: no account, no network, no secret.
A test runs the same scenes and holds the pictures against them.
"""

from __future__ import annotations

import io
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fcntl import ioctl
from pathlib import Path

import pyte
from rich.console import Console
from rich.style import Style
from rich.text import Text

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"
COLUMNS = 84
_LONGEST_RUN_S = 120.0
_SESSION = "9f4ffa5113a846eba289aa98b28e766f"


@dataclass(frozen=True)
class Scene:
    """One picture: the command as a reader would type it, and how it is run.

    ``before`` are commands whose output is not shown; ``setting`` names the
    emulator that must be there; ``stop_at`` ends the run when this text is on the
    screen, so that a picture can show a moment of it.
    """

    name: str
    shown: str
    arguments: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()
    emulator: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    stop_at: str | None = None
    rows: int = 24


def draw(scene: Scene) -> tuple[str, str]:
    """Return a scene as plain text, and as SVG."""
    with tempfile.TemporaryDirectory() as folder, _emulator(scene) as address:
        for name in ("weather.wav",):
            shutil.copy(ROOT / "examples" / name, folder)
        for name in ("mon.wav", "tue.wav", "wed.wav"):
            shutil.copy(ROOT / "examples" / "weather.wav", Path(folder, name))
        environment = _environment(scene, folder, address)
        for arguments in scene.before:
            subprocess.run(
                [*_STT, *arguments],
                cwd=folder,
                env=environment,
                capture_output=True,
                timeout=_LONGEST_RUN_S,
                check=False,
            )
        screen = _run_in_terminal(scene, folder, environment)
    console = Console(
        record=True,
        width=COLUMNS,
        file=io.StringIO(),
        force_terminal=True,
    )
    text = _text_of(screen, scene.shown)
    console.print(text, no_wrap=True, overflow="crop")
    svg = console.export_svg(title=scene.shown, unique_id=f"stt-{scene.name}")
    return text.plain, svg


_STT = (sys.executable, "-m", "stt_cli")


@contextmanager
def _emulator(scene: Scene) -> Iterator[str | None]:
    if not scene.emulator:
        yield None
        return
    server = subprocess.Popen(
        [*_STT, "emulate", *scene.emulator],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.wait(10)


def _environment(scene: Scene, folder: str, address: str | None) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "PYTHONPATH")}
    endpoint = {}
    if address is not None:
        endpoint[f"STT_{scene.emulator[0].upper()}_ENDPOINT"] = address
    return {
        **kept,
        "HOME": folder,
        "STT_HOME": str(Path(folder, ".stt")),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "TZ": "UTC",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        **endpoint,
        **scene.environment,
    }


def _run_in_terminal(
    scene: Scene, folder: str, environment: dict[str, str]
) -> pyte.Screen:
    screen = pyte.HistoryScreen(COLUMNS, scene.rows, history=1000)
    stream = pyte.ByteStream(screen)
    process, terminal = pty.fork()
    if process == 0:  # pragma: no cover - the child becomes stt
        os.chdir(folder)
        os.execve(_STT[0], [*_STT, *scene.arguments], environment)
    ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", scene.rows, COLUMNS, 0, 0))
    ends = time.monotonic() + _LONGEST_RUN_S
    try:
        while time.monotonic() < ends:
            if not select.select([terminal], [], [], 0.2)[0]:
                continue
            try:
                data = os.read(terminal, 65536)
            except OSError:
                break  # the terminal is closed: the run has ended
            if not data:
                break
            stream.feed(data)
            if scene.stop_at and scene.stop_at in "\n".join(screen.display):
                break
    finally:
        os.kill(process, signal.SIGTERM)
        os.waitpid(process, 0)
        os.close(terminal)
    return screen


def _text_of(screen: pyte.Screen, shown: str) -> Text:
    """Return what the terminal shows, below a prompt with the command."""
    lines = [_line(row, screen.columns) for row in _rows(screen)]
    while lines and not lines[-1].plain.strip():
        lines.pop()
    prompt = Text.assemble(("$ ", "bold green"), (shown, "bold"))
    return Text("\n").join([prompt, *lines])


def _rows(screen: pyte.Screen) -> Iterator[dict[int, pyte.screens.Char]]:
    if isinstance(screen, pyte.HistoryScreen):
        yield from screen.history.top
    for number in range(screen.lines):
        yield screen.buffer[number]


def _line(row: dict[int, pyte.screens.Char], columns: int) -> Text:
    line = Text()
    for column in range(columns):
        cell = row[column]
        line.append(cell.data, _style(cell))
    line.rstrip()
    return line


def _style(cell: pyte.screens.Char) -> Style:
    return Style(
        color=_color(cell.fg),
        bgcolor=_color(cell.bg),
        bold=cell.bold,
        italic=cell.italics,
        underline=cell.underscore,
        reverse=cell.reverse,
    )


def _color(name: str) -> str | None:
    if name == "default":
        return None
    if len(name) == 6 and all(digit in "0123456789abcdef" for digit in name.lower()):
        return f"#{name}"
    bright = name.removeprefix("bright")
    named = "yellow" if bright == "brown" else bright
    return f"bright_{named}" if bright != name else named
