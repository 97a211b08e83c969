"""Draw docs/architecture.svg: the packages, each above those that it may import.

Run it after a change of the floors: ``python docs/house.py``. A test holds them
against the import rules of ``tests/test_architecture.py``, and the file against them.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

FILE = Path(__file__).with_name("architecture.svg")

# From the street door down: a package imports from floors below its own only.
FLOORS: tuple[dict[str, str], ...] = (
    {"commands": "options in, one call: a file a sub-command"},
    {"cli": "help, completion and manual, made of the commands"},
    {"ui": "what a terminal shows: captions, tables, errors"},
    {"workflows": "what a command does, without a terminal"},
    {
        "settings": "options, environment, keyring, config",
        "emulator": "the services, spoken locally",
    },
    {"providers": "a package a service, behind one interface"},
    {
        "formats": "transcripts out and in",
        "ids": "IDs in anything",
        "ledger": "what was sent, when",
        "engines": "Whisper, eSpeak NG",
    },
    {
        "audio": "recordings, microphone, loudspeaker",
        "protocols": "bytes to events, without I/O",
    },
    {"net": "one dialer, one HTTP and one WebSocket client"},
    {"core": "plain data, errors, exit codes"},
)
_WIDTH, _HEIGHT, _GAP, _EDGE = 760, 52, 12, 20


def picture() -> str:
    """Return the SVG."""
    rows = [_row(floor, index) for index, floor in enumerate(FLOORS)]
    height = 2 * _EDGE + len(FLOORS) * (_HEIGHT + _GAP) - _GAP
    body = "\n".join(line for row in rows for line in row)
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img"
  font-family="system-ui, sans-serif" text-anchor="middle">
<title>The packages of stt_cli: each may import those on the floors below it</title>
<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>
{body}
</svg>
"""


def _row(floor: dict[str, str], index: int) -> list[str]:
    top = _EDGE + index * (_HEIGHT + _GAP)
    width = (_WIDTH - 2 * _EDGE - _GAP * (len(floor) - 1)) / len(floor)
    shade = 97 - 3 * index
    lines = []
    for place, (name, words) in enumerate(floor.items()):
        left = _EDGE + place * (width + _GAP)
        middle = left + width / 2
        lines += [
            f'<rect x="{left:g}" y="{top}" width="{width:g}" height="{_HEIGHT}" rx="6" '
            f'fill="hsl(210 60% {shade}%)" stroke="#3b6ea5"/>',
            f'<text x="{middle:g}" y="{top + 22}" font-size="16" font-weight="600" '
            f'fill="#14324f">{escape(name)}/</text>',
            f'<text x="{middle:g}" y="{top + 41}" font-size="11.5" '
            f'fill="#14324f">{escape(words)}</text>',
        ]
    return lines


if __name__ == "__main__":
    FILE.write_text(picture(), encoding="utf-8", newline="\n")
