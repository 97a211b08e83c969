"""Neural voices in piper's format: an ONNX model, and a JSON file that describes it.

The model is VITS: numbers of phonemes in, samples out, a sentence at a time. The
phonemes are IPA as eSpeak NG spells it, with the punctuation; the JSON file numbers
them (``phoneme_id_map``) and says how lively and how fast the voice speaks.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stt_cli.core.errors import ConfigurationError, NotFoundError, UsageError
from stt_cli.engines.espeak import open_espeak

SUFFIX = ".onnx"
_START, _PAD, _END = "^", "_", "$"
_BETWEEN_S = 0.15  # a breath between sentences
_LONGEST_LETTERS = 600  # of a sentence; longer ones are cut at a space
_LIVELINESS = {"noise_scale": 0.667, "length_scale": 1.0, "noise_w": 0.8}
_CLAUSE = re.compile(r"(.*?)([,;:.!?…]+)(?=\s|$)", re.DOTALL)
_MARKS = {"…": ".", "。": "."}
_FOREIGN = re.compile(r"\([a-z-]+\)")  # how eSpeak NG marks a change of language
_FULL = 32_767
_LISTED_SPEAKERS = 8
_QUIET_ORT = 3  # errors only
_ENDS = tuple(".!?…:;。！？")


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words to say: ``rate`` and ``gain`` are shares of the usual.

    What ``pronounced`` made stands among the words.
    """

    text: str
    rate: float = 1.0
    gain: float = 1.0

    @property
    def ends(self) -> bool:
        """Whether a sentence ends with it."""
        return self.text.rstrip("\"'”’»)] ")[-1:] in _ENDS


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence, in seconds."""

    seconds: float


Piece = Spoken | Pause

# Of Unicode's private use: text holds none of them.
_IPA_OPENS, _IPA_CLOSES = "\ue000", "\ue001"
_PRONOUNCED = re.compile(f"{_IPA_OPENS}([^{_IPA_CLOSES}]*){_IPA_CLOSES}")


def pronounced(ipa: str) -> str:
    """Return a pronunciation as it stands among the words of ``Spoken``."""
    return f"{_IPA_OPENS}{plain(ipa).replace('.', '')}{_IPA_CLOSES}"


def plain(text: str) -> str:
    """Return text without what would be taken for a pronunciation."""
    return text.replace(_IPA_OPENS, "").replace(_IPA_CLOSES, "")


@dataclass(frozen=True, slots=True)
class VoiceFile:
    """A voice as its JSON file describes it."""

    model: Path
    language: str
    sample_rate: int
    espeak_voice: str
    reads_letters: bool
    numbers: Mapping[str, tuple[int, ...]]
    scales: tuple[float, float, float]
    speakers: int
    speaker_names: Mapping[str, int]

    @property
    def name(self) -> str:
        """What it is called: the name of its file."""
        return self.model.name.removesuffix(SUFFIX)

    def speaker(self, wanted: str) -> int:
        """Return a speaker's number. Raises ``NotFoundError``."""
        by_number = {str(number): number for number in range(self.speakers)}
        found = {**by_number, **self.speaker_names}.get(wanted)
        if found is not None:
            return found
        names = ", ".join([*self.speaker_names][:_LISTED_SPEAKERS])
        more = ", …" if len(self.speaker_names) > _LISTED_SPEAKERS else ""
        known = f", or a name: {names}{more}" if names else ""
        raise NotFoundError(
            f"the voice {self.name} has no speaker {wanted}",
            hint=f"choose from 0 to {self.speakers - 1}{known}"
            if self.speakers > 1
            else "it has only one speaker; remove --speaker",
        )


