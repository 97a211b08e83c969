"""What a terminal may be shown; the rule itself is in ``stt_cli.core.plain_text``."""

from __future__ import annotations

from stt_cli.core.plain_text import one_line, printable

__all__ = ["one_line", "printable"]
