"""The README's pictures show what the commands print today."""

from __future__ import annotations

import pytest

from docs.draw_pictures import PICTURES, SCENES, Scene, draw, words_of, words_of_svg

# What doctor finds differs by machine; its own tests hold it.
HELD = [scene for scene in SCENES if scene.name != "doctor"]


@pytest.mark.parametrize("scene", HELD, ids=lambda scene: scene.name)
def test_a_picture_shows_what_the_command_prints(scene: Scene) -> None:
    text, _ = draw(scene)
    drawn = (PICTURES / f"{scene.name}.svg").read_text(encoding="utf-8")
    assert words_of(text) == words_of_svg(drawn), "run: python docs/draw_pictures.py"


def test_a_picture_tells_nothing_of_the_machine_it_was_made_on() -> None:
    for path in PICTURES.glob("*.svg"):
        text = path.read_text(encoding="utf-8")
        for word in ("/tmp/", "/home/", "/root/", "not-a-real-key"):
            assert word not in text, path.name


def test_the_readme_shows_every_picture() -> None:
    readme = (PICTURES.parent.parent / "README.md").read_text(encoding="utf-8")
    for scene in SCENES:
        assert f"docs/pictures/{scene.name}.svg" in readme
