"""RSA key pairs in the forms in which EC2 hands them out. Source: RFC 8017 (PKCS #1), RFC 5208 (PKCS #8), RFC 4253.

The keys are real, but come from the simulator's repeatable source: good for tests, no secret.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import gcd, prod

from iamsim.kit import Clock

BITS = 2048
EXPONENT = 65537
BASES = (2, 3, 5, 7, 11, 13, 17, 19)  # of Miller and Rabin's test: enough for random candidates of this length
RSA_ENCRYPTION = bytes.fromhex("300d06092a864886f70d0101010500")  # AlgorithmIdentifier, RFC 8017 appendix C


@dataclass(frozen=True)
class RsaKey:
    """One private key: modulus and its two primes."""

    n: int
    p: int
    q: int

    def private_der(self) -> bytes:
        """RSAPrivateKey of PKCS #1."""
        d = pow(EXPONENT, -1, (self.p - 1) * (self.q - 1))
        numbers = (0, self.n, EXPONENT, d, self.p, self.q, d % (self.p - 1), d % (self.q - 1), pow(self.q, -1, self.p))
        return _der(0x30, b"".join(map(_integer, numbers)))

    def pem(self) -> str:
        """The private key as CreateKeyPair returns it."""
        text = base64.encodebytes(self.private_der()).decode().replace("\n", "")
        lines = [text[n : n + 64] for n in range(0, len(text), 64)]
        return "\n".join(["-----BEGIN RSA PRIVATE KEY-----", *lines, "-----END RSA PRIVATE KEY-----"])

    def openssh(self, comment: str) -> str:
        """The public key as a line of `authorized_keys`."""
        blob = b"".join(map(_string, (b"ssh-rsa", _bytes(EXPONENT), _bytes(self.n))))
        return f"ssh-rsa {base64.b64encode(blob).decode()} {comment}"

    def fingerprint(self) -> str:
        """SHA-1 of the private key in PKCS #8, as EC2 gives it for the keys that it makes."""
        pkcs8 = _der(0x30, _integer(0) + RSA_ENCRYPTION + _der(0x04, self.private_der()))
        return _colons(hashlib.sha1(pkcs8, usedforsecurity=False).digest())


def new_rsa_key(clock: Clock) -> RsaKey:
    """A key of 2048 bits from the clock's identifiers."""
    seed = clock.new_token(64)
    candidates = _numbers(seed)
    p = next(n for n in candidates if _is_prime(n))
    q = next(n for n in candidates if n != p and _is_prime(n))
    return RsaKey(p * q, p, q)


def imported_fingerprint(blob: bytes) -> str:
    """MD5 of the public key in DER, as EC2 gives it for imported RSA keys. Raises ValueError for another blob."""
    algorithm, exponent, modulus = _strings(blob)
    if algorithm != b"ssh-rsa":
        raise ValueError("not an RSA key")
    numbers = _integer(int.from_bytes(modulus, "big")) + _integer(int.from_bytes(exponent, "big"))
    key = _der(0x30, RSA_ENCRYPTION + _der(0x03, b"\0" + _der(0x30, numbers)))
    return _colons(hashlib.md5(key, usedforsecurity=False).digest())


def _numbers(seed: str) -> Iterator[int]:
    """Candidates for primes of half the length, the two highest bits and the lowest set."""
    half, count = BITS // 2, 0
    while True:
        n = int.from_bytes(hashlib.shake_256(f"{seed}/{count}".encode()).digest(half // 8), "big")
        yield n | (0b11 << (half - 2)) | 1
        count += 1


def _is_prime(n: int) -> bool:
    if gcd(n, _small_primes()) != 1 or (n - 1) % EXPONENT == 0:
        return False
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    return all(_is_witnessed(n, base, odd, twos) for base in BASES)


def _is_witnessed(n: int, base: int, odd: int, twos: int) -> bool:
    x = pow(base, odd, n)
    if x in (1, n - 1):
        return True
    for _ in range(twos - 1):
        x = x * x % n
        if x == n - 1:
            return True
    return False


@lru_cache(maxsize=1)
def _small_primes() -> int:
    """The product of the primes below 10 000: one gcd sorts out most candidates."""
    sieve = bytearray([1]) * 10_000
    for n in range(2, 100):
        sieve[n * n :: n] = bytes(len(sieve[n * n :: n]))
    return prod(n for n in range(2, len(sieve)) if sieve[n])


def _der(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    size = (length.bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + length.to_bytes(size, "big") + content


def _integer(n: int) -> bytes:
    return _der(0x02, _bytes(n))


def _bytes(n: int) -> bytes:
    """Big-endian two's complement."""
    return n.to_bytes(n.bit_length() // 8 + 1, "big")


def _string(content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + content


def _strings(blob: bytes) -> list[bytes]:
    """The length-prefixed strings of an SSH key. Raises ValueError if they do not fill `blob`."""
    found = []
    while blob:
        size = int.from_bytes(blob[:4], "big")
        if len(blob) < 4 + size:
            raise ValueError("cut off")
        found.append(blob[4 : 4 + size])
        blob = blob[4 + size :]
    return found


def _colons(digest: bytes) -> str:
    return ":".join(f"{byte:02x}" for byte in digest)
