"""Watson: whole processes, ours beside IBM's own Python SDK, on the same emulator.

Two rows: a recording by one REST request, and over the WebSocket. The SDK comes
with the extra ``test``. Goals: wall and CPU 1.0.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from benchmarks.pairs import compare
from benchmarks.soniox import write_silence
from stt_cli.emulator import build_emulator
from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.server import running

_TEXT = "good morning everyone | the meeting begins"
_SECONDS = 10
_SDK = """
import sys, warnings
warnings.simplefilter("ignore")
from ibm_watson import SpeechToTextV1
from ibm_cloud_sdk_core.authenticators import BearerTokenAuthenticator
url, path = sys.argv[1:3]
service = SpeechToTextV1(authenticator=BearerTokenAuthenticator("made-up"))
"""
_SDK_REST = """
service.set_service_url(url)
with open(path, "rb") as file:
    answer = service.recognize(audio=file, content_type="audio/wav",
        model="en-US_BroadbandModel").get_result()
for result in answer["results"]:
    print(result["alternatives"][0]["transcript"])
"""
_SDK_SOCKET = """
from ibm_watson.websocket import AudioSource, RecognizeCallback
service.set_service_url(url.replace("http", "ws"))
class Listener(RecognizeCallback):
    def on_data(self, data):
        for result in data["results"]:
            if result["final"]:
                print(result["alternatives"][0]["transcript"])
with open(path, "rb") as file:
    service.recognize_using_websocket(audio=AudioSource(file),
        content_type="audio/wav", recognize_callback=Listener(),
        model="en-US_BroadbandModel", interim_results=True)
"""


def main() -> None:
    """Print the two rows."""
    config = EmulatorConfig(transcripts=(_TEXT,))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "silence.wav"
        write_silence(path, seconds=_SECONDS)
        os.environ["STT_HOME"] = folder
        os.environ["SPEECH_TO_TEXT_BEARER_TOKEN"] = "made-up"
        with running(build_emulator("watson", config), config) as url:
            for transport, script in (("rest", _SDK_REST), ("websocket", _SDK_SOCKET)):
                ours = [sys.executable, "-m", "stt_cli", "recognize", str(path)]
                ours += ["-p", "watson", "--endpoint", url, "--transport", transport]
                theirs = [sys.executable, "-c", _SDK + script, url, str(path)]
                compare(f"stt recognize over {transport} beside IBM's", ours, theirs)


if __name__ == "__main__":
    main()
