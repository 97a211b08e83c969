"""Word error rate of ``local`` beside pocketsphinx called directly.

    python -m benchmarks.accuracy FOLDER

The folder holds recordings and a ``transcripts.tsv`` with the columns ``file``
and ``transcript`` (lower case, no punctuation). "Directly" means: the whole file
as one utterance, the cepstral mean taken over all of it, which is the more
accurate of the ways that pocketsphinx offers.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Sequence
from pathlib import Path

from pocketsphinx import Decoder

from stt_cli.audio.open import open_source
from stt_cli.audio.source import AudioSource
from stt_cli.core.environment import Environment
from stt_cli.core.events import Phrase
from stt_cli.core.options import RecognizeOptions
from stt_cli.providers.base import Provider, ProviderContext
from stt_cli.providers.local.spec import SPEC

_RAW_RATE = 16_000


def errors(heard: Sequence[str], said: Sequence[str]) -> int:
    """Return the word edits between two texts (Levenshtein's distance)."""
    row = list(range(len(heard) + 1))
    for count, word in enumerate(said, 1):
        above, row[0] = row[:], count
        for place, other in enumerate(heard, 1):
            same = above[place - 1] + (word != other)
            row[place] = min(above[place] + 1, row[place - 1] + 1, same)
    return row[-1]


def directly(source: AudioSource) -> list[str]:
    """Return what pocketsphinx hears in the whole file."""
    decoder = Decoder(loglevel="FATAL")
    decoder.start_utt()
    decoder.process_raw(b"".join(source.pcm()), full_utt=True)
    decoder.end_utt()
    best = decoder.hyp()
    return re.sub(r"\(\d+\)", "", best.hypstr).split() if best else []


def ours(provider: Provider, source: AudioSource) -> list[str]:
    """Return what ``stt recognize`` hears in it."""
    phrases = [
        event.segment.text
        for event in provider.recognize(source, RecognizeOptions(jobs=1))
        if isinstance(event, Phrase)
    ]
    return " ".join(phrases).split()


def main() -> None:
    """Print a line a file, and the sum."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    world = Environment.of_this_process()
    provider = SPEC.open(ProviderContext(world))
    sums = [0, 0, 0]
    print(f"{'file':34} {'words':>5}  {'ours':>6}  {'direct':>6}")
    with (folder / "transcripts.tsv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            raw_rate = _RAW_RATE if row["file"].endswith(".raw") else None
            source = open_source(str(folder / row["file"]), world, raw_rate=raw_rate)
            said = row["transcript"].split()
            mine = errors(ours(provider, source), said)
            theirs = errors(directly(source), said)
            _print(row["file"], len(said), mine, theirs)
            sums = [sums[0] + len(said), sums[1] + mine, sums[2] + theirs]
    _print("all", *sums)


def _print(name: str, words: int, mine: int, theirs: int) -> None:
    print(f"{name:34} {words:5}  {mine / words:6.1%}  {theirs / words:6.1%}")


if __name__ == "__main__":
    main()
