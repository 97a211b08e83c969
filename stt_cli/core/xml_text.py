"""Text made fit for XML. The standard library's own loads a web client for it."""

from __future__ import annotations

_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_VALUE = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        "\n": "&#10;",
        "\r": "&#13;",
        "\t": "&#9;",
    }
)


def escape(text: str) -> str:
    """Return text as it stands between tags."""
    return text.translate(_TEXT)


def quoted(value: str) -> str:
    """Return an attribute's value, in double quotes."""
    return f'"{value.translate(_VALUE)}"'
