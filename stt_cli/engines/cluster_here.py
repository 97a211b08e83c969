"""A Dask cluster on this machine for one run: a process that hosts all of it.

It stands in a session of its own, so that Ctrl-C reaches only us, and ends when
its standard input does, so that it never outlives its parent. What Dask prints
goes nowhere.
"""

from __future__ import annotations

import logging
import os
import pickle
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from stt_cli.core.errors import ConfigurationError

KEPT_MESSAGES = "distributed.admin.low-level-log-length"
"""Dask's setting for how many messages each side keeps to look at: with their audio."""

_END_S = 5.0


@contextmanager
def cluster_here(processes: int) -> Iterator[tuple[str, Any]]:
    """Start scheduler and workers; give the address and Dask's ``Security`` for it.

    They speak TLS with a certificate of their own: whoever reaches a Dask
    scheduler may run code as its user, and other users reach our loopback.

    Raises:
        ConfigurationError: they do not start.
    """
    from distributed.security import Security

    make: Any = Security.temporary
    security = make()
    program = (
        f"import sys; sys.path[:] = {sys.path!r}\n"
        "from stt_cli.engines.cluster_here import main\n"
        f"main({processes})"
    )
    with tempfile.TemporaryDirectory(
        prefix="stt-dask-", ignore_cleanup_errors=True
    ) as folder:
        host = subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "DASK_TEMPORARY_DIRECTORY": folder},
            start_new_session=True,
        )
        assert host.stdin is not None
        assert host.stdout is not None
        try:
            with suppress(BrokenPipeError):
                pickle.dump(security, host.stdin)
                host.stdin.flush()
            address = host.stdout.readline().decode().strip()
            if not address:
                raise ConfigurationError(
                    "cannot start a Dask cluster on this machine",
                    hint="remove --dask local; stt uses all cores without it, too",
                )
            yield address, security
        finally:
            with suppress(OSError):
                host.stdin.close()
            _wait_for_the_end(host)
            host.stdout.close()


def _wait_for_the_end(host: subprocess.Popen[bytes]) -> None:
    try:
        host.wait(_END_S)
    except subprocess.TimeoutExpired:
        if hasattr(os, "killpg"):
            os.killpg(host.pid, signal.SIGKILL)  # its workers too
        host.kill()
        host.wait()


def main(processes: int) -> None:
    """Host a cluster until the standard input ends."""
    from dask import config
    from distributed import LocalCluster

    config.set({KEPT_MESSAGES: 0})
    security = pickle.load(sys.stdin.buffer)
    cluster: Any = LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=processes,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        security=security,
        dashboard_address=None,
        scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},  # a free port
        memory_limit=None,
        silence_logs=logging.CRITICAL,
    )
    with cluster:
        sys.stdout.write(f"{cluster.scheduler_address}\n")
        sys.stdout.flush()
        sys.stdin.buffer.read()
