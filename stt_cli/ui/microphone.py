"""``--mic``: one more kind of input, which Enter or Ctrl-C ends; kept on failure.

The terminal is read by its descriptor, never through a buffer of Python's: a thread
that sits in one at the end of the program aborts the interpreter.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, BinaryIO

from stt_cli.core.environment import Environment
from stt_cli.core.errors import UsageError
from stt_cli.core.events import Notice
from stt_cli.core.transcript import RecognitionStatus, Transcript
from stt_cli.workflows.recognize import Input

if TYPE_CHECKING:
    from stt_cli.audio.microphone import Microphone
    from stt_cli.ui.run import Run
    from stt_cli.workflows.recognize import RecognitionRequest

# Silence is a result: there is nothing in the recording to try again with.
_RESULTS = (RecognitionStatus.SUCCESS, RecognitionStatus.INITIAL_SILENCE)


class MicrophoneInput:
    """The microphone as an input, and what becomes of its recording."""

    def __init__(self, microphone: Microphone) -> None:
        self.microphone = microphone
        self.input = Input(microphone.name, lambda: microphone)

    def settle(
        self, transcripts: Sequence[Transcript], provider: str, environment: Environment
    ) -> None:
        """Delete the recording if its result is in, else say where it is."""
        kept = self.microphone.kept
        if transcripts and all(_is_result(one) for one in transcripts):
            kept.discard()
        elif kept.exists:
            import shlex

            from stt_cli.ui.errors import print_kept

            path = shlex.quote(str(kept.path))
            print_kept(kept.path, f"stt recognize {path} -p {provider}", environment)


def open_microphone(request: RecognitionRequest, run: Run) -> MicrophoneInput | None:
    """Return the microphone if ``--mic`` asks for it.

    Raises:
        AudioError: there is none, or PortAudio is missing.
        UsageError: recordings are named as well, or its options stand alone.
    """
    if not request.microphone:
        chosen = (request.device, request.max_seconds, request.stop_after_silence)
        if any(value is not None for value in chosen):
            raise UsageError(
                "--device, --max-seconds and --stop-after-silence require --mic",
                hint="add --mic, or remove them",
            )
        return None
    if request.inputs:
        raise UsageError(
            "--mic cannot be used with recordings",
            hint="run `stt recognize` once for each",
        )
    from stt_cli.audio.microphone import Limits, Microphone

    limits = Limits(request.max_seconds, request.stop_after_silence)
    setting = run.settings.value("device")
    device = request.device or (setting.value if setting else None)
    return MicrophoneInput(Microphone(run.environment, device=device, limits=limits))


@contextmanager
def listening(microphone: MicrophoneInput | None, run: Run) -> Iterator[None]:
    """Say who listens, and let a key or the first Ctrl-C end the recording alone."""
    if microphone is None:
        yield
        return
    from stt_cli.audio.microphone import ctrl_c_stops

    source, stdin = microphone.microphone, run.environment.stdin
    terminal = stdin if stdin is not None and stdin.isatty() else None
    keys = "press Enter or Ctrl-C to stop" if terminal else "press Ctrl-C to stop"
    run.reporter.notice(Notice(f"listening to {source.device.name}; {keys}"))
    entered = on_enter(terminal, source.stop) if terminal else nullcontext()
    with ctrl_c_stops(source), entered:
        yield


def _is_result(transcript: Transcript) -> bool:
    return transcript.error is None and transcript.status in _RESULTS


_LOOK_S = 0.5  # how soon we notice that the shell brought us back to the foreground


@contextmanager
def on_enter(terminal: BinaryIO, act: Callable[[], None]) -> Iterator[None]:
    """Call ``act`` on a thread once Enter or Ctrl-D is pressed on ``terminal``.

    Meanwhile nothing that is typed is echoed, which would move the cursor away from
    the rows that are drawn. On leaving, the terminal is as it was.
    """
    if sys.platform == "win32":
        with _on_console(act):
            yield
    else:
        with _on_terminal(terminal.fileno(), act):
            yield


if sys.platform == "win32":

    @contextmanager
    def _on_console(act: Callable[[], None]) -> Iterator[None]:
        import msvcrt

        left = threading.Event()

        def watch() -> None:
            # A console tells of keys only when asked, and Ctrl-Z is its Ctrl-D.
            while not left.wait(0.1):
                while msvcrt.kbhit():
                    if msvcrt.getwch() in "\r\n\x04\x1a":
                        act()
                        return

        watcher = threading.Thread(target=watch, name="enter", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            left.set()
            watcher.join()

else:
    import select
    import termios

    @contextmanager
    def _on_terminal(terminal: int, act: Callable[[], None]) -> Iterator[None]:
        awake, wake = os.pipe()
        echo = _Echo(terminal)

        def watch() -> None:
            try:
                wait()
            finally:
                if _in_foreground(terminal):
                    echo.restore()

        def wait() -> None:
            pressed = False
            while True:
                foreground = _in_foreground(terminal)
                if foreground:
                    echo.turn_off()
                watched = [terminal, awake] if foreground and not pressed else [awake]
                ready, _, _ = select.select(watched, [], [], _LOOK_S)
                if awake in ready:
                    return
                # Once more, for reading in the background would stop the program.
                if terminal in ready and _in_foreground(terminal):
                    if not _was_entered(terminal):
                        return
                    act()
                    pressed = True

        watcher = threading.Thread(target=watch, name="enter", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            os.write(wake, b"\0")
            watcher.join()
            os.close(wake)
            os.close(awake)

    class _Echo:
        """The terminal's echo, off for a while; one that is gone has none."""

        def __init__(self, terminal: int) -> None:
            self._terminal = terminal
            self._was_on = False

        def turn_off(self) -> None:
            """Turn it off, also after a shell turned it on while we were stopped."""
            self._was_on = self._set(on=False) or self._was_on

        def restore(self) -> None:
            """Turn it on again if it was on."""
            if self._was_on:
                self._set(on=True)

        def _set(self, *, on: bool) -> bool:
            """Set it, and return whether that was a change."""
            try:
                modes = termios.tcgetattr(self._terminal)
                if bool(modes[3] & termios.ECHO) == on:
                    return False
                modes[3] ^= termios.ECHO
                termios.tcsetattr(self._terminal, termios.TCSANOW, modes)
            except termios.error:
                return False
            return True

    def _in_foreground(terminal: int) -> bool:
        """Whether the terminal is ours to use: a shell's jobs take turns."""
        try:
            return os.tcgetpgrp(terminal) == os.getpgrp()
        except OSError:  # it is gone, or controls no session of ours: no turns then
            return os.isatty(terminal)

    def _was_entered(terminal: int) -> bool:
        """Read what was typed. A terminal that is gone is no wish of anyone's."""
        try:
            return bool(os.read(terminal, 4_096)) or os.isatty(terminal)
        except OSError:
            return False
