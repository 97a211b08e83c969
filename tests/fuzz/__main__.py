"""Mutate the seeds of targets, and tell what failed: see ``tests.fuzz``."""

from __future__ import annotations

import argparse
import base64
import faulthandler
import hashlib
import json
import random
import resource
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz.mutating import mutated
from tests.fuzz.targets import SEEDS_OF, TARGETS

SEEDS = Path(__file__).parent / "seeds"
_SECONDS = 20  # for one input; the last one is kept, to see what took so long
_MOST_BYTES = 3 << 30  # of address space, more than numpy's own threads reserve


def seeds_of(name: str) -> list[bytes]:
    """Return the seeds of a target: a line of JSON each, as text or in base64."""
    path = SEEDS / f"{SEEDS_OF.get(name, name)}.jsonl"
    lines = map(json.loads, path.read_text(encoding="ascii").splitlines())
    return [_bytes_of(line) for line in lines]


def _bytes_of(line: dict[str, str]) -> bytes:
    if "base64" in line:
        return base64.b64decode(line["base64"])
    return line["text"].encode()


def run(name: str, count: int, seed: int, kept: Path) -> list[str]:
    """Give a target its seeds and so many mutations; return what failed."""
    target, seeds = TARGETS[name], seeds_of(name)
    chance = random.Random(f"{name} {seed}")
    failures: dict[str, str] = {}
    last = kept / f"{name}-last"
    for number in range(len(seeds) + count):
        data = seeds[number] if number < len(seeds) else mutated(seeds, chance)
        last.write_bytes(data)  # a crash of the interpreter leaves it
        faulthandler.dump_traceback_later(_SECONDS, exit=True)
        try:
            target(data)
        except Exception as fault:
            where = traceback.extract_tb(fault.__traceback__)[-1]
            kind = f"{type(fault).__name__} in {where.filename}:{where.lineno}"
            if kind not in failures:
                name_kept = f"{name}-{hashlib.sha256(data).hexdigest()[:12]}"
                (kept / name_kept).write_bytes(data)
                failures[kind] = f"{kind}: {str(fault)[:200]} ({kept / name_kept})"
        faulthandler.cancel_dump_traceback_later()
    last.unlink()
    return list(failures.values())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the targets; the exit code tells whether anything failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("targets", nargs="*", default=[], metavar="TARGET")
    parser.add_argument("--count", type=int, default=10_000, metavar="INPUTS")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failures"))
    given = parser.parse_args(arguments)
    given.keep.mkdir(parents=True, exist_ok=True)
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES, _MOST_BYTES))
    failed = False
    for name in given.targets or TARGETS:
        failures = run(name, given.count, given.seed, given.keep)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        print(f"{name}: {given.count} inputs, {len(failures)} failures, {peak} MB")
        for told in failures:
            print(f"  {told}", flush=True)
        failed |= bool(failures)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
