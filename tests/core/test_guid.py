"""A session ID is taken in any spelling of a GUID and sent in one."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import UsageError
from stt_cli.core.guid import session_id_from


@given(st.uuids())
def test_dashes_braces_and_case_go(guid: UUID) -> None:
    for spelling in (str(guid), guid.hex.upper(), f" {{{guid}}} "):
        assert session_id_from(spelling) == guid.hex


@pytest.mark.parametrize(
    "text",
    ["", "5948f700d2a811ee", "Request9f4ffa5113a846eba289aa98b28e766f", "9f4f-" * 8],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not a GUID"):
        session_id_from(text)
