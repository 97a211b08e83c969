"""Packages of third parties: a wheel is built by hand and installed with pip."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path


def install_wheel(
    folder: Path, name: str, modules: Mapping[str, str], entry_points: str
) -> None:
    """Build a wheel of these files and install it into ``folder``.

    Args:
        name: the distribution's, with dashes.
        modules: path within the wheel, and text.
        entry_points: the text of ``entry_points.txt``.
    """
    stem = f"{name.replace('-', '_')}-1.0"
    info = f"{stem}.dist-info"
    files = {
        **modules,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\n"
        "Root-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": entry_points,
    }
    wheel = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
        archive.writestr(f"{info}/RECORD", _record(files) + f"{info}/RECORD,,\n")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps",
         "--disable-pip-version-check", "--target", str(folder), str(wheel)],
        check=True,
        capture_output=True,
    )  # fmt: skip


def _record(files: Mapping[str, str]) -> str:
    lines = []
    for path, text in files.items():
        digest = hashlib.sha256(text.encode()).digest()
        encoded = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        lines.append(f"{path},sha256={encoded},{len(text.encode())}\n")
    return "".join(lines)
