"""Which proxy a URL goes through."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.address import is_loopback, parse_address
from stt_cli.core.errors import ConfigurationError
from stt_cli.net.proxies import proxy_for


@pytest.mark.parametrize(
    ("url", "variables", "proxy"),
    [
        ("https://a.example/x", {}, None),
        ("https://a.example/x", {"HTTPS_PROXY": "http://p:8080"}, "http://p:8080"),
        ("wss://a.example/x", {"https_proxy": "p:8080"}, "http://p:8080"),
        ("http://a.example/x", {"HTTPS_PROXY": "http://p"}, None),
        ("http://a.example/x", {"ALL_PROXY": "http://p"}, "http://p:80"),
        ("https://a.example", {"https_proxy": "", "HTTPS_PROXY": "http://p"}, None),
        ("https://a.example", {"HTTPS_PROXY": "http://p", "NO_PROXY": "*"}, None),
        (
            "https://a.example",
            {"HTTPS_PROXY": "http://p", "NO_PROXY": "x.org, .example"},
            None,
        ),
        (
            "https://badexample",
            {"HTTPS_PROXY": "http://p", "NO_PROXY": "example"},
            "http://p:80",
        ),
        ("http://localhost:8000", {"HTTP_PROXY": "http://p"}, None),
        ("http://127.0.0.1:8000", {"HTTP_PROXY": "http://p"}, None),
        ("http://[::1]:8000", {"HTTP_PROXY": "http://p"}, None),
        (
            "http://127.0.0.1:80",
            {"HTTP_PROXY": "http://p", "NO_PROXY": "x"},
            "http://p:80",
        ),
    ],
)
def test_the_variables_name_the_proxy(
    url: str, variables: dict[str, str], proxy: str | None
) -> None:
    found = proxy_for(parse_address(url), variables)
    assert (found and found.shown) == proxy


def test_only_this_machine_is_loopback() -> None:
    assert all(map(is_loopback, ["localhost", "127.0.0.9", "::1", "x.localhost"]))
    assert not any(map(is_loopback, ["10.0.0.1", "localhost.example", "", "::2"]))


@pytest.mark.parametrize(
    ("host", "no_proxy", "straight"),
    [
        ("127.0.0.1", "127.0.0.0/8", True),
        ("10.1.2.3", "10.0.0.0/8", True),
        ("10.1.2.3", "10.1.2.3/8", True),
        ("11.1.2.3", "10.0.0.0/8", False),
        ("10.1.2.3", "a.example, 10.1.2.3", True),
        ("10.1.2.3", "10.1.2.30", False),
        ("10.1.2.3", ".2.3", False),
        ("[::1]", "[::1]", True),
        ("[::1]", "::1", True),
        ("[::1]", "[::1]:8080", True),
        ("[::1]", "[::1]:80", False),
        ("[fd00::17]", "fd00::/8", True),
        ("[fe80::17]", "fd00::/8", False),
        ("[::ffff:10.1.2.3]", "10.0.0.0/8", True),
        ("a.example", "x.example a.example", True),
        ("a.example", "x.example\ta.example\n", True),
        ("a.example", "example", True),
        ("a.example", "*.example", True),
        ("a.example", ".a.example", True),
        ("a.example.", "a.example", True),
        ("a.example", "a.example.", True),
        ("A.Example", "a.EXAMPLE", True),
        ("ba.example", "a.example", False),
        ("a.example", "a.example:8080", True),
        ("a.example", "a.example:80", False),
        ("a.example", "*", True),
        ("a.example", "*.example.", True),
        ("a.example.", "example", True),
        ("[fd00::1]", "[fd00::]/8", True),
        ("[fd00::1]", "[fe80::]/10", False),
        ("[fd00::1]", "[fd00::1]", True),
        ("a.example", ", ,", False),
        ("a.example", "", False),
        ("a.example", "10.0.0.0/99, a.example/8, [, ]:1", False),
        ("localhost", "", False),
        ("localhost", "x", False),
    ],
)
def test_no_proxy_is_read_as_curl_reads_it(
    host: str, no_proxy: str, straight: bool
) -> None:
    variables = {"HTTP_PROXY": "http://p", "NO_PROXY": no_proxy}
    found = proxy_for(parse_address(f"http://{host}:8080/"), variables)
    assert (found is None) is straight


@pytest.mark.parametrize(
    ("value", "shown", "user"),
    [
        ("http://p", "http://p:80", None),
        ("p:8080", "http://p:8080", None),
        ("https://p", "https://p:443", None),
        ("HTTP://P:8080/", "http://p:8080", None),
        ("http://p:8080/some/path", "http://p:8080", None),
        (" http://p:8080 ", "http://p:8080", None),
        ("http://me:p%2Fss%23@p:1", "http://p:1", "me:p/ss#"),
        ("http://me:p@ss@p:1", "http://p:1", "me:p@ss"),
        (r"http://corp\bob:pw@p:1", "http://p:1", r"corp\bob:pw"),
        ("http://me@p", "http://p:80", "me"),
        ("http://[::1]:3128", "http://[::1]:3128", None),
        ("socks5://p", "socks5://p:1080", None),
        ("socks5h://me:pw@p:9", "socks5h://p:9", "me:pw"),
    ],
)
def test_a_proxys_address_is_taken_apart(
    value: str, shown: str, user: str | None
) -> None:
    found = proxy_for(parse_address("https://a.example"), {"HTTPS_PROXY": value})
    assert found is not None
    assert (found.shown, found.user) == (shown, user)
    assert "pw" not in repr(found)


@pytest.mark.parametrize(
    "value",
    [
        r"http://corp\bob:S3cretPart/w9@proxy.corp:8080",
        "http://me:S3cretPart?w9@proxy.corp:8080",
        "http://me:S3cretPart#w9@proxy.corp:8080",
        '"http://me:S3cretPart@proxy.corp:8080"',
        "'http://me:S3cretPart@proxy.corp:8080'",
        "http://me:S3cretPart@[bad",
        "http://me:S3cretPart@host:port",
        "http://me:S3cretPart@host:99999",
        "http://me:S3cretPart@",
        "http://me:S3cretPart@a..b",
        "http://me:S3cretPart@host:1:2",
        "S3cretPart://x",
        "http://S3cretPart host",
        "//me:S3cretPart@proxy",
    ],
)
def test_a_proxy_that_cannot_be_read_is_told_by_its_variable_alone(value: str) -> None:
    with pytest.raises(ConfigurationError, match="HTTPS_PROXY") as caught:
        proxy_for(parse_address("https://a.example"), {"HTTPS_PROXY": value})
    assert "S3cretPart" not in f"{caught.value.message} {caught.value.hint}"
    assert "S3cretPart" not in str(caught.value.__cause__)


@given(st.text(max_size=60))
def test_any_value_is_a_proxy_or_a_configuration_error(value: str) -> None:
    address = parse_address("https://a.example")
    for variables in (
        {"HTTPS_PROXY": value},
        {"HTTPS_PROXY": "http://p", "NO_PROXY": value},
    ):
        with suppress(ConfigurationError):
            proxy_for(address, variables)
