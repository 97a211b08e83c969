"""Microphones and loudspeakers: which there are, and which one a user means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stt_cli.audio.portaudio import load_portaudio
from stt_cli.core.errors import AudioError

_LIST = "`stt devices` lists them"
_NONE = {
    "microphone": "connect one, or use a recording; in a container, give it access "
    "to the sound server",
    "loudspeaker": "connect one, or write a file with -o; in a container, give it "
    "access to the sound server",
}


@dataclass(frozen=True, slots=True)
class Device:
    """One sound device; ``sample_rate`` in hertz is the one it likes best."""

    index: int
    name: str
    host: str
    inputs: int
    outputs: int
    sample_rate: int
    is_default_input: bool = False
    is_default_output: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the device as JSON shows it."""
        return {
            "index": self.index,
            "name": self.name,
            "host": self.host,
            "inputs": self.inputs,
            "outputs": self.outputs,
            "sample_rate": self.sample_rate,
            "default_input": self.is_default_input,
            "default_output": self.is_default_output,
        }


def list_devices() -> list[Device]:
    """Return every device that PortAudio finds.

    Raises:
        AudioError: PortAudio is missing.
    """
    sounddevice = load_portaudio()
    hosts = [host["name"] for host in sounddevice.query_hostapis()]
    default_input, default_output = sounddevice.default.device
    return [
        Device(
            index=found["index"],
            name=found["name"],
            host=hosts[found["hostapi"]],
            inputs=found["max_input_channels"],
            outputs=found["max_output_channels"],
            sample_rate=round(found["default_samplerate"]),
            is_default_input=found["index"] == default_input,
            is_default_output=found["index"] == default_output,
        )
        for found in sounddevice.query_devices()
    ]


def choose_microphone(wanted: str | None, devices: Sequence[Device]) -> Device:
    """Return the microphone that ``--device`` means, see ``choose``."""
    able = [device for device in devices if device.inputs]
    return choose(wanted, able, "microphone", lambda device: device.is_default_input)


def choose_loudspeaker(wanted: str | None, devices: Sequence[Device]) -> Device:
    """Return the loudspeaker that is meant, see ``choose``."""
    able = [device for device in devices if device.outputs]
    return choose(wanted, able, "loudspeaker", lambda device: device.is_default_output)


def choose(
    wanted: str | None,
    devices: Sequence[Device],
    kind: str,
    is_default: Any,
) -> Device:
    """Return the device meant: by index, else exact name, else a part of the name.

    Args:
        wanted: what the user typed; ``None`` means the default device.

    Raises:
        AudioError: there is none, or the name fits several.
    """
    if not devices:
        raise AudioError(f"no {kind} found", hint=_NONE[kind])
    if wanted is None:
        return next(filter(is_default, devices), devices[0])
    if wanted.isdecimal():
        found = [device for device in devices if device.index == int(wanted)]
        if found:
            return found[0]
    folded = wanted.casefold()
    exact = [device for device in devices if device.name.casefold() == folded]
    part = [device for device in devices if folded in device.name.casefold()]
    matches = exact or part
    if not matches:
        raise AudioError(f"no {kind} named {wanted!r}", hint=_LIST)
    if len(matches) > 1:
        names = ", ".join(f"{device.index} ({device.name})" for device in matches)
        raise AudioError(
            f"{wanted!r} matches several devices: {names}", hint="use a device index"
        )
    return matches[0]
