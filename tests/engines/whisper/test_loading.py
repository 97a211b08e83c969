"""Loading a model leaves the process with memory that is reused."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from stt_cli.engines.whisper.loading import keep_freed_memory

_FAULTS_OF_A_SECOND_BLOCK = """
import resource, sys
from stt_cli.engines.whisper.loading import keep_freed_memory
keep = sys.argv[1] == "kept"
assert not keep or keep_freed_memory()
def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    block = b"x" * (50 << 20)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
faults()
print(faults())
"""


def faults(how: str) -> int:
    command = [sys.executable, "-c", _FAULTS_OF_A_SECOND_BLOCK, how]
    return int(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc's allocator")
def test_a_large_block_is_not_asked_of_the_system_twice() -> None:
    assert faults("kept") < 100 < faults("as it comes")


def test_elsewhere_nothing_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not keep_freed_memory()
