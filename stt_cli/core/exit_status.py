"""The exit codes of the command, as README.md's table promises them."""

from __future__ import annotations

from enum import IntEnum


class ExitStatus(IntEnum):
    """What the process returns to the shell; one meaning a code."""

    OK = 0
    BUG = 1
    USAGE = 2
    NOTHING_FOUND = 3
    CREDENTIALS = 4
    NOT_FOUND = 5
    JOB_FAILED = 6
    OUT_OF_TIME = 7
    UNREACHABLE = 8
    RATE_LIMITED = 9
    AUDIO = 10
    SCORE = 11
    HUNG_UP = 129
    INTERRUPTED = 130
    TERMINATED = 143
