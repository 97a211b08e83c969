"""Several recordings at once on one machine: a process each, whoever asks."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from stt_cli.audio.voice_activity import Utterance
from stt_cli.core.environment import Environment
from stt_cli.core.errors import ConfigurationError
from stt_cli.core.transcript import Segment
from stt_cli.engines import pool
from stt_cli.engines.decoding import DecodeOptions, Window
from stt_cli.engines.pocketsphinx_model import ModelFiles
from stt_cli.providers.base import ProviderContext
from stt_cli.providers.local.recognition import LocalRecognition
from tests.audio.tones import WEATHER
from tests.conftest import Runner

FIRST = "what's the weather like today"


class _Watched(pool._Worker):
    """A process whose first work waits until another process works as well."""

    together = threading.Barrier(2)
    met: set[int]
    lock = threading.Lock()

    def decode(self, utterance: Utterance, alternatives: int) -> Segment | None:
        process = self._process.pid
        with self.lock:
            is_first = process not in self.met
            self.met.add(process)
        if is_first:
            self.together.wait(30)
        return super().decode(utterance, alternatives)


@pytest.mark.conformance("LO-05")
@pytest.mark.parametrize(
    "command", [("recognize", "--json"), ("batch", "submit", "--wait", "--json")]
)
def test_two_files_are_decoded_at_once_in_two_processes(
    stt: Runner,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
) -> None:
    """Neither file has more than one utterance: the two must overlap to end."""
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr(pool, "_Worker", _Watched)
    monkeypatch.setattr(_Watched, "met", set(), raising=False)
    monkeypatch.setattr(_Watched, "together", threading.Barrier(2))
    header, pcm = WEATHER.read_bytes()[:40], WEATHER.read_bytes()[44:]
    files = [tmp_path / "a.wav", tmp_path / "b.wav"]
    for index, path in enumerate(files):
        data = pcm[: 2 * 33_000] + bytes(32_000 * (12 + index))
        path.write_bytes(header + len(data).to_bytes(4, "little") + data)
    done = stt(*command, "--model", "pocketsphinx", *files)
    assert (done.status, done.text.count(f'"text": "{FIRST}"')) == (0, 4), done.stderr
    assert len(_Watched.met) == 2


def test_by_default_every_core_gets_a_recording(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 7)
    context = ProviderContext(Environment.of_this_process())
    assert LocalRecognition(context).side_by_side() == 7


def test_a_process_that_ended_before_its_time_has_a_successor() -> None:
    decoders = pool.DecoderPool(1, ModelFiles())
    try:
        pcm = WEATHER.read_bytes()[44:][: 2 * 33_000]
        window = Window.of(Utterance(0.0, pcm))
        decoders.warm_up()
        (worker,) = decoders._workers
        worker._process.kill()
        with pytest.raises(ConfigurationError, match="ended unexpectedly"):
            decoders.submit(window, DecodeOptions()).result(30)
        again = decoders.submit(window, DecodeOptions()).result(30)
        assert [segment.text for segment in again] == [FIRST]
    finally:
        decoders.close()
