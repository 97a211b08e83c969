"""An upload stays where a transcription may have been made of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stt_cli.audio.open import open_source
from stt_cli.core.errors import (
    InterruptedRun,
    OutOfTimeError,
    ProviderError,
    SttError,
    UncertainError,
)
from stt_cli.core.options import JobOptions
from stt_cli.core.secret import Secret
from stt_cli.providers.base import ProviderContext
from stt_cli.providers.registry import provider_spec
from tests.emulating import KEY
from tests.fake_time import fake_environment
from tests.loopback import Answer, Received, serving


def submit(url: str, path: Path, stop: SttError | None = None) -> None:
    """Submit a recording; ``stop`` is raised in the pause before another try."""

    def pause(_seconds: float) -> None:
        if stop is not None:
            raise stop

    environment = replace(fake_environment(), sleep=pause)
    context = ProviderContext(environment, endpoint=url, secrets={"key": Secret(KEY)})
    provider = provider_spec("soniox").open(context)
    try:
        list(provider.submit(open_source(str(path), environment), JobOptions()))
    finally:
        provider.close()


@pytest.mark.parametrize("stop", [OutOfTimeError("timed out"), InterruptedRun()])
def test_a_stop_while_the_outcome_is_unknown_deletes_nothing(
    wav: Path, stop: SttError
) -> None:
    with serving() as service:
        service.play = lambda request: (
            Answer(201, b'{"id":"f","filename":"m","size":1,"created_at":null}')
            if request.target == "/v1/files"
            else "reset"
        )
        with pytest.raises(type(stop)) as caught:
            submit(service.url, wav, stop)
    assert [r.method for r in service.received] == ["POST", "POST"]
    assert caught.value.ids.get("file_id") == "f"


@pytest.mark.parametrize(
    ("creation", "found", "expected"),
    [
        # The service may have made it and said so in words nobody understands.
        (Answer(201, b"[]"), None, ProviderError),
        # The answer was lost, and so may be looked up: not allowed.
        ("reset", Answer(403, b'{"message":"no"}'), UncertainError),
    ],
)
def test_what_may_have_been_made_keeps_its_upload(
    wav: Path, creation: Answer | str, found: Answer | None, expected: type[SttError]
) -> None:
    def play(request: Received) -> Answer | str:
        if request.method == "GET":
            return found or Answer(200, b"{}")
        if request.target == "/v1/files":
            return Answer(201, b'{"id":"f","filename":"m","size":1}')
        return creation

    with serving() as service:
        service.play = play
        with pytest.raises(expected):
            submit(service.url, wav)
    assert "DELETE" not in {r.method for r in service.received}
