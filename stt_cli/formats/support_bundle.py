"""A support case as one archive: the report twice, and the logs' lines."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO

from stt_cli.formats.support_report import LogExcerpt

_MODE = 0o100600 << 16  # a regular file that its owner alone may read


def write_support_bundle(
    file: BinaryIO,
    made: str,
    text: str,
    document: str,
    logs: Sequence[LogExcerpt] = (),
) -> None:
    """Write ``report.md``, ``report.json`` and, where there are logs, ``log.txt``.

    ``made`` is the report's time in ISO 8601, which the files get.
    """
    moment = datetime.fromisoformat(made).timetuple()[:6]
    members = {"report.md": text, "report.json": document}
    if logs:
        members["log.txt"] = "".join(
            "".join(f"{line}\n" for line in [f"# {log.source}", *log.lines])
            for log in logs
        )
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(name, moment)
            member.external_attr = _MODE
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content.encode("utf-8", "backslashreplace"))
