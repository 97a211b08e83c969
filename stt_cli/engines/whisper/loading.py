"""A model's weights, loaded by CTranslate2."""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from stt_cli.core.errors import ConfigurationError

_COMPUTE_TYPE = "int8"  # half the time of float32, for 0.2 % more word errors

# Parameters of mallopt(3).
_TRIM_THRESHOLD = -1
_MOST_MAPPINGS = -4
_MOST_ARENAS = -8
_KEPT_BYTES = 128 << 20  # twice the largest block of a window of tiny.en


def load(folder: Path, workers: int, threads_each: int) -> Any:
    """Return CTranslate2's model.

    Raises:
        ConfigurationError: the folder holds no model that it can load.
    """
    # Read when the library of threads is loaded: one that waits for others at a
    # layer's end would else keep a core busy that another program may need.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    try:
        from ctranslate2.models import Whisper
    except ImportError as fault:
        raise ConfigurationError(
            f"cannot load CTranslate2: {fault}",
            hint="run `pip install --force-reinstall ctranslate2`, or use --model "
            "pocketsphinx",
        ) from fault
    keep_freed_memory()
    try:
        return Whisper(
            str(folder),
            device="cpu",
            compute_type=_COMPUTE_TYPE,
            inter_threads=workers,
            intra_threads=threads_each,
        )
    except (RuntimeError, ValueError) as fault:
        raise ConfigurationError(
            f"cannot load the model in {folder}: {fault}",
            hint="a CTranslate2 Whisper model has model.bin, config.json and a "
            "vocabulary; `stt models verify` checks downloaded models",
        ) from fault


def keep_freed_memory() -> bool:
    """Let the C library reuse large blocks; return whether it can.

    By default glibc maps each one anew and returns it at once. The encoder takes and
    frees 300 MB so in every window, and a third of its time went into the kernel's
    clearing of their pages. One arena for all threads: each would keep its own.
    """
    if sys.platform != "linux":
        return False
    with suppress(OSError, AttributeError):  # musl has no mallopt
        mallopt = ctypes.CDLL(None).mallopt
        return all(
            mallopt(parameter, value)
            for parameter, value in (
                (_MOST_MAPPINGS, 0),
                (_MOST_ARENAS, 1),
                (_TRIM_THRESHOLD, _KEPT_BYTES),
            )
        )
    return False
