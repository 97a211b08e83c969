"""How long to wait for the service, and how long to keep a connection."""

from __future__ import annotations

from stt_cli.protocols.usp.client_turn import ClientTurn
from stt_cli.providers.audio_feed import AudioFeed
from stt_cli.providers.azure.link import Link

ANSWER_SECONDS = 20.0
"""How long the service may say nothing when it is its turn to speak, besides
the length of the audio that it has still to go through."""

TURN_END_SECONDS = 5.0
"""How long turn.end may take after the end of speech and its phrase."""


class ConnectionTooOld(Exception):  # noqa: N818 - a state, not a failure
    """The connection nears its longest life; the next one takes over."""


class NoTurnEnd(Exception):  # noqa: N818 - what happened
    """The results are in, but the service never said that the turn is over."""


class Silence(Exception):  # noqa: N818 - what happened
    """The service said nothing for ``seconds`` when it should have spoken."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def check_patience(
    turn: ClientTurn, feed: AudioFeed, quiet: float, backlog: float
) -> None:
    """Raise ``Silence`` or ``NoTurnEnd`` when the service has had its time.

    While it only waits for our audio, it may be silent as long as it likes.

    Args:
        quiet: seconds in which nothing went either way.
        backlog: seconds of audio that were sent and have no result yet.
    """
    waits_for_audio = turn.is_started and turn.wants_audio and not feed.is_complete()
    if waits_for_audio and not feed.is_stuck(quiet):
        return
    limit = ANSWER_SECONDS + backlog
    if turn.end_detected_at is not None and turn.phrase_count:
        limit = TURN_END_SECONDS
    if quiet > limit:
        raise NoTurnEnd if turn.phrase_count else Silence(quiet)


def check_age(link: Link, now: float, *, at_pause: bool) -> None:
    """Raise ``ConnectionTooOld``: early at a pause, at the last moment elsewhere."""
    if link.is_old(now) and (at_pause or link.is_at_end(now)):
        raise ConnectionTooOld
