"""A third party's provider, and how tests install it."""

from __future__ import annotations

from pathlib import Path

from tests.wheels import install_wheel

_ENTRY_POINTS = (
    "[stt.providers]\nparrot = stt_parrot:SPEC\n"
    "broken = stt_parrot_that_is_not_there:SPEC\n"
)


def install_parrot(folder: Path) -> None:
    """Build the parrot's wheel and install it into ``folder`` with pip."""
    module = Path(__file__).with_name("stt_parrot.py").read_text(encoding="utf-8")
    install_wheel(folder, "stt-parrot", {"stt_parrot.py": module}, _ENTRY_POINTS)
