"""eSpeak NG through its shared library, which the package espeakng-loader brings.

The library keeps one voice, one set of parameters and one callback for the whole
process, so one text is spoken at a time, whoever asks. It is driven by ctypes in
a thread that stops when nobody takes what it makes. Constants are those of
``speak_lib.h`` of eSpeak NG 1.52.
"""

from __future__ import annotations

import ctypes
import os
import queue
import threading
from collections.abc import Generator, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from stt_cli.core.catalog import Voice
from stt_cli.core.errors import ConfigurationError
from stt_cli.engines.espeak_phonemes import mnemonics, sounds_of
from stt_cli.engines.espeak_ssml import rewrite
from stt_cli.engines.espeak_voices import EspeakVoice, VoiceBook
from stt_cli.engines.synthesis import Utterance

_LONGEST_PATH = 140  # with room for the names of files in the folder


class VoiceRecord(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


SpeechCallback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
)


def short_path(data: Path) -> str:
    """Return a name for the data folder that the library has room for.

    Its buffer for the name has 160 bytes, which a virtual environment in a deep
    folder exceeds; a link from the temporary folder then stands for it.
    """
    if len(os.fsencode(data)) < _LONGEST_PATH:
        return str(data)
    import atexit
    import shutil
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="stt-espeak-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    link = folder / data.name
    try:
        link.symlink_to(data, target_is_directory=True)
    except OSError as fault:
        raise ConfigurationError(
            f"eSpeak NG cannot find its data: the path {data} is too long",
            hint="install stt in a folder with a shorter path",
        ) from fault
    return str(link)


def load_library() -> tuple[Any, Path | None]:
    """Return the library and its data folder: the package's, else the system's."""
    data: Path | None = None
    try:
        import espeakng_loader  # type: ignore[import-untyped]

        path: str | None = espeakng_loader.get_library_path()
        data = Path(espeakng_loader.get_data_path())
    except (ImportError, RuntimeError):
        from ctypes.util import find_library

        path = find_library("espeak-ng")
    hint = "run `pip install espeakng-loader`"
    if path is None:
        raise ConfigurationError("eSpeak NG is not installed", hint=hint)
    try:
        library = ctypes.CDLL(path)
    except OSError as fault:
        raise ConfigurationError(
            f"cannot load eSpeak NG: {fault}", hint=hint
        ) from fault
    library.espeak_Info.restype = ctypes.c_char_p
    library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(VoiceRecord))
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    library.espeak_TextToPhonemes.argtypes = [
        ctypes.POINTER(ctypes.c_void_p),
        ctypes.c_int,
        ctypes.c_int,
    ]
    library.espeak_Synth.argtypes = [
        ctypes.c_char_p,
        ctypes.c_size_t,
        ctypes.c_uint,
        ctypes.c_int,
        ctypes.c_uint,
        ctypes.c_uint,
        ctypes.c_void_p,
        ctypes.c_void_p,
    ]
    return library, data


_SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS: the callback gets all audio
_DONT_EXIT = 0x8000  # report failures instead of ending the process
_UTF8, _SSML, _PHONEMES, _END_PAUSE = 0x01, 0x10, 0x100, 0x1000
_IPA = 0x02
_RATE, _VOLUME, _PITCH = 1, 2, 3
_NORMAL = {_RATE: 175, _VOLUME: 100, _PITCH: 50}
RATES = (80, 900)
"""The words a minute it can speak; beyond 450 it speeds the audio itself up."""

_AHEAD = 64  # blocks of 60 ms made before somebody must take one
_STEP_S = 0.05  # how long the engine may be deaf to being stopped

# One text at a time in this process, whoever opened the engine.
_SPEAKING = threading.Lock()


@cache
def open_espeak() -> Espeak:
    """Return the engine of this process.

    Raises:
        ConfigurationError: the library or its data is not there.
    """
    return Espeak()


