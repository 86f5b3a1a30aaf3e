"""TLS certificates: an SSL context with the system's trusted authorities."""

import os
import re
import ssl
import sys
from pathlib import Path

#: The environment variables that httpx reads, too.
_FILE, _FOLDER = "SSL_CERT_FILE", "SSL_CERT_DIR"
#: The file names in a folder of certificates: OpenSSL looks for a hash of the subject.
_HASHED = re.compile(r"[0-9a-fA-F]{8}\.[0-9]+")


def trusting_context(*, forgiving: bool = False) -> ssl.SSLContext:
    """Return the SSL context that checks a server's certificate.

    If the environment names certificates that can't be read, it raises OSError, or if `forgiving`
    is set, returns a context that trusts no authority.
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
        # A minimal system without a package of certificates; certifi comes with httpx.
        import certifi

        return ssl.create_default_context(cafile=certifi.where())
    import truststore

    context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return context


def _system_has_some() -> bool:
    """Return whether the system has certificates. Windows and macOS always have their own."""
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
