"""Reaching a Dask cluster, or starting one here, and finding it fit for the work.

The package ``distributed`` is loaded here and nowhere before: it takes a second.
"""

from __future__ import annotations

import logging
import pickle
import warnings
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from time import monotonic
from typing import Any
from uuid import uuid4

from stt_cli.core.errors import (
    ConfigurationError,
    UnreachableError,
    UsageError,
)
from stt_cli.engines.cluster import Cluster, no_workers
from stt_cli.engines.cluster_here import KEPT_MESSAGES, cluster_here
from stt_cli.engines.cluster_work import inspect, sealed
from stt_cli.version import __version__

LOCAL = "local"
"""The address that stands for a cluster of our own, on this machine."""

_CONNECT_S = 10.0
_PATIENCE_S = 60.0
_END_S = 5.0
_MOST_TOLD = 3
_LOGGERS = (
    *("distributed", "distributed.client", "distributed.gc", "bokeh", "asyncio"),
    *("tornado", "tornado.application"),
)
_INSTALL = "pip install 'stt-cli[dask]'"

Log = Callable[[str], None]
Has = Mapping[str, str | None]


def open_cluster(
    address: str, *, processes: int, log: Log, patience: float = _PATIENCE_S
) -> Cluster:
    """Connect to the scheduler at an address, or start a cluster here.

    Args:
        address: as Dask knows them, such as ``tcp://host:8786`` or ``tls://…``
            (certificates by Dask's own configuration), or ``local``.
        processes: how many workers a local one has.
        log: takes what Dask says.
        patience: seconds to wait for a first worker.

    Raises:
        ConfigurationError: the package ``distributed`` is missing, or what a
            worker needs is.
        UsageError: it is no address.
        UnreachableError: no scheduler answers there, or it has no workers.
    """
    try:
        import distributed  # noqa: F401
    except ImportError as fault:
        raise ConfigurationError(
            "--dask requires the package distributed, which is not installed",
            hint=f"run `{_INSTALL}`",
        ) from fault
    _listen_to_dask(log)
    with ExitStack() as opened:
        security: Any = None
        if address == LOCAL:
            address, security = opened.enter_context(cluster_here(processes))
        client = _connect(address, security)
        opened.callback(_leave, client)
        threads = _examine(client, patience)
        return Cluster(client, threads, opened.pop_all().close, patience)


def _connect(address: str, security: Any) -> Any:
    from dask import config
    from distributed import Client

    connect: Any = Client
    try:
        if security is None:
            _check_address(address)
        with config.set({KEPT_MESSAGES: 0}):
            return connect(
                address,
                security=security,
                timeout=_CONNECT_S,
                set_as_default=False,
                name="stt",
            )
    except OSError as fault:
        raise UnreachableError(
            f"no Dask scheduler at {address}",
            hint="start one with `dask scheduler`, or use --dask local",
            transient=True,
        ) from fault
    except (ValueError, TypeError, RuntimeError) as fault:
        raise UsageError(
            f"invalid --dask {address!r}: {fault}",
            hint="use tcp://host:8786, tls://host:8786 or local",
        ) from fault


def _check_address(address: str) -> None:
    """Refuse what no client could use: one that cannot begin takes long to end."""
    from dask import config
    from distributed.comm.addressing import parse_address, parse_host_port
    from distributed.comm.registry import get_backend
    from distributed.security import Security

    scheme, place = parse_address(address)
    get_backend(scheme)
    if scheme != "inproc":
        parse_host_port(place)
    if scheme == "tls" and not config.get("distributed.client.security-loader", None):
        security: Any = Security
        if security().get_connection_args("client").get("ssl_context") is None:
            raise ConfigurationError(
                "Dask has no TLS certificates configured",
                hint="set distributed.comm.tls in the Dask configuration",
            )


def _leave(client: Any) -> None:
    with suppress(Exception):  # a scheduler that is gone needs no farewell
        client.close(timeout=_END_S)


def _examine(client: Any, patience: float) -> int:
    """Return how many utterances the cluster decodes at a time, if it can.

    A first task lets a cluster that grows with its work start a worker.
    """
    ours, call = inspect(), sealed(inspect)
    task = client.submit(
        pickle.loads, call, key=f"stt-inspect-{uuid4().hex}", pure=False
    )
    alone_since = monotonic()
    while not task.done():
        with suppress(TimeoutError):
            task.exception(timeout=1)
        if client.nthreads():
            alone_since = monotonic()
        elif monotonic() - alone_since > patience:
            raise no_workers(client.scheduler.address, patience)
    task.release()
    lacking = {}
    for worker, theirs in client.run(pickle.loads, call, on_error="return").items():
        if isinstance(theirs, Exception):
            lacking[worker] = str(theirs)
        elif theirs != ours:
            lacking[worker] = _difference(theirs, ours)
    if lacking:
        raise _unfit(lacking)
    return sum(client.nthreads().values())


def _difference(theirs: Has, ours: Has) -> str:
    return ", ".join(
        f"{name} {theirs.get(name) or 'is missing'} (here {version})"
        for name, version in ours.items()
        if theirs.get(name) != version
    )


def _unfit(lacking: Mapping[str, str]) -> ConfigurationError:
    reasons = [f"{where}: {what}" for where, what in list(lacking.items())[:_MOST_TOLD]]
    more = len(lacking) - len(reasons)
    return ConfigurationError(
        f"the Dask cluster cannot recognize speech; {'; '.join(reasons)}"
        + (f"; and {more} more" if more > 0 else ""),
        hint=f"on every worker, run `pip install stt-cli=={__version__}`",
    )


class _Listener(logging.Handler):
    """Hands what Dask logs to the log of this run."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(Exception):  # a log must not stop the work
            self._log(f"{record.name}: {record.getMessage()}")


def _listen_to_dask(log: Log) -> None:
    """Keep Dask's own words from the terminal: they go to the log of this run."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers[:] = [_Listener(log)]
        logger.propagate = False
    for package in ("distributed", "dask", "tornado"):
        warnings.filterwarnings("ignore", module=rf"{package}(\..*)?$")
