"""Base addresses: any text is an address or a refusal that shows no password."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stt_cli.core.address import is_loopback
from stt_cli.core.errors import ConfigurationError, UsageError
from stt_cli.settings.endpoint import base_url, sends_in_clear

hosts = st.sampled_from(["host.example", "127.0.0.1", "[::1]", "localhost", "10.0.0.9"])
paths = st.lists(st.sampled_from(["v1", "a b", "instances", ""]), max_size=4)


@given(st.text(max_size=40))
@example("http://[")
@example("http://[::1%eth0]/")
@example("http://host:٣")
@example("//host")
@example("http:///path")
@example("http://\x00")
def test_any_text_is_an_address_or_a_refusal(text: str) -> None:
    with suppress(UsageError):
        url = base_url(text, origin="--endpoint")
        assert url.startswith(("http://", "https://"))
        assert not url.endswith("/")
        assert base_url(url, origin="--endpoint") == url
    sends_in_clear(text)


@given(
    st.sampled_from(["http", "https", "ws", "wss"]), hosts, st.integers(1, 65535), paths
)
def test_a_real_address_keeps_host_port_and_path(
    scheme: str, host: str, port: int, parts: list[str]
) -> None:
    path = "/".join(["", *parts]).rstrip("/")
    url = base_url(f"{scheme}://{host}:{port}{path}/", origin="--endpoint")
    secure = "https" if scheme in ("https", "wss") else "http"
    assert url == f"{secure}://{host}:{port}{path}"
    assert sends_in_clear(url) == (
        secure == "http" and host in ("host.example", "10.0.0.9")
    )


def test_an_origin_that_is_no_option_makes_it_a_configuration_error() -> None:
    with pytest.raises(ConfigurationError, match="STT_AZURE_ENDPOINT"):
        base_url("nonsense", origin="STT_AZURE_ENDPOINT")


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("localhost", True),
        ("api.localhost", True),
        ("127.0.0.1", True),
        ("127.255.255.254", True),
        ("::1", True),
        ("notlocalhost", False),
        ("localhost.example.com", False),
        ("0.0.0.0", False),
        ("192.168.0.1", False),
        ("", False),
    ],
)
def test_which_hosts_are_this_machine(host: str, ours: bool) -> None:
    assert is_loopback(host) is ours