def find_voice(wanted: str, folder: Path) -> VoiceFile | None:
    """Return the voice that a name, a file or a folder means; ``None`` if none is.

    Args:
        folder: where the user's voices are.

    Raises:
        NotFoundError: a file or folder is named, and holds no voice.
        UsageError: a folder holds several.
        ConfigurationError: the voice's files are not what they should be.
    """
    path = Path(wanted).expanduser()
    if path.is_dir():
        models = sorted(path.glob(f"*{SUFFIX}"))
        if len(models) > 1:
            names = ", ".join(str(model) for model in models[:4])
            raise UsageError(
                f"{wanted} contains {len(models)} voices", hint=f"choose one: {names}"
            )
        if models:
            return read_voice(models[0])
    elif path.is_file() or path.suffix == SUFFIX:
        return read_voice(path)
    elif "/" not in wanted and "\\" not in wanted:
        return next((v for v in installed_voices(folder) if v.name == wanted), None)
    raise NotFoundError(
        f"no voice in {wanted}",
        hint=f"a voice needs both NAME{SUFFIX} and NAME{SUFFIX}.json",
    )


def installed_voices(folder: Path) -> Iterator[VoiceFile]:
    """Yield the voices of a folder and of those in it; what is no voice is skipped."""
    # A hidden folder is a download that is not whole yet.
    models = [*folder.glob(f"*{SUFFIX}"), *folder.glob(f"[!.]*/*{SUFFIX}")]
    for model in sorted(models):
        try:
            yield read_voice(model)
        except (ConfigurationError, NotFoundError):
            continue


def read_voice(model: Path) -> VoiceFile:
    """Read the JSON file beside a model.

    Raises:
        NotFoundError: one of the two is not there.
        ConfigurationError: it is not what it should be.
    """
    described = model.with_name(f"{model.name}.json")
    for path in (model, described):
        if not path.is_file():
            raise NotFoundError(
                f"{path}: no such file",
                hint=f"a voice needs both NAME{SUFFIX} and NAME{SUFFIX}.json",
            )
    try:
        return _read(model, json.loads(described.read_bytes()))
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise ConfigurationError(
            f"{described} does not describe a Piper voice",
            hint="download both files of the voice again",
        ) from fault
    except OSError as fault:
        raise ConfigurationError(
            f"cannot read {described}: {fault.strerror or fault}"
        ) from fault


def _read(model: Path, fields: Mapping[str, Any]) -> VoiceFile:
    inference = fields.get("inference", {})
    numbers = {
        str(sound): tuple(map(int, ids))
        for sound, ids in fields["phoneme_id_map"].items()
    }
    if not all(numbers.get(sound) for sound in (_START, _PAD, _END)):
        raise ValueError("it lacks the start, pad and end symbols")
    espeak = fields.get("espeak", {}).get("voice", "en-us")
    language = fields.get("language", {}).get("code") or espeak
    rate = int(fields["audio"]["sample_rate"])
    if not 8_000 <= rate <= 48_000:
        raise ValueError(f"{rate} Hz")
    noise, length, width = (
        float(inference.get(name, usual)) for name, usual in _LIVELINESS.items()
    )
    return VoiceFile(
        model=model,
        language=str(language).replace("_", "-"),
        sample_rate=rate,
        espeak_voice=str(espeak),
        reads_letters=fields.get("phoneme_type") == "text",
        numbers=numbers,
        scales=(noise, length, width),
        speakers=max(1, int(fields.get("num_speakers", 1))),
        speaker_names={
            str(name): int(number)
            for name, number in (fields.get("speaker_id_map") or {}).items()
        },
    )


