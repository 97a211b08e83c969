"""A finished transcription of Soniox as a transcript."""

from __future__ import annotations

from typing import Any

from stt_cli.core.job import Job
from stt_cli.core.transcript import RecognitionStatus, Segment, Transcript
from stt_cli.protocols.soniox.objects import TranscriptBody
from stt_cli.protocols.soniox.tokens import segments_of, translations_of


def transcript_of(job: Job, body: TranscriptBody) -> Transcript:
    """Return the transcript of a job, silence as one without words."""
    segments = tuple(segments_of(body.tokens))
    if not segments and body.text.strip():
        segments = (Segment(body.text.strip()),)
    languages = {segment.language for segment in segments}
    hints = job.details.get("language_hints") or [None]
    details: dict[str, Any] = {"model": job.details.get("model")}
    translations = translations_of(body.tokens)
    if translations:
        details["translations"] = translations
    only = languages.pop() if len(languages) == 1 else None
    return Transcript(
        provider=job.provider,
        input=job.input or job.id,
        # Silence is a result too: the service completes it with no words.
        status=RecognitionStatus.SUCCESS if segments else RecognitionStatus.NO_MATCH,
        language=only or (hints[0] if len(hints) == 1 else None),
        ids=job.ids,
        duration=job.duration,
        segments=segments,
        details=details,
    )
