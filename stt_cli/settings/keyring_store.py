"""Secrets in the system's keyring, and a note of which ones were put there.

Loading the keyring library costs some 150 ms (it looks for backends among all
installed packages), so it is asked only for names that ``stt auth set`` noted in
``keyring.json``. That file holds names, never a secret.

Backends are other people's plug-ins and raise whatever their libraries do, so
any exception of theirs counts as trouble with the keyring.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from stt_cli.core.errors import ConfigurationError
from stt_cli.core.secret import Secret
from stt_cli.settings.atomic import write_private

SERVICE = "stt"
_WITHOUT = "set the environment variable instead; `stt auth status` shows its name"


class KeyringStore:
    """The keyring entries of this tool, named ``azure.key`` or ``azure.key@work``."""

    def __init__(self, folder: Path) -> None:
        self._notes = folder / "keyring.json"
        self._noted: set[str] | None = None

    @staticmethod
    def entry(provider: str, setting: str, profile: str | None = None) -> str:
        """Return the entry's name for a provider's setting, in a profile or in none."""
        return f"{provider}.{setting}" + (f"@{profile}" if profile else "")

    def noted(self) -> set[str]:
        """Return the entries that ``stt auth set`` made."""
        if self._noted is None:
            try:
                names = json.loads(self._notes.read_text(encoding="utf-8"))
                self._noted = {str(name) for name in names}
            except (OSError, ValueError, TypeError):
                # Absent or damaged: nothing is known to be in the keyring, and
                # the next `stt auth set` or `status` writes it anew.
                self._noted = set()
        return self._noted

    def profiles(self) -> set[str]:
        """Return the profiles that have a secret of their own."""
        return {entry.partition("@")[2] for entry in self.noted()} - {""}

    def get(self, entry: str) -> Secret | None:
        """Return a noted secret without waking the keyring for any other."""
        return self.look_up(entry) if entry in self.noted() else None

    def look_up(self, entry: str) -> Secret | None:
        """Ask the keyring itself, and note what is there without a note.

        Raises:
            ConfigurationError: it is locked or broken. That it has no backend
                means only that it holds nothing.
        """
        import keyring
        from keyring.errors import NoKeyringError

        try:
            value = keyring.get_password(SERVICE, entry)
        except NoKeyringError:
            return None
        except Exception as fault:
            raise _trouble("read", fault) from fault
        if value and entry not in self.noted():
            with suppress(ConfigurationError):  # a folder that takes no files
                self._note(self.noted() | {entry})
        return Secret(value) if value else None

    def put(self, entry: str, secret: Secret) -> None:
        """Store a secret and note its name.

        Raises:
            ConfigurationError: there is no keyring, or it did not keep the value.
        """
        import keyring
        from keyring.errors import NoKeyringError

        try:
            keyring.set_password(SERVICE, entry, secret.reveal())
            kept = keyring.get_password(SERVICE, entry)
        except NoKeyringError as fault:
            raise ConfigurationError(
                "no keyring on this machine", hint=_WITHOUT
            ) from fault
        except Exception as fault:
            raise _trouble("written", fault) from fault
        if kept != secret.reveal():
            raise ConfigurationError(
                f"the keyring ({self.backend()}) did not store the key", hint=_WITHOUT
            )
        self._note(self.noted() | {entry})

    def remove(self, entry: str) -> bool:
        """Remove a secret; return whether there was one.

        Raises:
            ConfigurationError: the keyring is locked or broken.
        """
        import keyring
        from keyring.errors import PasswordDeleteError

        present = self.look_up(entry) is not None
        try:
            if present:
                keyring.delete_password(SERVICE, entry)
        except PasswordDeleteError:
            present = False  # another process was quicker
        except Exception as fault:
            raise _trouble("written", fault) from fault
        if entry in self.noted():
            self._note(self.noted() - {entry})
        return present

    def is_usable(self) -> bool:
        """Whether the machine has a keyring that keeps anything.

        Raises:
            ConfigurationError: it is broken, or its own settings cannot be read.
        """
        try:
            # Importing it reads its settings and loads everybody's backends.
            import keyring
            from keyring.backends import fail, null

            return not isinstance(keyring.get_keyring(), fail.Keyring | null.Keyring)
        except Exception as fault:
            raise _trouble("read", fault) from fault

    def backend(self) -> str:
        """Return the name of the keyring in use."""
        import keyring

        return str(keyring.get_keyring().name)

    def _note(self, names: Iterable[str]) -> None:
        self._noted = set(names)
        write_private(self._notes, json.dumps(sorted(self._noted)) + "\n")


def _trouble(verb: str, fault: Exception) -> ConfigurationError:
    return ConfigurationError(
        f"the keyring cannot be {verb}: {fault or type(fault).__name__}",
        hint=f"unlock the keyring, or {_WITHOUT}",
    )
