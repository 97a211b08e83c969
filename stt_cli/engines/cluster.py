"""Decoders on a Dask cluster: the same phrases, decoded on other machines.

Recordings are read, resampled and cut here, which runs hundreds of times faster
than real time; what travels is speech, a window (30 s at most, 32 kB a
second) at a time. So the workers need neither our files nor codecs, one long
recording keeps a whole cluster busy, a lost worker costs a few seconds of work, and
what is under way is bounded: two windows a process.
"""

from __future__ import annotations

import asyncio
import pickle
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stt_cli.core.errors import (
    ConfigurationError,
    ProviderError,
    SttError,
    UnreachableError,
)
from stt_cli.engines.cluster_work import decode, sealed
from stt_cli.version import __version__

if TYPE_CHECKING:
    from stt_cli.core.transcript import Segment
    from stt_cli.engines.decoding import DecodeOptions, EngineModel, Window

_A_PROCESS = 2  # windows under way: one decoded, one there when that is done
_RETRIES = 2  # where a process that decodes ends over a window
_LOOK_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class ClusterDecoders:
    """The decoders of one model on a cluster, for one recording."""

    cluster: Cluster
    model: EngineModel
    recording: str

    @property
    def limit(self) -> int:
        """How many windows may wait for their result."""
        return self.cluster.limit

    def submit(
        self, window: Window, options: DecodeOptions
    ) -> Future[tuple[Segment, ...]]:
        """Decode it somewhere; waits while the cluster has enough to do."""
        return self.cluster.submit(self, window, options)


class Cluster:
    """A connection to a Dask cluster, for all recordings and threads of a command.

    Args:
        client: Dask's own, connected.
        processes: how many windows the cluster can decode at a time, by now.
        leave: closes the client, and ends a cluster of our own.
        patience: seconds that the cluster may be without a worker.
    """

    def __init__(
        self,
        client: Any,
        processes: int,
        leave: Callable[[], None],
        patience: float,
    ) -> None:
        self.address: str = client.scheduler.address
        self.processes = processes
        self._client = client
        self._leave = leave
        self._patience = patience
        self._loop: asyncio.AbstractEventLoop = client.loop.asyncio_loop
        self._room = threading.Condition()
        self._under_way = 0
        self._waiting: set[asyncio.Task[Any]] = set()
        self._fault: Callable[[], BaseException] | None = None
        self._watching = asyncio.run_coroutine_threadsafe(self._watch(), self._loop)

    @property
    def limit(self) -> int:
        """How many windows may be under way, of all recordings together."""
        return _A_PROCESS * max(1, self.processes)

    def decoders(self, model: EngineModel, recording: str) -> ClusterDecoders:
        """Return the decoders for one recording; errors name it.

        A model of one's own must stand at the same place on every worker.
        """
        return ClusterDecoders(self, model.at_a_place_for_all(), recording)

    def submit(
        self, decoders: ClusterDecoders, window: Window, options: DecodeOptions
    ) -> Future[tuple[Segment, ...]]:
        """Hand a window to the cluster, as soon as there is room for it.

        Raises:
            UnreachableError: the scheduler or every worker is gone.
        """
        from uuid import uuid4

        with self._room:
            while self._under_way >= self.limit and self._fault is None:
                self._room.wait()
            if self._fault is not None:
                raise self._fault()
            self._under_way += 1
        try:
            task = self._client.submit(
                pickle.loads,
                sealed(decode, window, options, decoders.model, __version__),
                key=f"stt-decode-{uuid4().hex}",
                pure=False,
                retries=_RETRIES,
            )
            home = self._bring_home(task, decoders.recording, window)
            return asyncio.run_coroutine_threadsafe(home, self._loop)
        except Exception as fault:  # the client has given the scheduler up
            self._make_room()
            raise self._gone() from fault

    def close(self) -> None:
        """Give up what is under way, and leave; a cluster of our own ends."""
        self._stop(CancelledError)
        self._watching.cancel()
        self._leave()

    async def _bring_home(
        self, task: Any, recording: str, window: Window
    ) -> tuple[Segment, ...]:
        waiting = asyncio.current_task()
        assert waiting is not None
        self._waiting.add(waiting)
        try:
            result = await task
        except asyncio.CancelledError:
            if self._fault is not None:
                raise self._fault() from None
            raise  # nobody wants it any more
        except CancelledError as fault:
            raise self._gone() from fault
        except Exception as fault:
            raise _understood(fault, recording, window.start) from fault
        finally:
            self._waiting.discard(waiting)
            task.release()  # one that has not begun never will
            self._make_room()
        if isinstance(result, SttError):
            raise result
        segments: tuple[Segment, ...] = result
        return segments

    async def _watch(self) -> None:
        """Follow how large the cluster is, and notice when nothing is left of it."""
        alone = 0.0
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            if self._client.status == "closed":
                self._stop(self._gone)
                return
            try:
                threads = sum((await self._client.nthreads()).values())
            except Exception:  # it is being reconnected, or closes
                continue
            alone = 0.0 if threads else alone + _LOOK_EVERY_S
            if alone >= self._patience:
                self._stop(lambda: no_workers(self.address, self._patience))
                return
            with self._room:
                self.processes = threads or self.processes
                self._room.notify_all()

    def _stop(self, fault: Callable[[], BaseException]) -> None:
        """Let nothing begin any more, and end what waits, with this fault."""
        with self._room:
            self._fault = self._fault or fault
            self._room.notify_all()

        def cancel() -> None:
            for waiting in list(self._waiting):
                waiting.cancel()

        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(cancel)

    def _make_room(self) -> None:
        with self._room:
            self._under_way -= 1
            self._room.notify()

    def _gone(self) -> UnreachableError:
        return UnreachableError(
            f"lost the connection to the Dask scheduler {self.address}",
            hint="restart it, or remove --dask to use this machine",
            transient=True,
        )


def no_workers(address: str, seconds: float) -> UnreachableError:
    """Return the error of a cluster that nobody works in."""
    return UnreachableError(
        f"the Dask cluster {address} has had no workers for {seconds:g} s",
        hint=f"start workers with `dask worker {address} --nthreads 1`",
        transient=True,
    )


def _understood(fault: Exception, recording: str, start: float) -> SttError:
    """Return what a fault that Dask reports means for a recording."""
    from distributed import KilledWorker

    from stt_cli.engines.pool import DecoderEndedError

    if isinstance(fault, KilledWorker):
        times = fault.allowed_failures + 1
        return ProviderError(
            f"{times} Dask workers died one after another while processing "
            f"{recording} at {start:.1f} s",
            hint="check their logs; they may have run out of memory",
        )
    if isinstance(fault, DecoderEndedError):
        return ProviderError(
            f"{_RETRIES + 1} Dask worker processes died one after another while "
            f"processing {recording} at {start:.1f} s",
            hint="the workers may have run out of memory",
        )
    if isinstance(fault, ImportError):
        return ConfigurationError(
            f"a Dask worker is missing a dependency: {fault}",
            hint=f"on every worker, run `pip install stt-cli=={__version__}`",
        )
    kind = type(fault).__name__
    return ProviderError(
        f"the Dask cluster failed on {recording} at {start:.1f} s: {kind}: {fault}",
        hint="check the logs of its workers",
    )
