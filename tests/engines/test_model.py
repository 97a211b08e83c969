"""--model takes a folder as the CMU Sphinx project distributes models."""

from __future__ import annotations

from pathlib import Path

import pytest

from stt_cli.core.errors import UsageError
from stt_cli.engines.pocketsphinx_model import ModelFiles, model_files


def make(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


@pytest.mark.parametrize("name", [None, "en-us", "EN-US", "en_us", "pocketsphinx"])
def test_the_bundled_model(name: str | None) -> None:
    assert model_files(name) == ModelFiles()
    assert ModelFiles().settings() == {}


def test_a_folder_with_all_parts(tmp_path: Path) -> None:
    make(tmp_path, "de/mdef", "de-phone.lm.bin", "voxforge.lm.bin", "voxforge.dic")
    assert model_files(str(tmp_path)).settings() == {
        "hmm": str(tmp_path / "de"),
        "lm": str(tmp_path / "voxforge.lm.bin"),
        "dict": str(tmp_path / "voxforge.dic"),
    }


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    make(tmp_path, "mdef")
    with pytest.raises(UsageError, match="no language model and no dictionary"):
        model_files(str(tmp_path))


def test_no_such_model(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="unknown model") as caught:
        model_files(str(tmp_path / "nowhere"))
    assert "en-us comes with stt" in str(caught.value.hint)
