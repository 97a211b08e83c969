"""A recording kept beside its recognition, so that a failure loses nothing.

The file is a valid WAV at every moment: its sizes say "a stream" until it is
closed, which our reader and most others take as "until the end".
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from stt_cli.audio.wav import pcm_header
from stt_cli.core.errors import AudioError
from stt_cli.core.private_folder import make_private


class KeptRecording:
    """One WAV of 16-bit mono PCM that grows while it is recorded.

    The file is made with the first samples and readable by this user alone.
    """

    def __init__(self, path: Path, sample_rate: int) -> None:
        self.path = path
        self._sample_rate = sample_rate
        self._file: BinaryIO | None = None
        self._size = 0

    def write(self, pcm: bytes) -> None:
        """Append samples; they are handed to the system before this returns.

        Raises:
            AudioError: the folder cannot be written, or the disk is full.
        """
        try:
            if self._file is None:
                self._file = self._create()
            self._file.write(pcm)
        except OSError as fault:
            raise AudioError(
                f"cannot save the recording in {self.path.parent}: "
                f"{(fault.strerror or str(fault)).lower()}",
                hint="free up disk space, or set STT_HOME to a different folder",
            ) from fault
        self._size += len(pcm)

    @property
    def exists(self) -> bool:
        """Whether there is anything to recognize again."""
        return self._size > 0 and self.path.exists()

    def close(self) -> None:
        """Put the sizes into the header."""
        if self._file is None:
            return
        with suppress(OSError), self._file as file:
            file.seek(0)
            file.write(pcm_header(self._sample_rate, self._size))
        self._file = None

    def discard(self) -> None:
        """Delete it: its result is in."""
        self.close()
        with suppress(OSError):
            self.path.unlink()

    def _create(self) -> BinaryIO:
        make_private(self.path.parent)
        flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0)
        file = os.fdopen(os.open(self.path, flags, 0o600), "r+b", buffering=0)
        file.write(pcm_header(self._sample_rate))
        return file
