"""Private files written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from stt_cli.core.errors import ConfigurationError
from stt_cli.core.private_folder import refuse_planted_link, replace_private


def write_private(path: Path, text: str) -> None:
    """Replace a file's contents in one step; only its owner may read it (0600).

    A symbolic link stays one, since many keep their config file elsewhere.

    Raises:
        ConfigurationError: the folder or the file cannot be written.
    """
    try:
        refuse_planted_link(path)
        replace_private(Path(os.path.realpath(path)), text)
    except OSError as fault:
        raise ConfigurationError(
            f"cannot write {path}: {fault.strerror or fault}",
            hint="make the folder writable, or set STT_HOME to a different folder",
        ) from fault
