"""Write completions/, docs/stt.1 and docs/ids.md anew, from the program as it is.

Run it after a change of any command or kind of ID: ``python docs/generate.py``. A
test holds the files against it.
"""

from __future__ import annotations

from pathlib import Path

from typer.main import get_command

from stt_cli.app import app
from stt_cli.cli.completion import FILES, SCRIPTS
from stt_cli.cli.description import describe
from stt_cli.cli.manual import manual
from stt_cli.ids.catalog import CATALOG, DEFAULT_KINDS, Description

ROOT = Path(__file__).parent.parent


def generated() -> dict[Path, str]:
    """Return every generated file with its text."""
    stt = describe(get_command(app))
    texts = {
        ROOT / "completions" / FILES[shell]: write(stt)
        for shell, write in SCRIPTS.items()
    }
    return {
        **texts,
        ROOT / "docs" / "stt.1": manual(stt),
        ROOT / "docs" / "ids.md": kinds_of_ids(),
    }


def kinds_of_ids() -> str:
    """Return the page that lists what ``stt session-id`` finds."""
    rows = "\n".join(_row(one) for one in CATALOG if not one.own_line)
    usual = ", ".join(DEFAULT_KINDS)
    return f"""\
# The IDs that `stt session-id` finds

Made from the program's own table by `docs/generate.py`. Without `--kind` it prints
{usual} IDs of Azure, Watson, Soniox and Scriptix; `--kind all` prints all of these,
each with its kind and vendor.

A label is understood in any case, its words joined by nothing, a blank, `_` or `-`:
`session id` is also `SessionId`, `session_id`, `SESSION-ID`. Between a label and its
value may stand quotes, brackets, tags, Markdown marks, a cell border, an arrow, "is",
or one line break; escapes of JSON, JavaScript, URLs, HTML, mails and terminals
are undone. In tables a column's name is the label. What has no label is at best a
candidate (`--candidates`).

| kind | vendor | labels and addresses | shape | example |
| --- | --- | --- | --- | --- |
{rows}
"""


def _row(one: Description) -> str:
    queries = tuple(f"?{name}=" for name in one.queries)
    names = ", ".join(f"`{name}`" for name in (*one.labels, *one.addresses, *queries))
    shape = f"{one.shape.title}; {one.where}" if one.where else one.shape.title
    cells = (one.kind, one.vendor or "any", names, shape, f"`{one.shape.example}`")
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Write them."""
    for path, text in generated().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
