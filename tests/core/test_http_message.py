"""Requests and answers as data: query strings, pauses, excerpts."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.address import with_query
from stt_cli.core.errors import ProviderError
from stt_cli.core.http_message import HttpResponse, retry_after_seconds, text_excerpt

TEXT = st.text(st.characters(codec="utf-8"), min_size=1)


@given(st.lists(st.tuples(TEXT, TEXT)))
def test_query_pairs_are_read_back_in_order(pairs: list[tuple[str, str]]) -> None:
    url = with_query("https://host.example/a?first=1", pairs)
    assert parse_qsl(urlsplit(url).query)[1:] == pairs
    assert "+" not in urlsplit(url).query


def test_absent_values_leave_the_query() -> None:
    assert with_query("http://h/a", [("x", None), ("y", "")]) == "http://h/a?y="
    assert with_query("http://h/a", []) == "http://h/a"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ((), None),
        ((("retry-after", "3"),), 3),
        ((("Retry-After", "1.5"),), 1.5),
        ((("Retry-After", "-1"),), 0),
        ((("Retry-After", "soon"),), None),
        ((("Retry-After", "nan"),), None),
        (
            (
                ("Date", "Fri, 20 Nov 2026 12:00:00 GMT"),
                ("Retry-After", "Fri, 20 Nov 2026 12:00:09 GMT"),
            ),
            9,
        ),
        # One that is over by then, and one that no wait is meant by.
        (
            (
                ("Date", "Fri, 20 Nov 2026 12:00:09 GMT"),
                ("Retry-After", "Fri, 20 Nov 2026 12:00:00 GMT"),
            ),
            0,
        ),
        ((("Retry-After", "0"),), 0),
        ((("Retry-After", "999999999"),), 999_999_999),
        ((("Retry-After", "1000000000"),), None),
        ((("Retry-After", " "),), None),
        ((("Retry-After", "Fri, 20 Nov 2026 12:00:09 GMT"),), None),
    ],
)
def test_both_forms_of_retry_after_are_read(
    headers: tuple[tuple[str, str], ...], seconds: float | None
) -> None:
    assert retry_after_seconds(HttpResponse(429, headers)) == seconds


def test_our_own_clock_counts_where_an_answer_has_no_date() -> None:
    headers = (("Retry-After", "Thu, 01 Jan 1970 00:01:40 GMT"),)
    assert retry_after_seconds(HttpResponse(503, headers), now=60.0) == 40
    dated = (*headers, ("Date", "Thu, 01 Jan 1970 00:01:30 GMT"))
    assert retry_after_seconds(HttpResponse(503, dated), now=60.0) == 10


@given(st.text(max_size=3000))
def test_an_excerpt_is_one_short_line(text: str) -> None:
    excerpt = text_excerpt(text)
    assert len(excerpt) <= 500
    assert len(excerpt.splitlines()) <= 1


@given(st.binary(max_size=300))
def test_any_body_is_an_object_or_a_told_failure(body: bytes) -> None:
    response = HttpResponse(200, body=body)
    if isinstance(response.try_json(), dict):
        assert response.json_object() == response.try_json()
    else:
        with pytest.raises(ProviderError, match="JSON"):
            response.json_object()
