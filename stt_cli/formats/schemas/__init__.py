"""JSON Schemas (draft 2020-12) of every object that stt prints, one a file."""

from __future__ import annotations

import json
from importlib.resources import files

from stt_cli.core.errors import NotFoundError


def schema_names() -> list[str]:
    """Return the names of all schemas, in the order of the alphabet."""
    found = (entry.name for entry in files(__name__).iterdir())
    return sorted(
        name.removesuffix(".json") for name in found if name.endswith(".json")
    )


def schema_text(name: str) -> str:
    """Return a schema as it is in the package. Raises ``NotFoundError``."""
    if name not in schema_names():
        raise NotFoundError(
            f"unknown schema {name!r}",
            hint=f"choose from {', '.join(schema_names())}",
        )
    return files(__name__).joinpath(f"{name}.json").read_text(encoding="utf-8")


def schema_summaries() -> list[tuple[str, str]]:
    """Return each schema's name, and what it describes in a sentence."""
    return [
        (name, json.loads(schema_text(name))["description"]) for name in schema_names()
    ]
