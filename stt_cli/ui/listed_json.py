"""What a command lists, as JSON on stdout: masked like everything that is said."""

from __future__ import annotations

from typing import Any

from stt_cli.core.environment import Environment
from stt_cli.formats.json_output import json_document


def print_json(value: Any, environment: Environment) -> None:
    """Write a value as indented JSON, without secrets; no transcript goes this way."""
    environment.stdout.write(json_document(environment.redactor.clean_data(value)))
