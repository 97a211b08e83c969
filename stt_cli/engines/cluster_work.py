"""What a Dask worker does for us: windows in, phrases out.

A call travels as a pickle that only the task itself opens: it names a function of
this module, so that a worker runs the program installed there, and one without it
says so. (As Dask sends functions by itself, such a worker would end over it, and
the scheduler would need this program too.)

A model is opened once a worker, for all its threads. It stays loaded for the next
window, and goes when there was none for a while.
"""

from __future__ import annotations

import pickle
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from stt_cli.core.environment import Environment
from stt_cli.core.errors import ConfigurationError, SttError
from stt_cli.version import __version__

if TYPE_CHECKING:
    from stt_cli.core.transcript import Segment
    from stt_cli.engines.decoding import (
        DecodeOptions,
        EngineModel,
        OwnDecoders,
        Window,
    )

_IDLE_S = 60.0


class _Call:
    """Pickled as a call of a function: who loads it has the result."""

    def __init__(self, function: Callable[..., Any], *arguments: object) -> None:
        self._call = (function, arguments)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[object, ...]]:
        return self._call


def sealed(function: Callable[..., Any], *arguments: object) -> bytes:
    """Return a call for ``pickle.loads`` to make, on a worker."""
    return pickle.dumps(_Call(function, *arguments))


def inspect() -> dict[str, str | None]:
    """Return the versions of what the work needs, as a worker has them."""
    return {
        "stt-cli": __version__,
        **{name: _version(name) for name in ("ctranslate2", "pocketsphinx")},
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def decode(
    window: Window, options: DecodeOptions, model: EngineModel, expected: str
) -> tuple[Segment, ...] | SttError:
    """Decode one window; a failure that is understood is returned, not raised.

    What is raised, such as ``DecoderEndedError``, Dask tries again.

    Args:
        expected: the version of this program at the other end.
    """
    from distributed import get_worker

    from stt_cli.engines.pool import DecoderEndedError

    worker = get_worker()
    try:
        if expected != __version__:
            raise ConfigurationError(
                f"the Dask worker {worker.address} has stt-cli {__version__}, but "
                f"this machine has {expected}",
                hint=f"on every worker, run `pip install stt-cli=={expected}`",
            )
        with _decoders.borrowed(model, worker.state.nthreads) as decoders:
            return decoders.submit(window, options).result()
    except DecoderEndedError:
        raise
    except SttError as error:
        return error


class _Kept:
    """Decoders of one model, and who uses them."""

    def __init__(self, decoders: OwnDecoders) -> None:
        self.decoders = decoders
        self.users = 0
        self.last_used = time.monotonic()


class _DecodersOfThisProcess:
    """Loaded with the first utterance, dropped when unused for ``idle`` seconds."""

    def __init__(self, idle: float = _IDLE_S) -> None:
        self._idle = idle
        self._lock = threading.Lock()
        self._kept: dict[EngineModel, _Kept] = {}
        self._sweeping = False

    @contextmanager
    def borrowed(self, model: EngineModel, threads: int) -> Iterator[OwnDecoders]:
        """Lend the decoders of a model to one of this worker's threads."""
        with self._lock:
            kept = self._kept.get(model)
            if kept is None:
                opened = model.open(Environment.of_this_process(), threads)
                kept = self._kept[model] = _Kept(opened)
            kept.users += 1
            if not self._sweeping:
                self._sweeping = True
                threading.Thread(target=self._sweep, daemon=True).start()
        try:
            yield kept.decoders
        finally:
            with self._lock:
                kept.users -= 1
                kept.last_used = time.monotonic()

    def _sweep(self) -> None:
        while True:
            time.sleep(self._idle / 2)
            with self._lock:
                limit = time.monotonic() - self._idle
                for model, kept in list(self._kept.items()):
                    if not kept.users and kept.last_used < limit:
                        del self._kept[model]
                        kept.decoders.close()
                if not self._kept:
                    self._sweeping = False
                    return


_decoders = _DecodersOfThisProcess()
