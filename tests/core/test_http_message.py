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
        ((("Retry-After", "Fri, 20 Nov 2026 12:00:09 GMT"),), None),
    ],
)
def test_both_forms_of_retry_after_are_read(
    headers: tuple[tuple[str, str], ...], seconds: float | None
) -> None:
    assert retry_after_seconds(HttpResponse(429, headers)) == seconds


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