class PiperVoice:
    """A loaded voice. May be used by one thread at a time."""

    def __init__(self, voice: VoiceFile, speaker: int = 0) -> None:
        self.voice = voice
        self._speaker = speaker
        self._session = _session(voice.model)
        self._espeak = open_espeak()
        self._espeak_voice = ""
        if not voice.reads_letters:
            speller = self._espeak.choose(voice.espeak_voice, None, None)
            self._espeak_voice = speller.id

    def speak(self, pieces: Iterable[Piece]) -> Generator[bytes]:
        """Yield 16-bit mono PCM at the voice's rate, a sentence or pause at a time."""
        rate, ended = self.voice.sample_rate, False
        for piece in pieces:
            if isinstance(piece, Pause):
                yield from _silence(piece.seconds, rate)
                ended = False
                continue
            numbers = self.numbers_of(piece)
            if numbers is None:
                continue
            if ended:
                yield from _silence(_BETWEEN_S, rate)
            yield self._sentence(numbers, piece)
            ended = piece.ends

    def numbers_of(self, piece: Spoken) -> list[int] | None:
        """Return the model's numbers for a sentence; ``None`` if nothing is said."""
        known = self.voice.numbers
        sounds = self._sounds(piece.text)
        spoken = unicodedata.normalize("NFD", sounds)
        found = [known[sound] for sound in spoken if sound in known]
        if not any(sound.isalnum() for sound in spoken if sound in known):
            return None
        pad = known[_PAD]
        numbers = [*known[_START], *pad]
        for one in found:
            numbers += [*one, *pad]
        return [*numbers, *known[_END]]

    def _sounds(self, text: str) -> str:
        """Return a sentence as eSpeak NG spells it, its punctuation kept."""
        if self.voice.reads_letters:
            return plain(text).lower()
        spelled = []
        for clause, mark in _clauses(text):
            words = _PRONOUNCED.split(clause)  # every second is a pronunciation
            words[::2] = map(self._spelled, words[::2])
            words[1::2] = [ipa.replace("g", "ɡ") for ipa in words[1::2]]
            spelled.append(" ".join(word for word in words if word) + mark)
        return " ".join(one for one in spelled if one)

    def _spelled(self, words: str) -> str:
        if not words.strip():
            return ""
        sounds = " ".join(self._espeak.spell(words, self._espeak_voice))
        return _FOREIGN.sub("", sounds).strip()

    def _sentence(self, numbers: Sequence[int], piece: Spoken) -> bytes:
        import numpy as np

        noise, length, width = self.voice.scales
        feed = {
            "input": np.array([numbers], np.int64),
            "input_lengths": np.array([len(numbers)], np.int64),
            "scales": np.array([noise, length / piece.rate, width], np.float32),
        }
        if self.voice.speakers > 1:
            feed["sid"] = np.array([self._speaker], np.int64)
        try:
            audio = np.asarray(self._session.run(None, feed)[0]).reshape(-1)
        except Exception as fault:  # onnxruntime's errors have no common base
            raise ConfigurationError(
                f"{self.voice.model} failed: {_line(fault)}",
                hint="it may not be a Piper voice",
            ) from fault
        peak = max(0.01, float(np.abs(audio).max(initial=0.0)))
        louder = np.clip(audio * (piece.gain * _FULL / peak), -_FULL, _FULL)
        return louder.astype("<i2").tobytes()


def _clauses(text: str) -> Iterator[tuple[str, str]]:
    """Yield the clauses of a sentence, each with the mark that ends it."""
    end = 0
    for found in _CLAUSE.finditer(text):
        end = found.end()
        mark = _MARKS.get(found[2][0], found[2][0])
        yield found[1].strip(), mark
    if rest := text[end:].strip():
        yield rest, ""


def cut(sentence: str) -> Iterator[str]:
    """Yield a sentence in parts that a model takes, cut at spaces."""
    while len(sentence) > _LONGEST_LETTERS:
        at = sentence.rfind(" ", 1, _LONGEST_LETTERS)
        at = _LONGEST_LETTERS if at < 0 else at
        yield sentence[:at]
        sentence = sentence[at:].lstrip()
    yield sentence


def _silence(seconds: float, rate: int) -> Iterator[bytes]:
    samples = round(seconds * rate)
    while samples > 0:
        count = min(samples, rate)
        yield bytes(2 * count)
        samples -= count


def _session(model: Path) -> Any:
    try:
        import onnxruntime
    except ImportError as fault:
        raise ConfigurationError(
            "neural voices require onnxruntime, which is not installed",
            hint="run `pip install 'stt-cli[voice]'`",
        ) from fault
    options = onnxruntime.SessionOptions()
    options.log_severity_level = _QUIET_ORT
    try:
        session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
    except Exception as fault:  # onnxruntime's errors have no common base
        raise ConfigurationError(
            f"{model} is not a voice: {_line(fault)}",
            hint="it may be truncated; download it again",
        ) from fault
    names = {each.name for each in session.get_inputs()}
    if not {"input", "input_lengths", "scales"} <= names:
        raise ConfigurationError(f"{model} is an ONNX model, but not a Piper voice")
    return session


def _line(fault: Exception) -> str:
    return str(fault).strip().splitlines()[-1][:200]
