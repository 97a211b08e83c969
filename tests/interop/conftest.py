"""Microsoft's JavaScript SDK, installed once for all tests that want it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

JS = Path(__file__).parent / "js"


@pytest.fixture(scope="session")
def js_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the JavaScript program beside its installed packages.

    Workers of one test run share the installation, and so do runs: it lies in
    the system's temporary folder under the digest of package.json.
    """
    import fcntl
    import tempfile

    wanted = (JS / "package.json").read_bytes()
    name = f"stt-interop-{os.getuid()}-{hashlib.sha256(wanted).hexdigest()[:16]}"
    home = Path(tempfile.gettempdir()) / name
    home.mkdir(mode=0o700, exist_ok=True)
    with (home / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "done").exists():
            shutil.copy(JS / "package.json", home)
            subprocess.run(
                ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund"],
                cwd=home,
                check=True,
                capture_output=True,
                timeout=180,
            )
            (home / "done").touch()
        for program in JS.glob("*.js"):
            shutil.copy(program, home)
    return home / "recognize.js"
