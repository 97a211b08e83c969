"""Cookies go back to whom they belong to, and to nobody else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.net.cookies import CookieJar, may_set_for


@pytest.mark.parametrize(
    ("host", "domain", "may"),
    [
        ("speech.platform.bing.com", "speech.platform.bing.com", True),
        ("speech.platform.bing.com", "bing.com", True),
        ("speech.platform.bing.com", "com", False),
        ("speech.platform.bing.com", "ing.com", False),
        ("speech.platform.bing.com", "evil.com", False),
        ("bing.com", "speech.bing.com", False),
        ("api.example.co.uk", "example.co.uk", True),
        ("api.example.co.uk", "co.uk", False),
        ("api.example.co.uk", "uk", False),
        ("localhost", "localhost", True),
        ("a.localhost", "localhost", False),
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "0.0.1", False),
        ("::1", "1", False),
    ],
)
def test_an_answer_sets_cookies_for_its_own_domain_only(
    host: str, domain: str, may: bool
) -> None:
    assert may_set_for(host, domain) is may
    jar = CookieJar()
    shown = f"[{host}]" if ":" in host else host
    jar.take(f"https://{shown}/", [f"a=b; Domain=.{domain}; Path=/"])
    assert (jar.header_for(f"https://{shown}/") == "a=b") is may


def test_a_cookie_without_a_domain_goes_to_its_host_alone() -> None:
    jar = CookieJar()
    jar.take("wss://a.example/x/y", ["k=v"])
    assert jar.header_for("wss://a.example/x/z") == "k=v"
    assert jar.header_for("wss://a.example/other") is None
    assert jar.header_for("wss://b.a.example/x/z") is None
    assert jar.header_for("wss://example/x/z") is None


def test_a_secure_cookie_does_not_travel_in_clear_text() -> None:
    jar = CookieJar()
    jar.take("wss://a.example/", ["k=v; Secure; Path=/"])
    assert jar.header_for("ws://a.example/") is None
    assert jar.header_for("wss://a.example/") == "k=v"


def test_an_expired_cookie_is_forgotten_and_many_are_not_kept() -> None:
    jar = CookieJar()
    jar.take("wss://a.example/", [f"k{number}=v" for number in range(1000)])
    kept = (jar.header_for("wss://a.example/") or "").split("; ")
    assert kept == [f"k{number}=v" for number in range(950, 1000)]
    jar.take("wss://a.example/", ["k999=; Max-Age=0", "k998=; Max-Age=-1"])
    assert "k999" not in (jar.header_for("wss://a.example/") or "")
    assert "k998" not in (jar.header_for("wss://a.example/") or "")


@given(st.text(max_size=60))
def test_any_header_is_taken_or_left(header: str) -> None:
    CookieJar().take("wss://a.example/", [header])
