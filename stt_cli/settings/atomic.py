"""Private files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from stt_cli.core.errors import ConfigurationError
from stt_cli.core.private_folder import make_private


def write_private(path: Path, text: str) -> None:
    """Replace a file's contents in one step; only its owner may read it (0600).

    A symbolic link stays one, since many keep their config file elsewhere.

    Raises:
        ConfigurationError: the folder or the file cannot be written.
    """
    target = Path(os.path.realpath(path))
    try:
        make_private(target.parent)
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(target)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as fault:
        raise ConfigurationError(
            f"cannot write {path}: {fault.strerror or fault}",
            hint="make the folder writable, or set STT_HOME to a different folder",
        ) from fault
