"""What C libraries print on standard error while they decode is kept from users.

libmpg123 and ALAC's decoder write their remarks on damaged audio to C's
``stderr``, whatever we think of them. While one decodes, that name points to the
null device. Our own messages do not pass through it (Python writes to the
descriptor), nor do those of other threads: no descriptor is redirected.
"""

from __future__ import annotations

import ctypes
import os
import platform
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

_lock = threading.Lock()
_inside = 0
_shown: int | None = None


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """Silence C libraries inside; may be entered by several threads at once.

    Where the platform's C library is not known to allow it, nothing happens.
    """
    stream = _stderr()
    if stream is None:
        yield
        return
    _enter(stream)
    try:
        yield
    finally:
        _leave(stream)


def _enter(stream: ctypes.c_void_p) -> None:
    global _inside, _shown
    with _lock:
        if _inside == 0:
            _shown, stream.value = stream.value, _nowhere()
        _inside += 1


def _leave(stream: ctypes.c_void_p) -> None:
    global _inside
    with _lock:
        _inside -= 1
        if _inside == 0:
            stream.value = _shown


@cache
def _stderr() -> ctypes.c_void_p | None:
    """Return the C library's variable of that name, where it is one to write to."""
    if sys.platform == "darwin":
        name = "__stderrp"
    elif platform.libc_ver()[0] == "glibc":
        name = "stderr"
    else:
        return None  # a constant in musl, a function in Windows' library
    try:
        return ctypes.c_void_p.in_dll(ctypes.CDLL(None), name)
    except (OSError, ValueError):
        return None


@cache
def _nowhere() -> int | None:
    open_file = ctypes.CDLL(None).fopen
    open_file.restype = ctypes.c_void_p
    opened: int | None = open_file(os.fsencode(os.devnull), b"w")
    return opened
