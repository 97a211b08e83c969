"""Lines of a log: speech is masked, IDs, codes and times stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.environment import Environment
from stt_cli.workflows.log_excerpt import log_excerpt, without_speech
from tests.state_fixtures import EnvironmentFactory


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (r'{"Display":"he said \"hi\" so","Id":"7"}', '{"Display":"…","Id":"7"}'),
        ('{"candidate":"hello","type":"final"}', '{"candidate":"…","type":"final"}'),
        (r'b={\"text\":\"hello\",\"id\":\"7\"}', r'b={\"text\":\"…\",\"id\":\"7\"}'),
        (r'\"text\":\"a \\\"hello\\\" b\"', r'\"text\":\"…\"'),
        ("{'text': \"it's hello\", 'code': 'x'}", "{'text': \"…\", 'code': 'x'}"),
        ('[["hello",0.1,0.2],["hel', '[["…",0.1,0.2],["…"'),
        (r'[\"hello\",\"world\"]', r'[\"…\",\"…\"]'),
        ("RECOGNIZED: Text=hello world", "RECOGNIZED: …"),
        ('"Display":"hello wo', '"Display":"…'),
        ("<speak><p>hello</p></speak>", "<speak><p>…</p></speak>"),
        ("SPEECH-SubscriptionKey=abc123 x", "SPEECH-SubscriptionKey=*** x"),
        ('"error_message":"quota"', '"error_message":"quota"'),
        ("> Content-Type: text/plain", "> Content-Type: text/plain"),
        ("Path: speech.phrase", "Path: speech.phrase"),
    ],
)  # fmt: skip
def test_what_may_have_been_said_is_masked(line: str, shown: str) -> None:
    assert without_speech(line) == shown


@given(st.text(alphabet="a\"'\\:,[]{} <>=text", max_size=80))
def test_any_line_is_masked_in_time(line: str) -> None:
    without_speech(line)


@given(st.text(max_size=40).filter(lambda text: len(text) > 2))
def test_no_text_survives_in_a_json_document(text: str) -> None:
    import json

    said = f"swordfish{text}swordfish"
    once = json.dumps({"text": said, "id": "7", "words": [said, said]})
    for line in (once, json.dumps({"message": once}), f"log {once[:-9]}"):
        assert "swordfish" not in without_speech(line.replace("\n", " "))


def lines(environment: Environment, ids: list[str], log: bytes) -> tuple[int, int]:
    import io
    from dataclasses import replace

    excerpt = log_excerpt("-", ids, replace(environment, stdin=io.BytesIO(log)))
    return len(excerpt.lines), excerpt.more


def test_at_most_200_lines_are_kept_and_the_rest_is_counted(
    make_environment: EnvironmentFactory,
) -> None:
    assert lines(make_environment(), ["an-id-7"], b"an-id-7 x\n" * 250) == (200, 50)


def test_an_id_too_short_to_be_one_finds_nothing(
    make_environment: EnvironmentFactory,
) -> None:
    assert lines(make_environment(), ["f-1"], b"f-1\n") == (0, 0)
    assert lines(make_environment(), [], b"f-1\n") == (0, 0)


def test_a_packed_log_and_lines_longer_than_any_buffer_are_read(
    make_environment: EnvironmentFactory,
) -> None:
    import gzip

    log = b"x" * 3_000_000 + b"\nan-id-7 here\n" + b"y" * 100
    assert lines(make_environment(), ["an-id-7"], gzip.compress(log)) == (1, 0)
