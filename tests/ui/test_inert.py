"""Whatever is printed goes through what makes it harmless."""

from __future__ import annotations

from pathlib import Path

import pytest

import stt_cli

HOUSE = Path(stt_cli.__file__).parent
UPSTAIRS = sorted([*HOUSE.glob("commands/*.py"), *HOUSE.glob("ui/*.py")])


@pytest.mark.conformance("CO-06")
@pytest.mark.parametrize(
    "path", UPSTAIRS, ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_json_for_people_and_programs_has_one_writer(path: Path) -> None:
    # json.dumps leaves C1 control characters as they are; to_json does not.
    assert "json.dumps(" not in path.read_text(encoding="utf-8")
