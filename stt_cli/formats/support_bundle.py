"""A support case as one archive: the report twice, and the logs' lines."""

from __future__ import annotations

import zipfile
from datetime import datetime
from typing import BinaryIO

from stt_cli.formats.support_report import SupportReport

_MODE = 0o100600 << 16  # a regular file that its owner alone may read


def write_support_bundle(
    file: BinaryIO, report: SupportReport, text: str, document: str
) -> None:
    """Write ``report.md``, ``report.json`` and, where there are logs, ``log.txt``."""
    made = datetime.fromisoformat(report.made).timetuple()[:6]
    members = {"report.md": text, "report.json": document}
    if report.logs:
        members["log.txt"] = "".join(
            "".join(f"{line}\n" for line in [f"# {log.source}", *log.lines])
            for log in report.logs
        )
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(name, made)
            member.external_attr = _MODE
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content.encode("utf-8", "backslashreplace"))
