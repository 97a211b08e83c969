"""Where settings come from: options, environment, keyring, config file, profiles."""

from __future__ import annotations

from stt_cli.settings.resolve import Settings
from stt_cli.settings.setting import Setting

__all__ = ["Setting", "Settings"]
