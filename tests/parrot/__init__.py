"""A third party's provider, and how tests install it."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

_FILES = {
    "stt_parrot-1.0.dist-info/METADATA": (
        "Metadata-Version: 2.1\nName: stt-parrot\nVersion: 1.0\n"
    ),
    "stt_parrot-1.0.dist-info/WHEEL": (
        "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n"
    ),
    "stt_parrot-1.0.dist-info/entry_points.txt": (
        "[stt.providers]\nparrot = stt_parrot:SPEC\n"
        "broken = stt_parrot_that_is_not_there:SPEC\n"
    ),
}


def install_parrot(folder: Path) -> None:
    """Build the parrot's wheel and install it into ``folder`` with pip."""
    wheel = folder / "stt_parrot-1.0-py3-none-any.whl"
    module = Path(__file__).with_name("stt_parrot.py").read_text(encoding="utf-8")
    files = {"stt_parrot.py": module, **_FILES}
    record = "stt_parrot-1.0.dist-info/RECORD"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        archive.writestr(record, _record(files) + f"{record},,\n")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps",
         "--disable-pip-version-check", "--target", str(folder), str(wheel)],
        check=True,
        capture_output=True,
    )  # fmt: skip


def _record(files: dict[str, str]) -> str:
    lines = []
    for name, text in files.items():
        digest = hashlib.sha256(text.encode()).digest()
        encoded = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        lines.append(f"{name},sha256={encoded},{len(text.encode())}\n")
    return "".join(lines)
