"""Those who come next find a door: every path that the guides name exists."""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_architecture import ALLOWED, HOUSE

ROOT = HOUSE.parent
GUIDES = [
    ROOT / "CONTRIBUTING.md",
    ROOT / "docs" / "architecture.md",
    ROOT / "examples" / "provider" / "README.md",
]
_STANDS_FOR = {"NAME": "soniox", "COMMAND": "recognize"}
_PATH = re.compile(r"(?<![\w/.-])\.?(?:[\w-]+/)+(?:[\w-]+(?:\.\w+)?)?")


def named_paths(guide: Path) -> Iterator[str]:
    """Yield the paths that a guide names, in its words between backticks or links."""
    text = guide.read_text(encoding="utf-8")
    spans = re.findall(r"`([^`\n]+)`", text)
    spans += re.findall(r"\]\(([^)\s]+)\)", text)
    spans += [line for block in re.findall(r"```(.+?)```", text, re.S) for line in
              block.splitlines()]  # fmt: skip
    for span in spans:
        yield from _PATH.findall(span.partition("#")[0])


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_every_path_that_a_guide_names_exists(guide: Path) -> None:
    named = set(named_paths(guide))
    assert named
    for path in named:
        for word, example in _STANDS_FOR.items():
            path = path.replace(word, example)
        formats = path.replace("formats/soniox.py", "formats/tsv.py")
        places = (ROOT / formats, guide.parent / formats, HOUSE / formats)
        found = any(place.exists() for place in places)
        assert found or path.startswith(".venv/"), path


def test_the_picture_shows_every_package_above_what_it_imports() -> None:
    house = runpy.run_path(str(ROOT / "docs" / "house.py"))
    floors: list[list[str]] = [list(floor) for floor in house["FLOORS"]]
    level = {name: n for n, floor in enumerate(floors) for name in floor}
    assert set(level) == set(ALLOWED)
    for package, imported in ALLOWED.items():
        for other in imported - {"version"}:
            assert level[package] < level[other], f"{package} imports {other}"
    drawn = house["FILE"].read_text(encoding="utf-8")
    assert drawn == house["picture"](), "run `python docs/house.py`"


def test_the_table_of_packages_has_each_of_them() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `stt_cli/(\w+)` \|", text, re.M)
    assert sorted(listed) == sorted(ALLOWED)
