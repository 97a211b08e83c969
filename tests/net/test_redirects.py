"""Where a redirect may lead, and what goes along."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.address import parse_address
from stt_cli.core.errors import ConfigurationError, ProviderError, SttError
from stt_cli.core.http_message import HttpRequest, HttpResponse, StreamedBody
from stt_cli.core.secret import Secret
from stt_cli.net.redirects import redirected, refuse_clear_text

KEY = (("Authorization", Secret("Bearer abcdefgh")),)
LIVE = StreamedBody(lambda: iter([b"x"]), repeatable=False)
AGAIN = StreamedBody(lambda: iter([b"x"]))


@pytest.mark.parametrize(
    ("first", "then", "trusted"),
    [
        ("https://a.example/x", "https://a.example/y", True),
        ("https://a.example/x", "https://a.example:443/y", True),
        ("https://A.example/x", "https://a.EXAMPLE/y", True),
        ("https://a.example/x", "https://b.example/x", False),
        ("https://a.example/x", "https://a.example:8443/x", False),
        ("https://a.example/x", "https://a.example.evil.example/x", False),
        ("https://a.example/x", "http://a.example/x", False),
        ("http://a.example/x", "https://a.example/x", True),
        ("http://a.example:80/x", "https://a.example:443/x", True),
        ("http://a.example:8080/x", "https://a.example/x", False),
        ("http://a.example/x", "https://a.example:8443/x", False),
        ("http://a.example/x", "https://b.example/x", False),
        ("wss://a.example/x", "wss://a.example/y", True),
        ("wss://a.example/x", "https://a.example/y", True),
        ("wss://a.example/x", "ws://a.example/x", False),
        ("ws://a.example/x", "wss://a.example/x", True),
        ("ws://127.0.0.1:1/x", "ws://127.0.0.1:2/x", False),
        ("ws://127.0.0.1:1/x", "ws://localhost:1/x", False),
    ],
)
def test_only_the_same_address_or_its_tls_twin_is_trusted(
    first: str, then: str, trusted: bool
) -> None:
    assert parse_address(first).trusts(parse_address(then)) is trusted
    if not first.startswith("http") or not then.startswith("http"):
        return
    request = HttpRequest("GET", first, credentials=KEY)
    moved = redirected(request, HttpResponse(302, (("Location", then),)))
    assert moved is not None
    assert moved.credentials == (KEY if trusted else ())


@pytest.mark.parametrize(
    ("method", "body", "status", "location", "followed"),
    [
        ("GET", None, 301, "/there", True),
        ("GET", None, 302, "https://else.example/", True),
        ("HEAD", None, 303, "/there", True),
        ("POST", b"x", 307, "/there", True),
        ("POST", b"x", 308, "there", True),
        ("PUT", AGAIN, 307, "/there", True),
        ("DELETE", None, 307, "/there", True),
        ("DELETE", None, 307, "https://else.example/", True),
        # The method or the body would be lost.
        ("POST", b"x", 301, "/there", False),
        ("POST", b"x", 302, "/there", False),
        ("POST", b"x", 303, "/there", False),
        ("DELETE", None, 302, "/there", False),
        ("POST", LIVE, 307, "/there", False),
        # What is in a body may be a key, a signed address or a voice.
        ("POST", b"apikey=x", 307, "https://else.example/", False),
        ("POST", b"apikey=x", 308, "https://a.example:8443/", False),
        ("POST", b"apikey=x", 307, "http://a.example/", False),
        ("POST", AGAIN, 308, "//else.example/x", False),
        ("GET", b"x", 302, "https://else.example/", False),
        # Nowhere.
        ("GET", None, 302, "http://a.example:port/", False),
        ("GET", None, 302, "http://a.example:99999/", False),
        ("GET", None, 302, "http://[::1/", False),
        ("GET", None, 302, "http://a..example/", False),
        ("GET", None, 302, f"http://{'a' * 64}.example/", False),
        ("GET", None, 302, "ftp://a.example/", False),
        ("GET", None, 302, "file:///etc/passwd", False),
        ("GET", None, 302, "http://", False),
        ("GET", None, 302, "http://a\x00.example/", False),
    ],
)
def test_a_body_goes_nowhere_but_where_it_was_meant_to(
    method: str,
    body: bytes | StreamedBody | None,
    status: int,
    location: str,
    followed: bool,
) -> None:
    request = HttpRequest(method, "https://a.example/x", body=body, credentials=KEY)
    answer = HttpResponse(status, (("Location", location),))
    if followed:
        moved = redirected(request, answer)
        assert moved is not None
        assert (moved.method, moved.body) == (method, body)
    else:
        with pytest.raises(ProviderError) as caught:
            redirected(request, answer)
        assert caught.value.hint


@pytest.mark.parametrize(
    ("status", "headers"),
    [(200, (("Location", "/x"),)), (302, ()), (304, (("Location", "/x"),))],
)
def test_other_answers_are_no_redirects(
    status: int, headers: tuple[tuple[str, str], ...]
) -> None:
    request = HttpRequest("GET", "https://a.example/x")
    assert redirected(request, HttpResponse(status, headers)) is None


@given(st.text(max_size=80))
def test_any_location_is_followed_or_refused_in_words(location: str) -> None:
    request = HttpRequest("GET", "https://a.example/x")
    try:
        moved = redirected(request, HttpResponse(302, (("Location", location),)))
    except SttError:
        return
    if moved is not None:
        parse_address(moved.url)


@pytest.mark.parametrize(
    ("url", "credentials", "insecure", "refused"),
    [
        ("https://a.example/", KEY, False, False),
        ("wss://a.example/", KEY, False, False),
        ("http://a.example/", KEY, False, True),
        ("ws://a.example/", KEY, False, True),
        ("ws://a.example/", KEY, True, False),
        ("http://a.example/", (), False, False),
        ("http://127.0.0.1:1/", KEY, False, False),
        ("ws://localhost/", KEY, False, False),
        ("http://127.0.0.1.example/", KEY, False, True),
    ],
)
def test_a_key_leaves_in_clear_text_only_when_told_to(
    url: str, credentials: tuple[tuple[str, Secret], ...], insecure: bool, refused: bool
) -> None:
    request = HttpRequest("GET", url, credentials=credentials)
    try:
        refuse_clear_text(request, parse_address(url), insecure)
    except ConfigurationError:
        assert refused
    else:
        assert not refused
