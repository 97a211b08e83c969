"""``-j N`` bounds the requests under way, and keeps that many going."""

from __future__ import annotations

import json
import threading

from tests.conftest import Runner
from tests.loopback import Answer, Received, serving


def test_so_many_requests_are_under_way_and_no_more(stt: Runner) -> None:
    lock = threading.Lock()
    under_way, most, made = 0, 0, 0

    def play(request: Received) -> Answer:
        nonlocal under_way, most, made
        with lock:
            under_way += 1
            most = max(most, under_way)
        threading.Event().wait(0.05)
        with lock:
            under_way -= 1
            made += 1
            number = made
        fields = json.loads(request.body)
        job = {"id": f"job-{number}", "status": "queued", **fields}
        return Answer(201, json.dumps(job).encode())

    with serving() as server:
        server.play = play
        addresses = [f"https://host.example/{number}.wav" for number in range(24)]
        done = stt(
            *("batch", "submit", "-p", "soniox", "-j", "4", *addresses),
            env={"SONIOX_API_KEY": "k" * 32, "STT_SONIOX_ENDPOINT": server.url},
        )
    assert done.status == 0, done.stderr
    assert len(done.stdout.split()) == 24
    assert most == 4
