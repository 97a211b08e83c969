"""LLM speech and the MAI-Transcribe models: ``enhancedMode`` of fast transcription.

They are no models of a resource, with an address of their own, but names that a
request carries (Azure documentation, "LLM Speech", "MAI-Transcribe").
"""

from __future__ import annotations

from stt_cli.core.errors import UsageError

LLM_SPEECH = "llm-speech"
"""Our name for enhanced mode with the service's own model, which has none."""

_MAI = "mai-transcribe"
_STREAMING = "-streaming"
_UNTIMED = ("mai-transcribe-1", "mai-transcribe-1.5")

NAMED_MODELS = {
    "mai-transcribe-2": "MAI-Transcribe-2, for fast transcription",
    "mai-transcribe-1.5": "MAI-Transcribe-1.5, for fast transcription",
    "mai-transcribe-2-streaming": "MAI-Transcribe-2-Streaming, over the WebSocket",
    LLM_SPEECH: "LLM speech, for fast transcription",
}
"""The models that the documentation names (November 2026); a region may lack them."""

DETECTING_MODELS = (_MAI, LLM_SPEECH)
"""How the names of models begin that find out the language themselves."""


def is_streaming(model: str | None) -> bool:
    """Whether it is a model of the WebSocket, named in ``speech.context``."""
    return is_mai(model) and (model or "").lower().endswith(_STREAMING)


def refuse_streaming(model: str | None) -> None:
    """Raise ``UsageError`` for a streaming model where whole recordings are sent."""
    if is_streaming(model):
        raise UsageError(
            f"{model} only works over the WebSocket",
            hint=f"use `stt recognize --model {model}`, or a model without -streaming",
        )


def is_enhanced(model: str | None) -> bool:
    """Whether it is a model of ``enhancedMode``, so of fast transcription only."""
    name = (model or "").lower()
    return name == LLM_SPEECH or (is_mai(model) and not is_streaming(model))


def is_mai(model: str | None) -> bool:
    """Whether it is one of Microsoft AI's own models."""
    return (model or "").lower().startswith(_MAI)


def gives_times(model: str) -> bool:
    """Whether a MAI model can be asked for ``modelOptions.timestamps``."""
    return model.lower() not in _UNTIMED
