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


HERE = "https://a.example/x/y"


@pytest.mark.parametrize(
    ("header", "url", "sent"),
    [
        ("k=v; Path=/", "https://a.example/", "k=v"),
        ("k=v; Path=/", "https://a.example/any/where", "k=v"),
        ("k=v; Path=/x", "https://a.example/x", "k=v"),
        ("k=v; Path=/x/", "https://a.example/x/y", "k=v"),
        ("k=v; Path=/x", "https://a.example/xy", None),
        ("k=v; Path=/", "https://a.example", "k=v"),  # no path is the root
        ("k=v; Path=x", "https://a.example/x/z", "k=v"),  # no path: the answer's own
        ("k=v; Path=x", "https://a.example/z", None),
        ('k=v; Path="/x"', "https://a.example/x/z", "k=v"),
        ("k=v; Domain=.a.example; Path=/", "https://b.a.example/", "k=v"),
        ("k=v; Domain=A.example; Path=/", "https://b.a.example/", "k=v"),
        ("k=v; Path=/", "https://A.EXAMPLE/", "k=v"),
        (" k = v ; Path=/", "https://a.example/", "k=v"),
        ("k=v=w; Path=/", "https://a.example/", "k=v=w"),
        ("k; Path=/", "https://a.example/", None),
        ("=v; Path=/", "https://a.example/", None),
        (" =v; Path=/", "https://a.example/", None),
        ("k=v; Path=/; Secure", "http://a.example/", None),
        ("k=v; Path=/; Secure", "ws://a.example/", None),
        ("k=v; Path=/; Secure", "wss://a.example/", "k=v"),
        ("k=v; Path=/", "http://a.example/", "k=v"),
    ],
)
def test_where_a_cookie_goes(header: str, url: str, sent: str | None) -> None:
    jar = CookieJar()
    jar.take(HERE, [header])
    assert jar.header_for(url) == sent


def test_a_secure_cookie_stays_on_this_machine_in_clear_text() -> None:
    jar = CookieJar()
    jar.take("http://127.0.0.1/", ["k=v; Secure"])
    assert jar.header_for("http://127.0.0.1/") == "k=v"


@pytest.mark.parametrize(
    ("age", "kept"),
    [("1", True), ("60", True), ("10", True), ("0", False), ("00", False),
     ("-1", False), ("-0", False)],
)  # fmt: skip
def test_an_age_ends_a_cookie(age: str, kept: bool) -> None:
    jar = CookieJar()
    jar.take(HERE, ["k=v; Path=/"])
    jar.take(HERE, [f"k=w; Path=/; Max-Age={age}"])
    assert jar.header_for(HERE) == ("k=w" if kept else None)


def test_the_root_is_the_path_of_an_answer_without_one() -> None:
    jar = CookieJar()
    jar.take("https://a.example", ["k=v"])
    jar.take("https://b.example/x", ["k=w"])
    assert jar.header_for("https://a.example/any") == "k=v"
    assert jar.header_for("https://b.example/any") == "k=w"
