"""The note at the head of every generated file."""

from __future__ import annotations


def made_by_generator(shell: str) -> str:
    """Return the note of one shell's script."""
    return (
        f"Completion of stt for {shell}. "
        "Made by `python docs/generate.py`; do not edit."
    )
