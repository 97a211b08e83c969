"""soundfile for reading straight through, which it does not do by itself."""

from __future__ import annotations

import soundfile


class SequentialFile(soundfile.SoundFile):  # type: ignore[misc]
    """A sound file that is read from its start to its end and never sought in.

    ``SoundFile.read`` seeks to where it already is after every block. For an MP3
    that empties the decoder's bit reservoir: every block but the first would begin
    with noise. It leaves files alone that cannot be sought in, so this one says so.
    """

    def seekable(self) -> bool:
        """Say no, see above."""
        return False
