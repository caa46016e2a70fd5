"""Owns Ed25519 keys for trials, made with the library alone."""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


@dataclass(frozen=True)
class Key:
    """An Ed25519 key from 32 fixed bytes: the same signatures in every run."""

    name: str
    private_bytes: bytes

    @property
    def public_key(self) -> bytes:
        """Return the public half."""
        return Ed25519PrivateKey.from_private_bytes(self.private_bytes).public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return the signature."""
        return Ed25519PrivateKey.from_private_bytes(self.private_bytes).sign(message)
