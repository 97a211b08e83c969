"""Models and voices, as the service lists them."""

from __future__ import annotations

from stt_cli.core.catalogue import Model, Voice
from stt_cli.protocols.json_fields import Fields, objects, text


def read_models(fields: Fields) -> list[Model]:
    """Return the models, sorted by name: the service's order is not stable."""
    found = [read_model(entry) for entry in objects(fields, "models")]
    return sorted((m for m in found if m.id), key=lambda model: model.id)


def read_model(entry: Fields) -> Model:
    """Return one model."""
    language = text(entry, "language")
    named = ("name", "language", "description")
    return Model(
        id=text(entry, "name") or "",
        languages=(language,) if language else (),
        name=(text(entry, "description") or "").rstrip(".") or None,
        details={name: value for name, value in entry.items() if name not in named},
    )


def read_voices(fields: Fields) -> list[Voice]:
    """Return the voices, sorted by name."""
    found = [
        Voice(
            id=text(entry, "name") or "",
            language=text(entry, "language") or "",
            name=(text(entry, "description") or "").rstrip(".") or None,
            gender=text(entry, "gender"),
            details={
                name: value
                for name, value in entry.items()
                if name not in ("name", "language", "description", "gender")
            },
        )
        for entry in objects(fields, "voices")
    ]
    return sorted((voice for voice in found if voice.id), key=lambda voice: voice.id)
