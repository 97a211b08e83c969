"""The way in: answers ``--version`` at once, else hands over to the app."""

from __future__ import annotations

import sys


def main() -> None:
    """Run ``stt``; never returns, the process ends with an exit code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from stt_cli.version import __version__

        sys.stdout.write(f"stt {__version__}\n")
        raise SystemExit(0)
    from stt_cli.app import run

    raise SystemExit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
