"""Scores as a table, and each result's differences from the reference below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from stt_cli.core.environment import Environment
from stt_cli.core.errors import ScoreError
from stt_cli.core.exit_status import ExitStatus
from stt_cli.core.plain_text import one_line
from stt_cli.formats.json_output import json_document
from stt_cli.ui.style import columns_of, folded, wants_color
from stt_cli.ui.tables import Column, print_table
from stt_cli.workflows.scoring import (
    AlignedWords,
    Difference,
    Normalization,
    Score,
    pooled_word_error_rate,
    score,
)

if TYPE_CHECKING:
    from stt_cli.ui.run import Run

_RED, _GREEN = "31", "32"


def score_and_show(
    reference: str,
    results: Sequence[str],
    run: Run,
    *,
    normalization: Normalization,
    with_alignment: bool,
    fail_above: float | None,
    json: bool,
) -> int:
    """Score each result and print the scores; return the exit code.

    Raises:
        UsageError: a file cannot be read, or the reference has no words.
        ScoreError: a rate is above ``fail_above``.
    """
    from stt_cli.workflows.saved_results import text_of

    wanted = text_of(reference, run.environment)
    scores = [
        score(wanted, text_of(name, run.environment), name, normalization)
        for name in results
    ]
    if json:
        listed = [one.to_dict() for one in scores]
        run.reporter.result(json_document(listed))
    else:
        print_scores(scores, run.environment, with_alignment=with_alignment)
    check_scores(scores, fail_above)
    return ExitStatus.OK


def print_scores(
    scores: Sequence[Score], environment: Environment, *, with_alignment: bool
) -> None:
    """Print a row for each score, then the differences that make it up."""
    columns = [
        Column("result", "bold", tail=True),
        Column("WER", right=True),
        Column("CER", right=True),
        Column("sub", right=True),
        Column("del", right=True),
        Column("ins", right=True),
        Column("words", right=True),
        Column("normalized", roomy=True),
    ]
    print_table(columns, [_row(one) for one in scores], environment)
    for one in scores:
        if with_alignment and one.word_error_rate:
            environment.stdout.write("".join(_alignment(one, environment)))


def check_scores(scores: Sequence[Score], fail_above: float | None) -> None:
    """Raise ``ScoreError`` if a word error rate is above the limit."""
    if fail_above is None:
        return
    worst = max(scores, key=lambda one: one.word_error_rate)
    if worst.word_error_rate > fail_above:
        raise ScoreError(
            f"{worst.name}: word error rate {percent(worst.word_error_rate)} is above "
            f"{percent(fail_above)}",
            hint=f"the overall rate is {percent(pooled_word_error_rate(scores))}",
        )


def percent(rate: float) -> str:
    """Return a rate as people read it: ``3.2 %``."""
    return f"{rate * 100:.1f}%"


def marked_words(parts: Sequence[AlignedWords], *, colored: bool) -> str:
    """Return the hypothesis with its differences marked.

    Deleted words stand in ``[-…-]`` and inserted ones in ``{+…+}``, as ``git diff
    --word-diff`` marks them; with color the marks become red and green.
    """
    return " ".join(word for part in parts for word in _marked(part, colored))


def _marked(part: AlignedWords, colored: bool) -> Iterator[str]:
    if part.difference is Difference.EQUAL:
        yield " ".join(part.hypothesis)
        return
    if part.reference:
        gone = " ".join(part.reference)
        yield f"\x1b[9;{_RED}m{gone}\x1b[0m" if colored else f"[-{gone}-]"
    if part.hypothesis:
        new = " ".join(part.hypothesis)
        yield f"\x1b[{_GREEN}m{new}\x1b[0m" if colored else f"{{+{new}+}}"


def _alignment(one: Score, environment: Environment) -> Iterator[str]:
    colored = wants_color(environment.stdout, environment)
    name = one_line(one.name)
    yield f"\n\x1b[1m{name}\x1b[0m\n" if colored else f"\n{name}\n"
    marked = marked_words(one.alignment, colored=colored)
    yield folded(marked, columns_of(environment.stdout, environment)) + "\n"


def _row(one: Score) -> tuple[str, ...]:
    return (
        one.name,
        percent(one.word_error_rate),
        percent(one.character_error_rate),
        str(one.substitutions),
        str(one.deletions),
        str(one.insertions),
        str(one.reference_words),
        str(one.normalization),
    )
