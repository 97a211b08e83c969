"""A voice in piper's format that hums: 200 samples for each number it is given.

The ONNX file is written field by field (onnx.proto3), so that no test needs the
package that makes such files, nor a real voice's 60 MB.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

RATE = 16_000
SAMPLES_A_NUMBER = 200
_FLOAT, _INT64 = 1, 7  # TensorProto.DataType

Field = tuple[int, "int | bytes | str"]


def message(*fields: Field) -> bytes:
    """Return a protocol buffer of numbers and of strings or messages."""
    out = bytearray()
    for number, value in fields:
        if isinstance(value, int):
            out += _varint(number << 3) + _varint(value)
        else:
            data = value.encode() if isinstance(value, str) else value
            out += _varint(number << 3 | 2) + _varint(len(data)) + data
    return bytes(out)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _node(kind: str, inputs: str, output: str, *attributes: bytes) -> Field:
    named: list[Field] = [(1, name) for name in inputs.split()]
    more: list[Field] = [(5, attribute) for attribute in attributes]
    return 1, message(*named, (2, output), (4, kind), *more)


def _constant(name: str, kind: int, dims: tuple[int, ...], data: bytes) -> Field:
    shape: list[Field] = [(1, size) for size in dims]
    return 5, message(*shape, (2, kind), (8, name), (9, data))


def _value(field: int, name: str, kind: int, *dims: str) -> Field:
    shape = message(*((1, message((2, dim))) for dim in dims))
    return field, message((1, name), (2, message((1, message((1, kind), (2, shape))))))


def model(
    inputs: tuple[str, ...] = ("input", "input_lengths", "scales"),
    speakers: bool = False,
) -> bytes:
    """Return a model that hums for as long as its input and length scale say.

    With ``speakers`` speaker 1 takes twice as long, and so on.
    """
    first, lengths, scales = inputs
    slower = (
        _node("Cast", "sid", "number", message((1, "to"), (3, _FLOAT), (20, 2))),
        _node("Add", "number single", "times"),
        _node("Mul", "plain scale", "alone"),
        _node("Mul", "alone times", "length"),
        _constant("single", _FLOAT, (1,), struct.pack("<f", 1)),
        _value(11, "sid", _INT64, "batch"),
    )
    alike = (_node("Mul", "plain scale", "length"),)
    graph = message(
        _node("Cast", lengths, "count", message((1, "to"), (3, _FLOAT), (20, 2))),
        _node("Mul", "count samples", "plain"),
        _node("Gather", f"{scales} one", "scale"),
        *(slower if speakers else alike),
        _node("Reshape", "length none", "limit"),
        _node("Range", "zero limit step", "steps"),
        _node("Mul", "steps tone", "phase"),
        _node("Sin", "phase", "hum"),
        _node("Reshape", "hum shape", "output"),
        (2, "hum"),
        _constant("samples", _FLOAT, (1,), struct.pack("<f", SAMPLES_A_NUMBER)),
        _constant("one", _INT64, (1,), struct.pack("<q", 1)),
        _constant("none", _INT64, (0,), b""),
        _constant("zero", _FLOAT, (), struct.pack("<f", 0)),
        _constant("step", _FLOAT, (), struct.pack("<f", 1)),
        _constant("tone", _FLOAT, (), struct.pack("<f", 0.2)),
        _constant("shape", _INT64, (4,), struct.pack("<4q", 1, 1, 1, -1)),
        _value(11, first, _INT64, "batch", "numbers"),
        _value(11, lengths, _INT64, "batch"),
        _value(11, scales, _FLOAT, "three"),
        _value(12, "output", _FLOAT, "batch", "b", "c", "time"),
    )
    return message((1, 8), (7, graph), (8, message((2, 13))))


SOUNDS = " !',.:;?abdefhijklmnoprstuvwxzæðŋɐɑɔəɚɛɜɡɪɹɾʃʊʌʒˈˌːθ"
DESCRIBED: dict[str, Any] = {
    "audio": {"sample_rate": RATE},
    "espeak": {"voice": "en-us"},
    "language": {"code": "en_US"},
    "inference": {"noise_scale": 0.6, "length_scale": 1.0, "noise_w": 0.8},
    "num_speakers": 1,
    "phoneme_id_map": {
        sound: [number] for number, sound in enumerate(["_", "^", "$", *SOUNDS])
    },
}


def write_voice(folder: Path, name: str = "hum", **changed: Any) -> Path:
    """Write the voice into a folder and return its model's path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.onnx"
    path.write_bytes(model(speakers=changed.get("num_speakers", 1) > 1))
    described = json.dumps({**DESCRIBED, **changed})
    path.with_name(f"{path.name}.json").write_text(described, encoding="utf-8")
    return path
