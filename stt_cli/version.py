"""The version, in a module of its own so that ``--version`` loads nothing else."""

__version__ = "0.2.0"
USER_AGENT = f"stt-cli/{__version__}"
"""What every request and every handshake calls this program."""
