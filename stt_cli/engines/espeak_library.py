"""Finding and loading eSpeak NG's shared library, and its C types."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Any

from stt_cli.core.errors import ConfigurationError

_LONGEST_PATH = 140  # with room for the names of files in the folder


class VoiceRecord(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


SpeechCallback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
)


def short_path(data: Path) -> str:
    """Return a name for the data folder that the library has room for.

    Its buffer for the name has 160 bytes, which a virtual environment in a deep
    folder exceeds; a link from the temporary folder then stands for it.
    """
    if len(os.fsencode(data)) < _LONGEST_PATH:
        return str(data)
    import atexit
    import shutil
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="stt-espeak-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    link = folder / data.name
    try:
        link.symlink_to(data, target_is_directory=True)
    except OSError as fault:
        raise ConfigurationError(
            f"eSpeak NG cannot find its data: the path {data} is too long",
            hint="install into a folder with a shorter name",
        ) from fault
    return str(link)


def load_library() -> tuple[Any, Path | None]:
    """Return the library and its data folder: the package's, else the system's."""
    data: Path | None = None
    try:
        import espeakng_loader  # type: ignore[import-untyped]

        path: str | None = espeakng_loader.get_library_path()
        data = Path(espeakng_loader.get_data_path())
    except (ImportError, RuntimeError):
        from ctypes.util import find_library

        path = find_library("espeak-ng")
    hint = "install it: pip install espeakng-loader"
    if path is None:
        raise ConfigurationError("eSpeak NG is not installed", hint=hint)
    try:
        library = ctypes.CDLL(path)
    except OSError as fault:
        raise ConfigurationError(
            f"eSpeak NG cannot be loaded: {fault}", hint=hint
        ) from fault
    library.espeak_Info.restype = ctypes.c_char_p
    library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(VoiceRecord))
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    library.espeak_TextToPhonemes.argtypes = [
        ctypes.POINTER(ctypes.c_void_p),
        ctypes.c_int,
        ctypes.c_int,
    ]
    library.espeak_Synth.argtypes = [
        ctypes.c_char_p,
        ctypes.c_size_t,
        ctypes.c_uint,
        ctypes.c_int,
        ctypes.c_uint,
        ctypes.c_uint,
        ctypes.c_void_p,
        ctypes.c_void_p,
    ]
    return library, data
