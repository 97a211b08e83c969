"""Whom TLS trusts: the authorities that curl and pip trust on this machine."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from stt_cli.core.errors import ConfigurationError

if TYPE_CHECKING:
    import ssl

VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""What names other authorities; the first that is set counts."""


def tls_for(variables: Mapping[str, str]) -> ssl.SSLContext:
    """Return the TLS settings of this run; they are made once, which takes a while.

    The authorities are those of ``VARIABLES``, else the system's own, else those of
    the certifi package, for images that have none.

    Raises:
        ConfigurationError: the certificates that a variable names cannot be read.
    """
    named = next((name for name in VARIABLES if variables.get(name)), None)
    return _settings(named, variables[named] if named else "")


@lru_cache(maxsize=4)
def _settings(variable: str | None, place: str) -> ssl.SSLContext:
    import ssl

    if variable is None:
        made = _of_this_system()
    else:
        is_folder = Path(place).is_dir()
        try:
            made = ssl.create_default_context(
                cafile=None if is_folder else place, capath=place if is_folder else None
            )
        except OSError as fault:
            raise ConfigurationError(
                f"cannot read the certificates in {place}: {fault}",
                hint=f"check {variable}",
            ) from fault
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    return made


def _of_this_system() -> ssl.SSLContext:
    import ssl

    if sys.platform in ("darwin", "win32"):  # whose store is no file
        import truststore

        return cast("ssl.SSLContext", truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    paths = ssl.get_default_verify_paths()
    hashed = Path(paths.capath).glob("*.0") if paths.capath else iter(())
    if paths.cafile is None and next(hashed, None) is None:
        import certifi

        return ssl.create_default_context(cafile=certifi.where())
    return ssl.create_default_context()
