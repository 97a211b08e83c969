"""Which engine and model recognize: what ``--model`` and ``--language`` mean here."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from stt_cli.core.environment import Environment
from stt_cli.core.errors import ConfigurationError, UsageError
from stt_cli.core.events import Notice
from stt_cli.engines.decoding import EngineModel
from stt_cli.engines.default import has_whisper
from stt_cli.engines.pocketsphinx_model import (
    BUNDLED_NAMES,
    ModelFiles,
    model_files,
)
from stt_cli.engines.whisper.catalog import (
    BUNDLED,
    KnownModel,
    is_whisper_folder,
    known_models,
)
from stt_cli.engines.whisper.languages import NAMES, code_of
from stt_cli.engines.whisper.model import WhisperModel
from stt_cli.engines.whisper.store import ModelStore

AUTO = "auto"
_ENGLISH = "en"
_SUGGESTED = "base"  # the smallest that hears other languages well enough

_NO_WHISPER = Notice(
    "CTranslate2 is not available on this platform; using pocketsphinx, which gets "
    "about one word in four wrong",
    "CTranslate2 runs on Linux (glibc), macOS and Windows on x86-64, and on Linux "
    "and macOS on arm64",
)


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model, and the language to expect as it names it.

    With ``detects_language`` it finds out; ``None`` without that is a model of one
    language, whichever that is.
    """

    model: EngineModel
    language: str | None
    notice: Notice | None = None

    @property
    def detects_language(self) -> bool:
        """Whether the model finds out which language is spoken."""
        return self.language is None and isinstance(self.model, WhisperModel)


def choose_model(
    name: str | None, language: str | None, environment: Environment
) -> ModelChoice:
    """Return what recognizes.

    Args:
        name: a model of the catalog, a folder, or an engine's name.
        language: a tag such as ``en-US``, or ``auto``.

    Raises:
        UsageError: there is no such model, or it does not know the language.
        ConfigurationError: the model is not installed.
    """
    if name is None:
        return _default(language, environment)
    if name.casefold() in BUNDLED_NAMES:
        return _pocketsphinx(ModelFiles(), language)
    known = known_models().get(name.casefold())
    if known is not None:
        return ModelChoice(_named(known, environment), _code(language, known))
    folder = Path(name)
    if folder.is_dir() and is_whisper_folder(folder):
        sha256 = ModelStore(environment).weights_hash(folder)
        model = WhisperModel(name, sha256, is_folder=True)
        return ModelChoice(model, _code(language, None))
    if not folder.is_dir():
        near = get_close_matches(name.casefold(), known_models(), n=1)
        raise UsageError(
            f"unknown model {name!r}",
            hint=f"did you mean {near[0]}?"
            if near
            else "`stt models -p local` lists models; the folder of a model works too",
        )
    if not any(folder.glob("**/mdef")):
        raise _no_model_in(folder)
    # A model of one's own may be for any language.
    return ModelChoice(model_files(name), None)


def _no_model_in(folder: Path) -> UsageError:
    if any(folder.glob("*.safetensors")) or any(folder.glob("*.pt")):
        return UsageError(
            f"{folder} contains a PyTorch model",
            hint="convert it with `ct2-transformers-converter --model DIR "
            "--output_dir NEW`",
        )
    return UsageError(
        f"{folder} contains no recognition model",
        hint="a CTranslate2 Whisper model has model.bin, config.json and a "
        "vocabulary; a CMU Sphinx model has mdef, *.lm.bin and *.dict",
    )


def _default(language: str | None, environment: Environment) -> ModelChoice:
    if not has_whisper():
        chosen = _pocketsphinx(ModelFiles(), language)
        return ModelChoice(chosen.model, chosen.language, _NO_WHISPER)
    catalog = known_models()
    if language is None or code_of(language) == _ENGLISH:
        return ModelChoice(_named(catalog[BUNDLED], environment), _ENGLISH)
    code = _code(language, None)
    multilingual = [
        found.model
        for found in ModelStore(environment).installed()
        if not found.model.is_english_only
    ]
    if not multilingual:
        raise ConfigurationError(
            f"the model that comes with stt only supports English{_lacks(code)}",
            hint=f"to get a multilingual model, run: stt models download {_SUGGESTED}",
        )
    best = multilingual[-1]
    return ModelChoice(WhisperModel(best.name, best.sha256), code)


def _named(known: KnownModel, environment: Environment) -> WhisperModel:
    if ModelStore(environment).find(known.name) is None:
        raise ConfigurationError(
            f"the model {known.name} is not installed",
            hint=f"to install it, run: stt models download {known.name}",
        )
    return WhisperModel(known.name, known.sha256)


def _code(language: str | None, known: KnownModel | None) -> str | None:
    """Return the model's code for a language tag; ``None`` where it shall find out."""
    if language is None:
        return _ENGLISH
    if language.casefold() == AUTO:
        if known is not None and known.is_english_only:
            raise UsageError(
                f"the model {known.name} only supports English{_lacks(None)}",
                hint=f"use a multilingual model, such as --model {_SUGGESTED}",
            )
        return None
    code = code_of(language)
    if code is None:
        raise UsageError(
            f"local does not support the language {language}",
            hint="`stt languages -p local` lists supported languages",
        )
    if known is not None and known.is_english_only and code != _ENGLISH:
        raise UsageError(
            f"the model {known.name} only supports English{_lacks(code)}",
            hint=f"use a multilingual model, such as --model {_SUGGESTED}",
        )
    return code


def _lacks(code: str | None) -> str:
    """Return how a sentence ends about English alone; no code is ``auto``."""
    return " and cannot detect languages" if code is None else f", not {NAMES[code]}"


def _pocketsphinx(model: ModelFiles, language: str | None) -> ModelChoice:
    if language is not None and code_of(language) != _ENGLISH:
        if language.casefold() == AUTO:
            raise UsageError(
                f"the pocketsphinx model only supports English{_lacks(None)}",
                hint=f"use a multilingual model, such as --model {_SUGGESTED}",
            )
        raise UsageError(
            f"the pocketsphinx model only supports English, not {language}",
            hint="use --model FOLDER with a model for that language",
        )
    return ModelChoice(model, None)
