"""Local servers that speak the providers' protocols, a package a service.

The packages load only when their server is built: they need ``starlette`` and
``uvicorn``, which the extra ``emulator`` brings.
"""

from __future__ import annotations

import importlib
from difflib import get_close_matches
from typing import TYPE_CHECKING, cast

from stt_cli.core.errors import ConfigurationError, UsageError
from stt_cli.emulator.config import EmulatorConfig

if TYPE_CHECKING:
    from starlette.applications import Starlette

EMULATORS = {
    "azure": "stt_cli.emulator.azure:build_app",
    "bing": "stt_cli.emulator.azure:build_bing_app",
    "watson": "stt_cli.emulator.watson:build_app",
    "soniox": "stt_cli.emulator.soniox:build_app",
    "scriptix": "stt_cli.emulator.scriptix:build_app",
    "intent": "stt_cli.emulator.intent:build_app",
}


def build_emulator(name: str, config: EmulatorConfig) -> Starlette:
    """Return the server of that service.

    Raises:
        UsageError: there is no emulator of that name.
        ConfigurationError: the server side is not installed.
    """
    target = EMULATORS.get(name)
    if target is None:
        near = get_close_matches(name.casefold(), EMULATORS, n=1)
        raise UsageError(
            f"unknown emulator {name!r}",
            hint=f"did you mean {near[0]}?"
            if near
            else f"choose from {', '.join(EMULATORS)}",
        )
    module_name, _, function_name = target.partition(":")
    try:
        importlib.import_module("starlette")
        importlib.import_module("uvicorn")
    except ImportError as missing:
        raise ConfigurationError(
            f"the emulators require the package {missing.name}",
            hint="run `pip install 'stt-cli[emulator]'`",
        ) from missing
    from stt_cli.emulator.server import not_found

    build = getattr(importlib.import_module(module_name), function_name)
    app = cast("Starlette", build(config))
    app.router.default = not_found
    return app
