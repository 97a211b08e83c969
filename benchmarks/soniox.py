"""Soniox: whole processes, ours beside Soniox's own Python SDK, same emulator.

Three rows: a recording over the real-time socket, a batch job until its
transcript, and one submission. The SDK comes with the extra ``test``. Goals: wall
and CPU 1.0.
"""

from __future__ import annotations

import os
import sys
import tempfile
import wave
from pathlib import Path

from benchmarks.pairs import compare
from stt_cli.emulator import build_emulator
from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.server import running

_TEXT = "Good morning everyone. | The meeting begins."
_SDK = """
import sys, warnings
warnings.simplefilter("ignore")
from soniox import SonioxClient
url, path = sys.argv[1:3]
client = SonioxClient(api_key="made-up", api_base_url=url + "/v1",
    websocket_base_url=url.replace("http", "ws") + "/transcribe-websocket")
"""
_SDK_STREAM = """
from soniox.types import RealtimeSTTConfig
import wave
config = RealtimeSTTConfig(model="stt-rt-v5", audio_format="pcm_s16le", num_channels=1,
    sample_rate=16000, enable_endpoint_detection=True)
def blocks():
    with wave.open(path) as file:
        while block := file.readframes(1600):
            yield block
with client.realtime.stt.connect(config=config) as session:
    session.send_bytes(blocks(), finish=True)
    for event in session.receive_events():
        for token in event.tokens:
            if token.is_final:
                print(token.text, end="")
"""
_SDK_BATCH = """
print(client.stt.transcribe_and_wait_with_tokens(file=path, wait_interval_sec=1.0,
    delete_after=False).text)
"""
_SDK_SUBMIT = """
file = client.files.upload(path)
print(client.stt.create(file_id=file.id).id)
"""


def main() -> None:
    """Print the three rows."""
    config = EmulatorConfig(transcripts=(_TEXT,))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "silence.wav"
        write_silence(path, seconds=2)
        os.environ["STT_HOME"] = folder
        with running(build_emulator("soniox", config), config) as url:
            stt = [sys.executable, "-m", "stt_cli"]
            service = ["-p", "soniox", "--endpoint", url]
            rows = {
                "recognize": ([*stt, "recognize", str(path), *service], _SDK_STREAM),
                "batch submit --wait": (
                    [*stt, "batch", "submit", str(path), "--wait", *service],
                    _SDK_BATCH,
                ),
                "batch submit": (
                    [*stt, "batch", "submit", str(path), *service],
                    _SDK_SUBMIT,
                ),
            }
            for title, (ours, theirs) in rows.items():
                script = [sys.executable, "-c", _SDK + theirs, url, str(path)]
                compare(f"stt {title} beside Soniox's SDK", ours, script, pairs=7)


def write_silence(path: Path, seconds: int) -> None:
    """Write that many seconds of silence, 16 kHz mono, as WAV."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(2 * 16_000 * seconds))


if __name__ == "__main__":
    main()
