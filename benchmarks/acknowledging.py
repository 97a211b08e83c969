"""A WebSocket server that only acknowledges: Microsoft's turn, nothing heard.

    python -m benchmarks.acknowledging

Prints its port, then, for each end of audio, the moment its answer was sent
(nanoseconds of the monotonic clock). It answers at once: a phrase and turn.end.
"""

from __future__ import annotations

import json
import sys
import time

from websockets.sync.server import ServerConnection, serve

from stt_cli.protocols.usp.framing import parse_binary
from stt_cli.protocols.usp.server_session import service_message

_PHRASE = {
    "RecognitionStatus": "Success",
    "DisplayText": "Done.",
    "Offset": 0,
    "Duration": 1,
}


def converse(connection: ServerConnection) -> None:
    """Discard the audio of one turn after the other."""
    request_id = ""
    for message in connection:
        if isinstance(message, str):
            continue
        size = int.from_bytes(message[:2], "big")
        if not request_id:
            request_id = parse_binary(message).request_id
            start = json.dumps({"context": {"serviceTag": "0" * 32}})
            connection.send(service_message("turn.start", request_id, start))
        if len(message) == size + 2:
            phrase = service_message("speech.phrase", request_id, json.dumps(_PHRASE))
            sent = time.monotonic_ns()
            connection.send(phrase)
            connection.send(service_message("turn.end", request_id))
            print(sent, flush=True)
            request_id = ""


def main() -> None:
    """Serve until the process is ended."""
    with serve(converse, "127.0.0.1", 0, compression=None) as server:
        print(server.socket.getsockname()[1], flush=True)
        server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
