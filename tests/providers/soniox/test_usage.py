"""``stt usage``: what Soniox counted and charged."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import httpx
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from soniox import SonioxClient

from stt_cli.formats.schemas import schema_text
from stt_cli.protocols.soniox.usage import read_usage
from tests.conftest import Runner
from tests.emulating import KEY, Emulated, emulated
from tests.loopback import Answer, serving
from tests.providers.conftest import Shell


def used(shell: Shell, service: Emulated, wav: Path) -> None:
    """Recognize two seconds live, and the same in a job."""
    done = shell(service, "recognize", wav, "-p", "soniox")
    assert done.status == 0, done.stderr
    job = shell(service, "batch", "submit", wav, "-p", "soniox").text.strip()
    assert shell(service, "poll", job).status == 0


def test_each_model_has_its_requests_audio_and_cost(shell: Shell, wav: Path) -> None:
    with emulated("soniox") as service:
        before = shell(service, "usage", "-p", "soniox")
        used(shell, service, wav)
        after = shell(service, "usage", "-p", "soniox")
        printed = shell.json(service, "usage", "-p", "soniox", "--since", "today")
    assert (before.status, before.text) == (0, "")
    assert "no usage at soniox since" in before.stderr
    assert after.lines == [
        "stt-async-v6\t1\t0:02\t\t0.00",
        "stt-rt-v6\t1\t0:02\t\t0.00",
        "total\t2\t0:04\t\t0.00",
    ]
    schema = json.loads(schema_text("usage"))
    jsonschema.Draft202012Validator(schema).validate(printed)
    total = printed["total"]
    assert (total["requests"], total["heard"], total["model"]) == (2, 4.0, None)
    assert Decimal(total["cost"]) == Decimal("0.0001111111").quantize(Decimal("1e-10"))
    assert total["details"]["num_requests"][-1] == 2


def test_the_window_is_asked_for_in_utc(stt: Runner) -> None:
    now = datetime(2026, 12, 1, 12, tzinfo=UTC)
    with serving() as service:
        service.answers(Answer(200, body=b'{"total": {}, "models": []}'))
        done = stt(
            "usage", "-p", "soniox", "--endpoint", service.url, "--since", "7d",
            now=lambda: now,
        )  # fmt: skip
        (asked,) = service.received
    assert done.status == 0, done.stderr
    query = httpx.URL(f"http://x{asked.target}").params
    assert datetime.fromisoformat(query["start_time"]) == datetime(
        2026, 11, 24, 12, tzinfo=UTC
    )
    assert datetime.fromisoformat(query["end_time"]) == now


@pytest.mark.parametrize(
    ("since", "words"),
    [("400d", "at most 366 days"), ("2999-01-01", "period must start before it ends")],
)
def test_a_window_that_the_service_refuses_is_refused_unasked(
    shell: Shell, since: str, words: str
) -> None:
    with emulated("soniox") as service:
        done = shell(service, "usage", "-p", "soniox", "--since", since)
        assert (done.status, service.log) == (2, [])
    assert words in done.stderr


def test_other_providers_have_none(stt: Runner) -> None:
    done = stt("usage", "-p", "azure")
    assert done.status == 2
    assert "azure does not support usage reports" in done.stderr


def test_the_vendors_sdk_reads_the_emulators_summary(shell: Shell, wav: Path) -> None:
    with emulated("soniox") as service:
        used(shell, service, wav)
        with SonioxClient(api_key=KEY, api_base_url=f"{service.url}/v1") as soniox:
            today = datetime.now(UTC).date().isoformat()
            found = soniox.usage.summary(f"{today}T00:00:00Z", f"{today}T23:59:59Z")
    assert found.total.total_num_requests == 2
    assert [entry.model for entry in found.models] == ["stt-async-v6", "stt-rt-v6"]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
ENTRY = st.fixed_dictionaries(
    {},
    optional={
        "model": ANYTHING,
        "total_cost_usd": ANYTHING | st.decimals().map(str),
        "total_num_requests": ANYTHING,
        "total_input_audio_duration_ms": ANYTHING,
    },
)


@given(st.fixed_dictionaries({}, optional={"total": ENTRY, "models": st.lists(ENTRY)}))
def test_any_summary_is_read(fields: dict[str, object]) -> None:
    now = datetime.now(UTC)
    json.dumps(read_usage(fields, "soniox", now, now).to_dict(), default=str)
