"""Which model pocketsphinx loads: the bundled en-US one, or a folder of one's own.

A folder holds an acoustic model (a folder with ``mdef`` in it, or the folder
itself), a language model (``*.lm``, ``*.lm.bin``, ``*.lm.gz``) and a dictionary
(``*.dict`` or ``*.dic``), as the CMU Sphinx project distributes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from stt_cli.core.environment import Environment
from stt_cli.core.errors import UsageError

if TYPE_CHECKING:
    from stt_cli.engines.pool import DecoderPool

BUNDLED = "en-us"
BUNDLED_NAMES = ("pocketsphinx", BUNDLED, "en_us", "default")
"""What ``--model`` may call it."""

_LAYOUT = (
    "a model folder contains an acoustic model (with mdef), a *.lm.bin and a *.dict"
)


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """The three parts of a model; all ``None`` is the bundled one."""

    acoustic: str | None = None
    language: str | None = None
    dictionary: str | None = None

    longest_window: ClassVar[float | None] = None

    def describe(self) -> Mapping[str, str]:
        """Return the engine, and the model or its folder."""
        return {"engine": "pocketsphinx", "model": self.acoustic or BUNDLED}

    def open(
        self, environment: Environment, workers: int, threads: int = 1
    ) -> DecoderPool:
        """Return decoders in so many processes, of one thread whatever is asked."""
        from stt_cli.engines.pool import DecoderPool

        return DecoderPool(workers, self)

    def at_a_place_for_all(self) -> ModelFiles:
        """Return the same with absolute paths, for workers to find."""
        return ModelFiles(
            *(
                path and str(Path(path).absolute())
                for path in (self.acoustic, self.language, self.dictionary)
            )
        )

    def settings(self) -> dict[str, str]:
        """Return them as pocketsphinx's configuration names them."""
        named = {"hmm": self.acoustic, "lm": self.language, "dict": self.dictionary}
        return {name: path for name, path in named.items() if path}


def model_files(model: str | None) -> ModelFiles:
    """Return the files of ``--model``: ``en-us`` or a folder.

    Raises:
        UsageError: there is no such folder, or a part is missing.
    """
    if model is None or model.casefold() in BUNDLED_NAMES:
        return ModelFiles()
    folder = Path(model)
    if not folder.is_dir():
        raise UsageError(
            f"unknown model {model!r}",
            hint=f"{BUNDLED} comes with stt; {_LAYOUT}",
        )
    acoustic = sorted(folder.glob("**/mdef"))
    language = [
        path
        for kind in ("*.lm.bin", "*.lm", "*.lm.gz", "*.lm.dmp")
        for path in sorted(folder.glob(f"**/{kind}"))
        if "phone" not in path.name
    ]
    dictionary = sorted(folder.glob("**/*.dict")) + sorted(folder.glob("**/*.dic"))
    parts = {
        "acoustic model": acoustic,
        "language model": language,
        "dictionary": dictionary,
    }
    lacking = [name for name, found in parts.items() if not found]
    if lacking:
        raise UsageError(f"{folder} has no {' and no '.join(lacking)}", hint=_LAYOUT)
    return ModelFiles(str(acoustic[0].parent), str(language[0]), str(dictionary[0]))
