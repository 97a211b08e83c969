"""Which proxy a URL goes through."""

from __future__ import annotations

import pytest

from stt_cli.core.address import is_loopback, parse_address
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
