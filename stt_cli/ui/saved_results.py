"""Saved results written again in another format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from stt_cli.core.exit_status import ExitStatus
from stt_cli.formats.caption_languages import check_chosen, check_stdout, with_tracks
from stt_cli.formats.files import prepare
from stt_cli.formats.naming import chosen_formats, output_files
from stt_cli.formats.registry import WriteOptions, refusal_of_times, writer_for
from stt_cli.ui.transcript_output import FilesAsEachEnds
from stt_cli.workflows.saved_results import read_saved_results

if TYPE_CHECKING:
    from stt_cli.ui.run import Run


def convert_and_show(
    names: Sequence[str],
    run: Run,
    *,
    formats: str | None,
    output: str | None,
    options: WriteOptions,
    force: bool,
) -> int:
    """Write saved results in the formats chosen; return the exit code.

    Raises:
        UsageError: a file is no saved result, or cannot be captions for want of
            times; an output file is there already.
    """
    chosen = chosen_formats(formats, output) or run.default_formats
    output_files((), output, chosen)  # what cannot be is refused before any reading
    results = read_saved_results(names, run.environment)
    shown = [result.name for result in results]
    transcripts = [result.transcript for result in results]
    for name in chosen:
        refusal = refusal_of_times(name, transcripts, options)
        if refusal is not None:
            raise refusal
    files = output_files(shown, output, chosen)
    language = options.captions.language
    for one in transcripts:
        check_chosen(language, one.language, list(one.translations))
    if files is None:
        languages = list(
            dict.fromkeys(tag for t in transcripts for tag in t.translations)
        )
        check_stdout(chosen[0], languages, language)
        options = replace(options, single=len(names) == len(transcripts) == 1)
        pieces = writer_for(chosen[0])(transcripts, options)
        run.reporter.result("".join(pieces))
        return ExitStatus.OK
    files = [
        with_tracks(each, list(one.translations), language)
        for each, one in zip(files, transcripts, strict=True)
    ]
    paths = [path for each in files for path in each.values()]
    prepare(paths, str(output), force=force)
    with FilesAsEachEnds(run.reporter, shown, files, options, force=force) as writing:
        for index, transcript in enumerate(transcripts):
            writing.done(index, transcript)
        writing.finish()
    return ExitStatus.OK
