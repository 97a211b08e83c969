"""Word error rate of ``local``, on recordings and on the same made worse.

    python -m benchmarks.accuracy FOLDER [--model NAME] [--kinds clean,telephone]

The folder holds recordings and a ``transcripts.tsv`` with the columns ``file`` and
``transcript`` (lower case, no punctuation). Numbers and "Mr." are spelled out before
words are compared; what counts besides is ``stt score``'s. ``--model pocketsphinx``
measures the engine beside it.
"""

from __future__ import annotations

import argparse
import csv
import re
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.degrading import KINDS, Sound, pcm_of, sound_of
from stt_cli.audio.open import open_source
from stt_cli.audio.wav import pcm_header
from stt_cli.core.environment import Environment
from stt_cli.core.events import Phrase
from stt_cli.core.options import RecognizeOptions
from stt_cli.providers.base import Provider, ProviderContext
from stt_cli.providers.local.spec import SPEC
from stt_cli.workflows.scoring import Score, pooled_word_error_rate, score

_RAW_RATE = 16_000
_SPELLED = {"10": "ten", "mr": "mister", "gonna": "going to"}


def recordings(
    folder: Path, environment: Environment
) -> Iterator[tuple[str, str, Sound]]:
    """Yield each recording's name, what is said in it, and its sound at 16 kHz."""
    with (folder / "transcripts.tsv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            name = row["file"]
            raw_rate = _RAW_RATE if name.endswith(".raw") else None
            source = open_source(str(folder / name), environment, raw_rate=raw_rate)
            yield name, row["transcript"], sound_of(b"".join(source.pcm()))


def spelled_out(text: str) -> str:
    """Return a text with the abbreviations of the recordings spelled out."""
    words = re.sub(r"[-.,]", " ", text.lower()).split()
    return " ".join(_SPELLED.get(word, word) for word in words)


def heard(
    provider: Provider, path: Path, environment: Environment, model: str | None
) -> str:
    """Return what ``stt recognize`` hears in a file."""
    options = RecognizeOptions(jobs=1, model=model)
    events = provider.recognize(open_source(str(path), environment), options)
    return " ".join(e.segment.text for e in events if isinstance(e, Phrase))


def main() -> None:
    """Print a line a kind, with the rate over all recordings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model")
    parser.add_argument("--kinds", default=",".join(KINDS))
    given = parser.parse_args()
    environment = Environment.of_this_process()
    provider = SPEC.open(ProviderContext(environment))
    known = list(recordings(given.folder, environment))
    sounds = [sound for _, _, sound in known]
    seconds = sum(len(sound) for sound in sounds) / _RAW_RATE
    path = Path("/tmp") / f"stt-accuracy-{time.time_ns()}.wav"
    worse = []
    for kind in given.kinds.split(","):
        scores: list[Score] = []
        began = time.process_time()
        for name, said, sound in known:
            pcm = pcm_of(KINDS[kind](sound, sounds))
            path.write_bytes(pcm_header(_RAW_RATE, len(pcm)) + pcm)
            text = spelled_out(heard(provider, path, environment, given.model))
            scores.append(score(spelled_out(said), text, name))
        rate = pooled_word_error_rate(scores)
        cpu = (time.process_time() - began) / seconds
        print(f"{kind:14} {rate:6.1%}  CPU {cpu:.3f} s a second of audio", flush=True)
        if kind == "clean":
            for each in scores:
                print(f"  {each.name:34} {each.word_error_rate:6.1%}")
        else:
            worse.append(rate)
    if worse:
        print(f"degraded, mean  {sum(worse) / len(worse):6.1%}")
    provider.close()
    path.unlink()


if __name__ == "__main__":
    main()
