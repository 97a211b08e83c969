"""The way in: answers ``--version`` at once, else hands over to the app."""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import suppress


def main() -> None:
    """Run ``stt``; never returns, the process ends with an exit code."""
    # Until the command runs, and once it has, Ctrl-C has nothing to tell.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    if sys.argv[1:] in (["--version"], ["-V"]):
        raise SystemExit(_print_version())
    # Loading modules makes objects by the ten thousand and hardly any garbage, and
    # what is left at the end goes with the process: looking through it all, time
    # and again, took an eighth of the CPU time of a short run.
    gc.set_threshold(50_000)
    from stt_cli.app import run

    status = run(sys.argv[1:])
    gc.freeze()
    _leave_engines_at_work(status)
    raise SystemExit(status)


def _leave_engines_at_work(status: int) -> None:
    """After Ctrl-C, end without taking apart what an engine's thread still uses."""
    threads = sys.modules.get("stt_cli.engines.daemon_threads")
    if threads is None or not threads.is_at_work():
        return
    import atexit

    atexit._run_exitfuncs()  # temporary files go
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):
            stream.flush()
    os._exit(status)


def _print_version() -> int:
    """Write the version past Python's buffers, which would fail again at exit."""
    from stt_cli.version import __version__

    try:
        os.write(1, f"stt {__version__}\n".encode())
    except BrokenPipeError:
        return 0  # as after ``| head``
    except OSError as fault:
        message = f"error: cannot write the output: {fault.strerror}\n"
        with suppress(OSError):
            os.write(2, message.encode())
        return 2
    return 0


if __name__ == "__main__":
    main()
