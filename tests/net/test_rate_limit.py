"""The rates that services document are kept, however many ask at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from stt_cli.core.errors import NotFoundError
from stt_cli.core.http_message import HttpResponse
from stt_cli.core.secret import Secret
from stt_cli.net.messages import ResponseStream
from stt_cli.net.pool import ConnectionPool
from stt_cli.net.rate_limit import RateLimit
from stt_cli.providers.base import ProviderContext
from stt_cli.providers.registry import provider_spec
from tests.fake_time import FakeTime, fake_environment

BASE = "https://api.service.example"


def spent(limit: RateLimit, count: int, url: str = f"{BASE}/x") -> list[str]:
    log: list[str] = []
    for _ in range(count):
        limit.spend(url, log.append)
    return log


def test_who_comes_too_early_waits_for_as_long_as_it_takes() -> None:
    time = FakeTime()
    limit = RateLimit(BASE, 60, 60.0, fake_environment(time))
    assert spent(limit, 60) == []
    assert time.slept == []
    log = spent(limit, 1)
    assert time.seconds == 60.0
    assert "60 requests in 60 s" in log[0]
    spent(limit, 59)
    assert time.seconds == 60.0
    spent(limit, 1)
    assert time.seconds == 120.0


def test_after_a_rest_all_may_be_spent_again() -> None:
    time = FakeTime()
    limit = RateLimit(BASE, 3, 10.0, fake_environment(time))
    spent(limit, 3)
    time.seconds = 10.0
    spent(limit, 3)
    assert time.slept == []


@pytest.mark.parametrize(
    ("base", "url"),
    [
        (BASE, "https://storage.example/file"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/x"),
    ],
)
def test_other_hosts_and_this_machine_are_free(base: str, url: str) -> None:
    time = FakeTime()
    spent(RateLimit(base, 1, 60.0, fake_environment(time)), 100, url)
    assert time.slept == []


def test_threads_share_it() -> None:
    time = FakeTime()
    lock = threading.Lock()
    environment = fake_environment(time)
    limit = RateLimit(BASE, 5, 10.0, environment)
    slept: list[float] = []

    def note(line: str) -> None:
        with lock:
            slept.append(float(line.split()[1]))

    threads = [
        threading.Thread(target=limit.spend, args=(f"{BASE}/x", note)) for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert slept == []
    limit.spend(f"{BASE}/x", note)
    assert slept == [10.0]


@pytest.mark.parametrize(
    ("name", "secret", "values", "rate", "seconds"),
    [
        ("scriptix", "token", {}, 60, 60.0),
        ("azure", "key", {"region": "westeurope"}, 100, 10.0),
    ],
)
def test_looks_and_results_of_a_service_share_its_rate(
    name: str,
    secret: str,
    values: dict[str, str],
    rate: int,
    seconds: float,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing leaves this machine: the pool below the sender answers."""
    time = FakeTime()
    context = ProviderContext(
        fake_environment(time), values=values, secrets={secret: Secret("made-up-1")}
    )
    asked: list[str] = []

    @contextmanager
    def exchange(self: Any, request: Any, *_rest: Any) -> Iterator[ResponseStream]:
        asked.append(request.url)
        yield ResponseStream(HttpResponse(404, (), url=request.url), iter((b"{}",)))

    monkeypatch.setattr(ConnectionPool, "exchange", exchange)
    provider = provider_spec(name).open(context)
    job = "4bd33bb6-0001-4000-8000-000000000001"
    for _ in range(rate + 1):
        with pytest.raises(NotFoundError):
            provider.job(job)
    assert len(asked) == rate + 1
    assert time.seconds == seconds
