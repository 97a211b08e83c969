"""What ``stt doctor`` finds out about the engines that recognize."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from stt_cli.core.catalog import Check
from stt_cli.core.environment import Environment
from stt_cli.core.errors import SttError
from stt_cli.engines.whisper.store import ModelStore
from stt_cli.providers.local.model_choice import choose_model


def check_engines(environment: Environment) -> Iterator[Check]:
    """Load the default engine with its model, and look for the one beside it."""
    try:
        chosen = choose_model(None, None, environment)
        model = chosen.model.describe()
        if chosen.notice is None:
            yield Check("engine", "ok", _versions(model["engine"]))
        else:
            yield Check("engine", "warning", chosen.notice.message, chosen.notice.hint)
        hashed = f", SHA-256 {model['model_sha256']}" if "model_sha256" in model else ""
        yield Check("model", "ok", f"{model['model']}{hashed}")
        others = [found.model.name for found in ModelStore(environment).installed()]
        yield Check("models", "ok", ", ".join(others) or "none")
    except SttError as error:
        yield Check.failed("recognition", error)


def _versions(engine: str) -> str:
    package = "ctranslate2" if engine == "whisper" else engine
    try:
        return f"{engine} ({package} {version(package)})"
    except PackageNotFoundError:
        return engine
