"""1,000 jobs at a service that takes 50 ms for every answer, 16 at a time.

    python -m benchmarks.many [JOBS]

The ideal is the sum of all answers' times over the number of workers. A bare
client (16 threads, ``http.client``, nothing else) shows what the machine and the
server allow. Then all jobs are waited for, which should cost lists, not a request
a job.
"""

from __future__ import annotations

import http.client
import json
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.request import urlopen

from benchmarks.pairs import Run, run_once
from benchmarks.servers import serving

_DELAY_S = 0.05
_WORKERS = 16
_ROUNDS = 3
_PATHS = {
    "azure": "/speechtotext/transcriptions:submit?api-version=2025-10-15",
    "soniox": "/v1/transcriptions",
}
_KEYS = {"STT_AZURE_KEY": "k" * 32, "STT_SONIOX_KEY": "k" * 32}


def main() -> None:
    """Measure both services, and print every figure."""
    jobs = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    ideal = jobs * _DELAY_S / _WORKERS
    print(f"{jobs} jobs, {_WORKERS} at a time, ideal {ideal:.3f} s")
    for provider in _PATHS:
        rounds = [_round(provider, jobs) for _ in range(_ROUNDS)]
        bare = statistics.median(one for one, _, _, _ in rounds)
        print(f"{provider}: a bare client {bare:.3f} s, {bare / ideal:.2f} × ideal")
        _tell("submit", [submitted for _, submitted, _, _ in rounds], jobs, ideal)
        _tell("poll", [polled for _, _, polled, _ in rounds], jobs, None)
        print(f"  requests {rounds[-1][3]}")


def _round(provider: str, jobs: int) -> tuple[float, Run, Run, dict[str, int]]:
    delay = str(_DELAY_S * 1000)
    with serving("benchmarks.late_jobs", delay) as (port, _):
        bare = _bare(int(port), provider, jobs)
    with serving("benchmarks.late_jobs", delay) as (port, _):
        return bare, *_ours(port, provider, jobs)


def _ours(port: str, provider: str, jobs: int) -> tuple[Run, Run, dict[str, int]]:
    stt = [sys.executable, "-m", "stt_cli"]
    service = ["-p", provider, "--endpoint", f"http://127.0.0.1:{port}"]
    with tempfile.TemporaryDirectory() as folder:
        addresses = Path(folder) / "recordings.jsonl"
        addresses.write_text(
            "".join(
                json.dumps({"input": f"https://host.example/{n}.wav"}) + "\n"
                for n in range(jobs)
            )
        )
        env = {**_KEYS, "STT_HOME": f"{folder}/home"}
        given = ["--manifest", str(addresses), "-j", str(_WORKERS), *service]
        submitted = run_once([*stt, "batch", "submit", *given], env)
        made = _counts(port)
        polled = run_once([*stt, "poll", "--all", "--no-results", *service], env)
        return submitted, polled, {**made, **_counts(port)}


def _bare(port: int, provider: str, jobs: int) -> float:
    left = list(range(jobs))
    body = {
        "displayName": "a",
        "locale": "en-US",
        "customProperties": {},
        "model": "m",
        "audio_url": "https://host.example/a.wav",
        "client_reference_id": "r",
    }

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while left:
            left.pop()
            connection.request("POST", _PATHS[provider], json.dumps(body))
            connection.getresponse().read()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(_WORKERS)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - begin


def _counts(port: str) -> dict[str, int]:
    with urlopen(f"http://127.0.0.1:{port}/counts") as answer:
        found: dict[str, int] = json.load(answer)
        return found


def _tell(name: str, runs: list[Run], jobs: int, ideal: float | None) -> None:
    wall = statistics.median(run.wall for run in runs)
    cpu = statistics.median(run.cpu for run in runs)
    memory = statistics.median(run.memory for run in runs)
    ratio = f", {wall / ideal:.2f} × ideal" if ideal else ""
    print(
        f"  {name:6} wall {wall:.3f} s{ratio}, cpu {cpu:.3f} s "
        f"({1000 * cpu / jobs:.2f} ms a job), {memory:.0f} MB"
    )


if __name__ == "__main__":
    main()
