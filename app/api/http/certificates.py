"""Whom to believe about who a server is: those whom the system believes."""

import os
import re
import ssl
import sys
from pathlib import Path

#: What httpx itself looks at.
_FILE, _FOLDER = "SSL_CERT_FILE", "SSL_CERT_DIR"
#: How OpenSSL finds a certificate in a folder: by a sum of whose it is.
_HASHED = re.compile(r"[0-9a-fA-F]{8}\.[0-9]+")


def trusting_context(*, forgiving: bool = False) -> ssl.SSLContext:
    """What a connection's certificate is checked with.

    Raises OSError where the environment names certificates that can't be read, unless it is
    `forgiving`: then nobody is believed.
    """
    file, folder = os.environ.get(_FILE), os.environ.get(_FOLDER)
    if file or folder:
        try:
            return ssl.create_default_context(cafile=file or None, capath=folder or None)
        except OSError:
            if not forgiving:
                raise
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if not _system_has_some():
        # A small system without its package of certificates; these come with httpx.
        import certifi

        return ssl.create_default_context(cafile=certifi.where())
    import truststore

    context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return context


def _system_has_some() -> bool:
    """Whether OpenSSL finds any. Windows and macOS have stores of their own, which are never
    empty."""
    if sys.platform in {"win32", "darwin"}:
        return True
    paths = ssl.get_default_verify_paths()
    usual = (
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/ssl/cert.pem",
        "/etc/pki/tls/cert.pem",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/ssl/ca-bundle.pem",
    )
    return any(_is_file(path) for path in (paths.cafile, *usual)) or _holds_some(paths.capath)


def _is_file(path: str | None) -> bool:
    return path is not None and Path(path).is_file()


def _holds_some(folder: str | None) -> bool:
    if folder is None or not Path(folder).is_dir():
        return False
    return any(_HASHED.fullmatch(path.name) for path in Path(folder).iterdir())
