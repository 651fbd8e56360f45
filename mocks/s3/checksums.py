"""Checksums of bodies: what the client sends is verified and kept. Source: S3 User Guide, checking-object-integrity."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from iamsim.kit import Call, NotMocked, StrMap, error

from .crc import crc32, crc32c, crc64nvme
from .failures import InvalidRequest, invalid_argument

BadDigest = error("BadDigest", status=400)
InvalidDigest = error("InvalidDigest", status=400)


def _hash(name: str) -> Callable[[bytes], bytes]:
    return lambda data: hashlib.new(name, data, usedforsecurity=False).digest()


ALGORITHMS: Mapping[str, Callable[[bytes], bytes]] = {
    "CRC32": crc32,
    "CRC32C": crc32c,
    "CRC64NVME": crc64nvme,
    "SHA1": _hash("sha1"),
    "SHA256": _hash("sha256"),
    "SHA512": _hash("sha512"),
    "MD5": _hash("md5"),
}
WITHOUT_CODE = ("XXHASH64", "XXHASH3", "XXHASH128")
MEMBERS = tuple(f"Checksum{name}" for name in (*ALGORITHMS, *WITHOUT_CODE))
FULL_OBJECT_ONLY = frozenset({"CRC64NVME"})
COMPOSITE_ONLY = frozenset({"SHA1", "SHA256", "SHA512", "MD5"})
LARGEST_UNASKED = 64 << 10  # bytes; Python takes too long for the CRC-64 of a larger body that nobody asked for
UNASKED = "ChecksumCRC64NVME"  # what S3 computes where the client sends none


def md5(data: bytes) -> bytes:
    """The MD5 digest."""
    return hashlib.md5(data, usedforsecurity=False).digest()


def computed(algorithm: str, data: bytes) -> str:
    """The checksum of `data` in base 64. Raises NotMocked for an algorithm that iamsim does not have."""
    if algorithm not in ALGORITHMS:
        raise NotMocked(f"iamsim does not compute the checksum algorithm {algorithm}")
    return base64.b64encode(ALGORITHMS[algorithm](data)).decode()


def sent(params: Mapping[str, Any]) -> StrMap:
    """The checksums among an operation's parameters, by member."""
    return {member: params[member] for member in MEMBERS if member in params}


def verified(params: Mapping[str, Any], body: bytes) -> StrMap:
    """The checksum to keep for `body`: the one that was sent and is right. Raises BadDigest, InvalidDigest."""
    check_md5(params.get("ContentMD5"), body)
    found = sent(params)
    if len(found) > 1:
        raise InvalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
    for member, value in found.items():
        algorithm = member.removeprefix("Checksum")
        right = computed(algorithm, body)
        if not _is_like(value, right):
            raise InvalidRequest(f"Value for x-amz-checksum-{algorithm.lower()} header is invalid.")
        if right != value:
            raise BadDigest(f"The {algorithm} you specified did not match the calculated checksum.")
    if not found and params.get("ChecksumAlgorithm"):
        algorithm = params["ChecksumAlgorithm"]
        found = {f"Checksum{algorithm}": computed(algorithm, body)}
    if not found and len(body) <= LARGEST_UNASKED:
        found = {UNASKED: computed("CRC64NVME", body)}
    return found


def _is_like(value: str, checksum: str) -> bool:
    """Whether `value` is base 64 of as many bytes as `checksum`."""
    try:
        return len(base64.b64decode(value, validate=True)) == len(base64.b64decode(checksum))
    except (binascii.Error, ValueError):
        return False


def check_md5(value: str | None, body: bytes) -> None:
    """Raises BadDigest if `value` is not the MD5 of `body`, InvalidDigest if it is no MD5 at all."""
    if value is None:
        return
    try:
        given = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        given = b""
    if len(given) != 16:
        raise InvalidDigest("The Content-MD5 you specified was invalid.", fields={"Content-MD5": value})
    if given != md5(body):
        raise BadDigest(
            "The Content-MD5 you specified did not match what we received.",
            fields={"ExpectedDigest": given.hex(), "CalculatedDigest": base64.b64encode(md5(body)).decode()},
        )


def check_document(call: Call) -> None:
    """Verify the checksum headers of a request whose body is a document. Raises BadDigest, InvalidDigest."""
    headers = call.http.headers
    body = call.http.read()
    check_md5(headers.get("content-md5"), body)
    for algorithm in ALGORITHMS:
        value = headers.get(f"x-amz-checksum-{algorithm.lower()}")
        if value is not None and computed(algorithm, body) != value:
            raise BadDigest(f"The {algorithm} you specified did not match the calculated checksum.")


def composite(algorithm: str, parts: Sequence[StrMap]) -> str:
    """The checksum of the checksums of the parts, with their number."""
    joined = b"".join(base64.b64decode(part[f"Checksum{algorithm}"]) for part in parts)
    return f"{computed(algorithm, joined)}-{len(parts)}"


def type_of(algorithm: str, wanted: str | None) -> str:
    """Whether a multipart upload's checksum covers the whole object or its parts'. Raises InvalidRequest."""
    if algorithm not in ALGORITHMS and algorithm not in WITHOUT_CODE:
        raise invalid_argument(
            "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
            "[CRC32, CRC32C, CRC64NVME, SHA1, SHA256]",
            "x-amz-checksum-algorithm",
            algorithm,
        )
    chosen = wanted or ("FULL_OBJECT" if algorithm in FULL_OBJECT_ONLY else "COMPOSITE")
    not_possible = FULL_OBJECT_ONLY if chosen == "COMPOSITE" else COMPOSITE_ONLY
    if algorithm in not_possible:
        raise InvalidRequest(
            f"The {chosen} checksum type cannot be used with the {algorithm.lower()} checksum algorithm."
        )
    return chosen
