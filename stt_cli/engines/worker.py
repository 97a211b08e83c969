"""A process that decodes utterances from its standard input, one by one.

Run by ``stt_cli.engines.pool``. A request is a header (length of the PCM, start,
number of alternatives) and the PCM; an answer is a length and a pickle of the
``Segment`` or of the ``SttError``. It ends when its input does, so it never
outlives its parent.
"""

from __future__ import annotations

import os
import pickle
import struct
import sys
from typing import BinaryIO

from stt_cli.audio.voice_activity import Utterance
from stt_cli.core.errors import SttError
from stt_cli.core.transcript import Segment
from stt_cli.engines.pocketsphinx_engine import PocketsphinxDecoder
from stt_cli.engines.pocketsphinx_model import ModelFiles

REQUEST = struct.Struct("<IdI")
ANSWER = struct.Struct("<I")


def main(*model: str | None) -> None:
    """Serve until the input ends; the arguments are those of ``ModelFiles``."""
    source = sys.stdin.buffer
    # Whatever a library prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        serve(source, answers, ModelFiles(*model))
    except BrokenPipeError:
        os._exit(0)


def serve(source: BinaryIO, answers: BinaryIO, model: ModelFiles) -> None:
    """Load a decoder and answer every request."""
    decoder: PocketsphinxDecoder | None = None
    fault: SttError | None = None
    try:
        decoder = PocketsphinxDecoder(model)
    except SttError as error:
        fault = error
    while len(head := source.read(REQUEST.size)) == REQUEST.size:
        length, start, alternatives = REQUEST.unpack(head)
        utterance = Utterance(start, source.read(length))
        result: Segment | SttError | None = fault
        if decoder is not None:
            result = decoder.decode(utterance, alternatives)
        answer = pickle.dumps(result)
        answers.write(ANSWER.pack(len(answer)) + answer)
        answers.flush()
