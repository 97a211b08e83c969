"""The engine and model that recognize English where nobody chose another."""

from __future__ import annotations

from importlib.util import find_spec

from stt_cli.engines.decoding import EngineModel


def has_whisper() -> bool:
    """Whether CTranslate2 is installed: it has no packages for some platforms."""
    return find_spec("ctranslate2") is not None


def default_model() -> EngineModel:
    """Return Whisper's bundled model, or pocketsphinx where there is no Whisper."""
    if has_whisper():
        from stt_cli.engines.whisper.catalog import BUNDLED, known_models
        from stt_cli.engines.whisper.model import WhisperModel

        return WhisperModel(BUNDLED, known_models()[BUNDLED].sha256)
    from stt_cli.engines.pocketsphinx_model import ModelFiles

    return ModelFiles()
