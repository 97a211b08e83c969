"""TLS as every connection of this program uses it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from stt_cli.core.errors import ConfigurationError
from stt_cli.net.context import NetworkContext

if TYPE_CHECKING:
    import ssl


def make_ssl_context(context: NetworkContext) -> ssl.SSLContext:
    """Return TLS settings for a provider. Raises ``ConfigurationError``."""
    return tls_from(context.environment.variables)


def tls_from(variables: Mapping[str, str]) -> ssl.SSLContext:
    """Return TLS settings from ``SSL_CERT_FILE`` or ``SSL_CERT_DIR``, else certifi's.

    Raises:
        ConfigurationError: the file of certificates cannot be read.
    """
    import ssl

    cafile = variables.get("SSL_CERT_FILE") or None
    capath = variables.get("SSL_CERT_DIR") or None
    if cafile is None and capath is None:
        import certifi

        cafile = certifi.where()
    try:
        settings = ssl.create_default_context(cafile=cafile, capath=capath)
    except OSError as fault:
        raise ConfigurationError(
            f"the certificates in {cafile or capath} cannot be read: {fault}",
            hint="check SSL_CERT_FILE and SSL_CERT_DIR",
        ) from fault
    settings.minimum_version = ssl.TLSVersion.TLSv1_2
    return settings
