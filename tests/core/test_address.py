"""Addresses are read whole, or refused with a reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.address import is_loopback, origin_of, parse_address

LONGEST_LABEL = "a" * 63
LONGEST_NAME = ".".join([LONGEST_LABEL] * 3 + ["a" * 61])


@pytest.mark.parametrize(
    ("url", "host", "port", "authority", "target"),
    [
        ("http://a.example", "a.example", 80, "a.example", "/"),
        ("HTTPS://A.Example:443/x", "a.example", 443, "a.example", "/x"),
        ("https://a.example:80/x", "a.example", 80, "a.example:80", "/x"),
        ("ws://a.example:65535", "a.example", 65535, "a.example:65535", "/"),
        ("wss://a.example?x=1", "a.example", 443, "a.example", "/?x=1"),
        ("http://[::1]:8080/", "::1", 8080, "[::1]:8080", "/"),
        ("http://[fe80::1%25eth0]/", "fe80::1%25eth0", 80, "[fe80::1%25eth0]", "/"),
        ("http://bücher.example/", "xn--bcher-kva.example", 80, None, "/"),
        ("http://a.example./", "a.example.", 80, "a.example.", "/"),
        ("http://h/ä b?q=%20|ü#cut", "h", 80, "h", "/%C3%A4%20b?q=%20|%C3%BC"),
        (f"http://{LONGEST_LABEL}.example/", None, 80, None, "/"),
        (f"http://{LONGEST_NAME}/", LONGEST_NAME, 80, None, "/"),
        ("http://a_b.example/", "a_b.example", 80, None, "/"),
    ],
)
def test_an_address_is_taken_apart(
    url: str, host: str | None, port: int, authority: str | None, target: str
) -> None:
    found = parse_address(url)
    assert found.host == (host or found.host)
    assert found.port == port
    assert found.authority == (authority or found.authority)
    assert found.target == target
    assert found.is_secure is url.lower().startswith(("https", "wss"))
    assert origin_of(url) == (found.is_secure, found.host, found.port)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "with http"),
        ("a.example/x", "with http"),
        ("ftp://a.example", "with http"),
        ("file:///etc/passwd", "with http"),
        ("http://", "has no host"),
        ("http:///x", "has no host"),
        ("http://:80/", "has no host"),
        ("http://a.example:0/", "not a number from 1"),
        ("http://a.example:65536/", "not a number from 1"),
        ("http://a.example:x/", "not a number from 1"),
        ("http://a.example:-1/", "not a number from 1"),
        ("http://[::1/", "its host is invalid$"),
        ("http://[nonsense]/", "its host is invalid$"),
        ("http://[::1]x/", "its host is invalid$"),
        ("http://me:pa\u2100ss@host/", "its host is invalid$"),
        ("http://a..example/", "empty or longer"),
        ("http://.example/", "empty or longer"),
        ("http://./", "empty or longer"),
        (f"http://{LONGEST_LABEL}a.example/", "empty or longer"),
        (f"http://a{LONGEST_NAME}/", "empty or longer"),
        (f"http://{'ü' * 70}.example/", "not a valid DNS name"),
        ("http://a b/", "not a valid DNS name"),
        ("http://a\\b/", "not a valid DNS name"),
        ("http://a<b>/", "not a valid DNS name"),
        ("http://a\ud800b/", "not a valid DNS name"),
        ("http://a.example/\n", "control character"),
        ("http://a.example/\x7f", "control character"),
        ("http://a\x00.example/", "control character"),
    ],
)
def test_what_is_no_address_is_told_why_without_repeating_it(
    url: str, why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        parse_address(url)
    assert origin_of(url) == (False, url, 0)


def test_a_user_is_kept_apart_and_never_shown() -> None:
    found = parse_address("https://me:s%40fe@a.example/x")
    assert found.user == "me:s%40fe"
    assert "s%40fe" not in repr(found)
    assert parse_address("https://@a.example/").user == ""
    assert parse_address("https://a.example/@").user is None


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("LocalHost", True),
        ("x.localhost", True),
        ("127.0.0.9", True),
        ("::1", True),
        ("notlocalhost", False),
        ("localhost.example", False),
        ("128.0.0.1", False),
        ("::2", False),
        ("", False),
    ],
)
def test_only_this_machine_is_loopback(host: str, here: bool) -> None:
    assert is_loopback(host) is here


@given(st.text(max_size=60), st.sampled_from(["", "http://", "wss://[", "http://a:"]))
def test_any_text_is_an_address_or_a_value_error(text: str, start: str) -> None:
    try:
        found = parse_address(start + text)
    except ValueError:
        return
    assert found.host.isascii()
    assert found.target.isascii()
    assert 0 < found.port < 65536


@pytest.mark.parametrize(
    ("one", "other", "trusted"),
    [
        ("https://a.example/x", "https://a.example/y", True),
        ("https://a.example", "https://a.example:443", True),
        ("wss://a.example", "https://a.example", True),
        ("http://a.example", "https://a.example", True),
        ("https://a.example", "http://a.example", False),
        ("wss://a.example", "ws://a.example", False),
        ("http://a.example:81", "https://a.example", False),
        ("http://a.example", "https://a.example:444", False),
        ("http://a.example", "https://b.example", False),
        ("https://a.example", "https://b.example", False),
        ("https://a.example", "https://x.a.example", False),
        ("https://a.example", "https://a.example:8443", False),
    ],
)
def test_who_gets_a_credential_beside_the_one_it_was_for(
    one: str, other: str, trusted: bool
) -> None:
    assert parse_address(one).trusts(parse_address(other)) is trusted


@pytest.mark.parametrize(
    ("url", "is_here"),
    [("http://127.0.0.1", True), ("http://[::1]", True), ("http://10.0.0.1", False)],
)
def test_an_address_of_this_machine(url: str, is_here: bool) -> None:
    assert parse_address(url).is_loopback is is_here
