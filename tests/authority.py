"""Certificates made for a test: an authority that nobody knows until a test makes it known."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest


class Authority:
    """Vouches for servers. `file` is what makes it known."""

    def __init__(self, folder: Path) -> None:
        pytest.importorskip("cryptography")
        from cryptography.hazmat.primitives.asymmetric import ec

        self._folder = folder
        #: Of two authorities of one name, OpenSSL would look at the first alone.
        self._name = f"Authority {uuid4()}"
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.file = folder / "authority.pem"
        self.file.write_bytes(_pem(self._certificate(self._key, self._name, [])))

    def server_side(self, *names: str) -> ssl.SSLContext:
        """What a server of these names shows to its clients."""
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ec

        key = ec.generate_private_key(ec.SECP256R1())
        shown = self._folder / f"{names[0]}.pem"
        shown.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + _pem(self._certificate(key, names[0], names))
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(shown)
        return context

    def _certificate(self, key: Any, subject: str, names: Any) -> Any:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes

        def named(text: str) -> x509.Name:
            return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])

        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(named(subject))
            .issuer_name(named(self._name))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=not names, path_length=None), critical=True)
        )
        if names:
            listed = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
            certificate = certificate.add_extension(listed, critical=False)
        return certificate.sign(self._key, hashes.SHA256())


def _pem(certificate: Any) -> bytes:
    from cryptography.hazmat.primitives import serialization

    pem: bytes = certificate.public_bytes(serialization.Encoding.PEM)
    return pem
