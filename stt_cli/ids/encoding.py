"""Whatever bytes a log comes as, read as UTF-8: compressed, UTF-16, with a BOM.

Told by the first bytes, never by the name: rotated logs are renamed, and stdin
has no name.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Buffer  # type: ignore[attr-defined]

ReadInto = Callable[[memoryview], int | None]

_GZIP = b"\x1f\x8b"
_BZIP2 = b"BZh"
_XZ = b"\xfd7zXZ\x00"
_ZSTANDARD = b"\x28\xb5\x2f\xfd"
_LOOK = 512
_CHUNK = 1 << 18
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, None),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like UTF-16's, so it comes first
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
