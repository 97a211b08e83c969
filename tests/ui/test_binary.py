"""Audio stays off the terminal."""

from __future__ import annotations

import pytest

from tests.ui.terminal import show

SCRIPT = """
from stt_cli.core.errors import UsageError
from stt_cli.ui.speech import refuse_terminal
try:
    refuse_terminal(environment)
except UsageError as error:
    sys.exit(f"{error.message}: {error.hint}")
print("written")
"""


@pytest.mark.conformance("CO-13")
def test_audio_for_a_terminal_is_refused_with_the_ways_out() -> None:
    seen = show(SCRIPT)
    assert seen.status == 1
    assert "refusing to write audio to a terminal" in seen.text
    assert "-o FILE" in seen.text


@pytest.mark.conformance("CO-13")
def test_audio_for_a_pipe_is_let_through_without_a_question() -> None:
    assert show(SCRIPT, stdout_piped=True).piped == b"written\n"