class Espeak:
    """The loaded library. Made once a process: see ``open_espeak``."""

    def __init__(self) -> None:
        self._library, self._data = load_library()
        path = short_path(self._data).encode() if self._data else None
        with _SPEAKING:
            rate = self._library.espeak_Initialize(_SYNCHRONOUS, 0, path, _DONT_EXIT)
        if rate <= 0:
            raise ConfigurationError(
                f"eSpeak NG cannot load its data from {self._data}",
                hint="reinstall the package espeakng-loader",
            )
        self.sample_rate = int(rate)
        self._callback = SpeechCallback(self._take)
        self._library.espeak_SetSynthCallback(self._callback)
        self._blocks: queue.Queue[bytes | None] = queue.Queue()
        self._stopped = threading.Event()
        self._sounds: dict[str, Mapping[str, str]] = {}

    @cached_property
    def version(self) -> str:
        """The engine's name and version."""
        path = ctypes.c_char_p()
        found = self._library.espeak_Info(ctypes.byref(path))
        return f"eSpeak NG {found.decode()}"

    @cached_property
    def _book(self) -> VoiceBook:
        variants = VoiceRecord(
            languages=ctypes.cast(ctypes.c_char_p(b"variant"), ctypes.c_void_p)
        )
        with _SPEAKING:
            voices = [v for v in self._records(None) if self._has_dictionary(v)]
            names = [v.id for v in self._records(variants)]
        return VoiceBook(voices, names)

    def voices(self) -> tuple[Voice, ...]:
        """Return every voice, as a man's and as a woman's."""
        return self._book.all()

    def choose(
        self, voice: str | None, language: str | None, gender: str | None
    ) -> Voice:
        """Return the voice of that name, else the best for language and gender.

        Raises:
            NotFoundError: there is no such voice.
            UsageError: it does not speak that language, or not in that gender.
        """
        return self._book.choose(voice, language, gender)

    def speak(self, utterance: Utterance) -> Generator[bytes]:
        """Yield 16-bit little-endian mono PCM in blocks, while it is made.

        Raises:
            UsageError: the SSML asks for what the engine lacks; at once.
        """
        return self._speak(utterance, *self._prepared(utterance))

    def _speak(self, utterance: Utterance, text: bytes, flags: int) -> Generator[bytes]:
        # Looked up here: the list of voices is read under the lock that the
        # thread will hold.
        voice = self._book.identifier(utterance.voice).encode()
        blocks: queue.Queue[bytes | None] = queue.Queue(_AHEAD)
        stopped = threading.Event()
        thread = threading.Thread(
            target=self._run,
            args=(utterance, voice, text, flags, blocks, stopped),
            name="espeak",
            daemon=True,
        )
        thread.start()
        try:
            while (block := _next(blocks)) is not None:
                yield block
        finally:
            stopped.set()
            thread.join()

    def spell(self, text: str, voice: str) -> list[str]:
        """Return the IPA of a text, a string for each of its clauses.

        Args:
            voice: the ID of one of the engine's voices.
        """
        identifier = self._book.identifier(voice).encode()
        with _SPEAKING:
            self._library.espeak_SetVoiceByName(identifier)
            return self._spelled(text)

    def sounds(self, voice: str) -> Mapping[str, str]:
        """Return a voice's own letters for the sounds of IPA that it has."""
        if voice not in self._sounds:
            identifier = self._book.identifier(voice).encode()
            with _SPEAKING:
                self._library.espeak_SetVoiceByName(identifier)
                # Whether brackets mean phonemes is remembered from the last text.
                self._library.espeak_Synth(
                    b" ", 2, 0, 1, 0, _UTF8 | _PHONEMES, None, None
                )
                self._library.espeak_Cancel()
                self._sounds[voice] = sounds_of(
                    lambda letters: "".join(self._spelled(f"[[{letters}]]"))
                )
        return self._sounds[voice]

    def _spelled(self, text: str) -> list[str]:
        data = ctypes.create_string_buffer(text.replace("\0", " ").encode())
        at = ctypes.c_void_p(ctypes.addressof(data))
        clauses = []
        while at.value:
            found = self._library.espeak_TextToPhonemes(ctypes.byref(at), _UTF8, _IPA)
            clauses.append((found or b"").decode())
        return clauses

    def _prepared(self, utterance: Utterance) -> tuple[bytes, int]:
        flags = _UTF8 | _END_PAUSE
        text = utterance.text
        if utterance.is_ssml:
            rewritten = rewrite(
                text,
                self._voice_within,
                lambda ipa: mnemonics(ipa, self.sounds(utterance.voice)),
                lenient=utterance.is_lenient,
            )
            text = rewritten.text
            flags |= _SSML | (_PHONEMES if rewritten.phonemes else 0)
        plain = text.replace("\0", " ").encode("utf-8", "replace")
        return plain, flags

    def _voice_within(
        self, name: str | None, language: str | None, gender: str | None
    ) -> str | None:
        """Return the name of a voice that a document asks for.

        A name that is some other engine's is passed over, as the standard
        advises, in favor of the language it may begin with.
        """
        found = self._book.find(name) if name else None
        if found is None and (language or gender):
            found = self._book.choose(None, language, gender)
        return self._book.identifier(found.id) if found else None

    def _run(
        self,
        utterance: Utterance,
        voice: bytes,
        text: bytes,
        flags: int,
        blocks: queue.Queue[bytes | None],
        stopped: threading.Event,
    ) -> None:
        with _SPEAKING:
            if not stopped.is_set():
                self._blocks, self._stopped = blocks, stopped
                self._set(utterance, voice)
                self._library.espeak_Synth(
                    text, len(text) + 1, 0, 1, 0, flags, None, None
                )
                self._library.espeak_Cancel()
        _put(blocks, None, stopped)

    def _set(self, utterance: Utterance, voice: bytes) -> None:
        wanted = {
            _RATE: utterance.rate,
            _PITCH: utterance.pitch,
            _VOLUME: utterance.volume,
        }
        self._library.espeak_SetVoiceByName(voice)
        for parameter, value in wanted.items():
            chosen = _NORMAL[parameter] if value is None else value
            self._library.espeak_SetParameter(parameter, chosen, 0)

    def _take(self, samples: int | None, count: int, _events: int | None) -> int:
        """Take a block from the engine; 1 tells it to stop."""
        if samples and count > 0:
            _put(self._blocks, ctypes.string_at(samples, count * 2), self._stopped)
        return int(self._stopped.is_set())

    def _records(self, specimen: VoiceRecord | None) -> Iterator[EspeakVoice]:
        at = self._library.espeak_ListVoices(
            ctypes.byref(specimen) if specimen else None
        )
        index = 0
        while at[index]:
            record = at[index].contents
            index += 1
            languages = tuple(_languages(record.languages))
            if languages:
                identifier = record.identifier.decode()
                yield EspeakVoice(identifier, record.name.decode(), languages)

    def _has_dictionary(self, voice: EspeakVoice) -> bool:
        """Whether the words of its language came with the library (three lack)."""
        if self._data is None:
            return True
        roots = {tag.partition("-")[0] for _, tag in voice.languages}
        return any((self._data / f"{root}_dict").is_file() for root in roots)


def _languages(address: int) -> Iterator[tuple[int, str]]:
    """Read the library's list: a priority byte, a tag and a zero; a zero ends it."""
    while priority := ctypes.string_at(address, 1)[0]:
        tag = ctypes.string_at(address + 1)
        yield priority, tag.decode()
        address += len(tag) + 2


def _next(blocks: queue.Queue[bytes | None]) -> bytes | None:
    while True:
        try:
            # Ever and again awake, so that Ctrl-C gets through on every system.
            return blocks.get(timeout=_STEP_S)
        except queue.Empty:
            continue


def _put(
    blocks: queue.Queue[bytes | None], block: bytes | None, stopped: threading.Event
) -> None:
    while not stopped.is_set():
        try:
            blocks.put(block, timeout=_STEP_S)
        except queue.Full:
            continue
        return
