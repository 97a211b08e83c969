"""Where a job was made: only from there does a 404 end it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stt_cli.workflows.jobs.context import Place, is_where_made

NORTH = Place(region="northeurope")
OWN = Place(endpoint="https://speech.example", region="northeurope")


@pytest.mark.parametrize(
    ("made", "asked", "expected"),
    [
        (Place(), Place(), True),
        (NORTH, NORTH, True),
        (NORTH, Place(region="westeurope"), False),
        # Written down before the region was: not known, so not believed.
        (Place(), NORTH, False),
        (NORTH, Place(), False),
        (OWN, OWN, True),
        (OWN, replace(OWN, endpoint="https://other.example"), False),
        (OWN, replace(OWN, endpoint=None), False),
        (NORTH, OWN, False),
        # Where an address is named, the region is none of its business.
        (OWN, replace(OWN, region="westeurope"), True),
        (replace(NORTH, profile="work"), replace(NORTH, profile="work"), True),
        (replace(NORTH, profile="work"), NORTH, False),
        (NORTH, replace(NORTH, profile="work"), False),
        # A job that a machine works at is known on that machine alone.
        (Place(machine=(("host", "a"),)), Place(machine=(("host", "a"),)), True),
        (Place(machine=(("host", "a"),)), Place(machine=(("host", "b"),)), False),
        (Place(machine=(("host", "a"),)), Place(), False),
    ],
)
def test_only_the_service_that_made_it_knows_that_it_is_gone(
    made: Place, asked: Place, *, expected: bool
) -> None:
    assert is_where_made(made, asked) is expected
