"""Draw the README's pictures anew: real runs in a pseudo-terminal, saved as SVG.

``python docs/draw_pictures.py`` writes docs/pictures/*.svg. Every run is this package
against its own emulators and sample recording: no account, no network, no secret.
A test runs the same scenes and holds the pictures against them.
"""

from __future__ import annotations

import html
import io
import os
import pty
import re
import select
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
from itertools import groupby
from pathlib import Path

import pyte
from rich.console import Console
from rich.style import Style
from rich.text import Text

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"
COLUMNS = 84
_ROWS = 24
_LONGEST_RUN_S = 120.0


@dataclass(frozen=True)
class Scene:
    """One picture: the command as a reader would type it, and how it is run.

    ``before`` are commands whose output is not shown, ``emulator`` the arguments of
    the emulator that must be there, ``files`` what lies in the folder. The picture is
    taken at the end of the run, or as soon as the screen shows ``until``.
    """

    name: str
    shown: str
    arguments: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()
    emulator: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    lines: int = 60
    until: str = ""


def draw(scene: Scene) -> tuple[str, str]:
    """Return a scene as plain text, and as SVG."""
    with tempfile.TemporaryDirectory() as folder, _emulator(scene) as address:
        weather = (ROOT / "examples" / "weather.wav").read_bytes()
        for last, name in enumerate(("weather.wav", "monday.wav", "tuesday.wav")):
            # The same bytes would be the same recording, and be sent once.
            Path(folder, name).write_bytes(weather[:-2] + bytes((last, 0)))
        for name, text in scene.files.items():
            Path(folder, name).write_text(text, encoding="utf-8")
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
        lines = list(_lines(screen, folder))[: scene.lines]
    console = Console(
        record=True,
        width=COLUMNS,
        file=io.StringIO(),
        force_terminal=True,
    )
    prompt = Text.assemble(("$ ", "bold green"), (scene.shown, "bold"))
    whole = Text("\n").join([prompt, *lines])
    console.print(whole, no_wrap=True, overflow="crop")
    svg = console.export_svg(title=scene.shown, unique_id=f"stt-{scene.name}")
    return whole.plain, svg


_LOG = """\
2026-11-30 09:14:02.117 INFO  recognizer SessionId: 9f4ffa5113a846eba289aa98b28e766f
2026-11-30 09:14:05.801 ERROR WebSocket upgrade failed: 401 X-RequestId: 0d7f3f0e
{"level":"warn","transcription_id":"537216f8-0620-4a10-ae2d-00bdb423b36f"}
"""
_AZURE = {"AZURE_SPEECH_KEY": "not-a-real-key-0000"}
SCENES = (
    Scene("recognize", "stt recognize weather.wav", ("recognize", "weather.wav")),
    Scene(
        "captions",
        "stt recognize weather.wav -p azure --interim",
        ("recognize", "weather.wav", "-p", "azure", "--interim"),
        # The final result waits, so that the words before it can be seen.
        emulator=(
            *("azure", "--delay", "2", "--transcript"),
            "What's the weather like today? | It will rain in the morning.",
        ),
        environment=_AZURE,
        until="it will rain in",
    ),
    Scene(
        "batch",
        "stt batch submit monday.wav tuesday.wav -p soniox",
        ("batch", "submit", "monday.wav", "tuesday.wav", "-p", "soniox"),
        emulator=("soniox", "--transcript", "It will rain in the morning."),
        environment={"SONIOX_API_KEY": "not-a-real-key-0000"},
    ),
    Scene(
        "session-id",
        "stt session-id sdk.log",
        ("session-id", "sdk.log"),
        files={"sdk.log": _LOG},
    ),
    Scene(
        "support",
        "stt support",
        ("support",),
        before=(("recognize", "weather.wav", "-p", "azure"),),
        emulator=("azure", "--fault", "status:401:9"),
        environment=_AZURE,
        lines=24,
    ),
    Scene("doctor", "stt doctor", ("doctor",)),
)

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
    assert server.stdout is not None
    try:
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.wait(10)
        server.stdout.close()


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
    screen = pyte.HistoryScreen(COLUMNS, _ROWS, history=1000)
    stream = pyte.ByteStream(screen)
    process, terminal = pty.fork()
    if process == 0:  # pragma: no cover - the child becomes stt
        os.chdir(folder)
        os.execve(_STT[0], [*_STT, *scene.arguments], environment)
    ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", _ROWS, COLUMNS, 0, 0))
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
            if scene.until and any(scene.until in row for row in screen.display):
                break
    finally:
        os.kill(process, signal.SIGTERM)
        os.waitpid(process, 0)
        os.close(terminal)
    return screen


def _lines(screen: pyte.Screen, folder: str) -> Iterator[Text]:
    """Yield what the terminal shows, without what only this machine is called."""
    lines = [_line(row, screen.columns) for row in _rows(screen)]
    while lines and not lines[-1].plain.strip():
        lines.pop()
    for line in lines:
        for pattern, instead in (
            (re.escape(folder), "~"),
            (r"(?<=Linux )\S+ (?=\w)", ""),
            (r"127\.0\.0\.1:\d+", "127.0.0.1:8080"),
        ):
            found = re.search(pattern, line.plain)
            if found:
                line = line[: found.start()] + Text(instead) + line[found.end() :]
        yield line


def _rows(screen: pyte.Screen) -> Iterator[dict[int, pyte.screens.Char]]:
    if isinstance(screen, pyte.HistoryScreen):
        yield from screen.history.top
    for number in range(screen.lines):
        yield screen.buffer[number]


def _line(row: dict[int, pyte.screens.Char], columns: int) -> Text:
    line = Text()
    cells = (row[column] for column in range(columns))
    for style, run in groupby(cells, _style):
        line.append("".join(cell.data for cell in run), style)
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


def words_of(text: str) -> list[str]:
    """Return the words of a picture that are the same in every run.

    IDs, times and sizes differ from run to run.
    """
    plain = text.replace("\u00a0", " ")
    varying = re.compile(r"\d|[0-9a-f]{8}|^[━╸╺]+$")
    return [word for word in plain.split() if not varying.search(word)]


def words_of_svg(svg: str) -> list[str]:
    """Return the same of a picture that was drawn before."""
    _title, *found = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    return words_of(html.unescape("".join(found)))


def main() -> None:
    """Draw every scene."""
    PICTURES.mkdir(exist_ok=True)
    for scene in SCENES:
        _, svg = draw(scene)
        (PICTURES / f"{scene.name}.svg").write_text(svg, encoding="utf-8")
        print(f"docs/pictures/{scene.name}.svg")


if __name__ == "__main__":
    main()
