"""A database's address is shown without its password, however it is written."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.database_address import is_database, passwords_in, shown_address

PASSWORDS = st.text(
    st.characters(max_codepoint=0x2FF, exclude_categories=["C", "Z"]), min_size=4
)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://host/db", "postgresql://host/db"),
        ("postgres://stt@host:5433/db", "postgres://***@host:5433/db"),
        ("postgresql://stt:pw@host/db", "postgresql://***@host/db"),
        ("POSTGRESQL://stt:p%40w@[::1]:1/db", "POSTGRESQL://***@[::1]:1/db"),
        ("postgresql://stt:a/b@c?d#e@host/db", "postgresql://***@host/db"),
        ("postgresql://stt:a b@host/db", "postgresql://***@host/db"),
        ("postgresql://:pw@host", "postgresql://***@host"),
        ("postgresql://stt:pw@a:1,b:2/db", "postgresql://***@a:1,b:2/db"),
        (
            "postgresql:///db?host=/run&password=pw&sslpassword=x&user=stt",
            "postgresql:///db?host=/run&password=***&sslpassword=***&user=***",
        ),
        ("on", "on"),
    ],
)
def test_neither_user_nor_password_is_shown(address: str, shown: str) -> None:
    assert shown_address(address) == shown


def test_only_addresses_of_postgresql_are_databases() -> None:
    assert is_database("postgres://host")
    assert is_database("PostgreSQL://host")
    assert not is_database("on")
    assert not is_database("mysql://host")


@given(password=PASSWORDS, encoded=st.booleans(), in_query=st.booleans())
def test_every_password_is_found_and_hidden(
    password: str, encoded: bool, in_query: bool
) -> None:
    written = quote(password, safe="") if encoded or in_query else password
    address = f"postgresql://stt:{written}@host/db"
    if in_query:
        address = f"postgresql://host/db?password={written}&sslmode=require"
    found = {secret.reveal() for secret in passwords_in(address)}
    assert {written, password} & found
    if encoded or in_query:
        assert password in found
    if len(password) > 8:
        assert password not in shown_address(address)
        assert written not in shown_address(address)
    assert "***" in shown_address(address)
