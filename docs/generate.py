"""Write completions/ and docs/stt.1 anew, from the commands as they are.

Run it after a change of any command: ``python docs/generate.py``. A test holds
the files against it.
"""

from __future__ import annotations

from pathlib import Path

from typer.main import get_command

from stt_cli.app import app
from stt_cli.cli.completion import FILES, SCRIPTS
from stt_cli.cli.description import describe
from stt_cli.cli.manual import manual

ROOT = Path(__file__).parent.parent


def generated() -> dict[Path, str]:
    """Return every generated file with its text."""
    stt = describe(get_command(app))
    texts = {
        ROOT / "completions" / FILES[shell]: write(stt)
        for shell, write in SCRIPTS.items()
    }
    return {**texts, ROOT / "docs" / "stt.1": manual(stt)}


def main() -> None:
    """Write them."""
    for path, text in generated().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
