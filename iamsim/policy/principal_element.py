"""The Principal and NotPrincipal elements: whom a statement is for, and how far its Allow reaches (R-50 to R-72)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Any, TypeAlias

from iamsim.policy.principal import Principal, PrincipalKind

Name: TypeAlias = "tuple[str, str]"  # `AWS`, `Service`, `Federated` or `CanonicalUser`, and what it names


class Reach(IntEnum):
    """What a resource policy's Allow does for the caller, by the form of principal that matched (section 7)."""

    NONE = 0
    DELEGATES = 1  # ACCOUNT: lets the account's own policies decide (I-1 to I-3)
    CAPPED = 2  # ROLE, USER_FED: boundary and session policy must allow too (I-7, I-10)
    DIRECT = 3  # WILDCARD, USER, SESSION, SERVICE, IDP: stands alone (I-4 to I-6, I-8, I-9, I-11, I-12)
    BY_KMS_GRANT = 4  # a grant: stands alone, in every account


@dataclass(frozen=True, slots=True, eq=False)
class Caller:
    """The names under which a principal can be meant."""

    names: tuple[tuple[Name, Reach], ...]  # those with the longest reach first
    layers: tuple[frozenset[Name], ...]  # NotPrincipal must list one name of each to exempt the caller
    is_signed_or_anonymous: bool  # False: an identity provider, whom only `Federated` can allow


@dataclass(frozen=True, slots=True, eq=False)
class PrincipalElement:
    """Whom a statement names."""

    everyone: bool
    names: frozenset[Name]

    @staticmethod
    def of(element: str | Mapping[str, Any]) -> PrincipalElement:
        """The element as a document has it: `"*"`, or an object of names by type."""
        if isinstance(element, str):
            return PrincipalElement(element == "*", frozenset())
        names = frozenset(
            (kind, _without_path(name))
            for kind, given in element.items()
            for name in ([given] if isinstance(given, str) else given)
        )
        return PrincipalElement(("AWS", "*") in names, names)

    def reach(self, caller: Caller) -> Reach:
        """How far an Allow for these principals reaches for `caller`; NONE if it is not meant."""
        if self.everyone and caller.is_signed_or_anonymous:
            return Reach.DIRECT
        for name, reach in caller.names:
            if name in self.names:
                return reach
        return Reach.NONE

    def includes(self, caller: Caller) -> bool:
        """Whether a Deny for these principals hits `caller`."""
        return self.everyone or any(name in self.names for name, _ in caller.names)

    def exempts(self, caller: Caller) -> bool:
        """Whether a NotPrincipal that lists these names spares `caller` (R-71)."""
        return self.everyone or (bool(caller.layers) and all(layer & self.names for layer in caller.layers))


def _without_path(name: str) -> str:
    """A role's ARN without its path: sessions know only the role's name (R-53)."""
    before, role, rest = name.partition(":role/")
    return f"{before}:role/{rest.rsplit('/', 1)[-1]}" if role and before.startswith("arn:") else name


def caller_of(principal: Principal, *, at_gateway_endpoint: bool = False) -> Caller:
    """The names of `principal`. At a gateway endpoint an account means its root user only (R-92)."""
    is_root = principal.kind is PrincipalKind.ROOT
    return _caller(
        principal.kind,
        principal.account,
        principal.arn,
        principal.entity_arn,
        principal.entity_id,
        principal.canonical_id,
        is_root or not at_gateway_endpoint,
    )


@lru_cache(maxsize=4096)
def _caller(
    kind: PrincipalKind, account: str, arn: str, entity_arn: str, entity_id: str, canonical_id: str, as_account: bool
) -> Caller:
    if kind is PrincipalKind.ANONYMOUS:
        return Caller((), (), True)
    if kind is PrincipalKind.SERVICE:
        return _called([(_names("Service", arn), Reach.DIRECT)])
    if kind is PrincipalKind.IDENTITY_PROVIDER:
        return _called([(_names("Federated", arn), Reach.DIRECT)], is_signed_or_anonymous=False)
    owner = _names("AWS", account, f"arn:{partition_of(arn)}:iam::{account}:root") | _names(
        "CanonicalUser", canonical_id
    )
    layers = [(owner if as_account else frozenset(), Reach.DELEGATES)]
    if kind is PrincipalKind.USER:
        layers.append((_names("AWS", entity_arn or arn, entity_id), Reach.DIRECT))
    elif kind is PrincipalKind.FEDERATED_USER:
        layers.append((_names("AWS", entity_arn, entity_id), Reach.CAPPED))
        layers.append((_names("AWS", arn), Reach.DIRECT))
    elif kind is PrincipalKind.ROLE_SESSION:
        layers.append((_names("AWS", _role_arn(arn), _without_path(entity_arn), entity_id), Reach.CAPPED))
        layers.append((_names("AWS", arn) if ":assumed-role/" in arn else frozenset(), Reach.DIRECT))
    return _called(layers)


def _called(layers: list[tuple[frozenset[Name], Reach]], *, is_signed_or_anonymous: bool = True) -> Caller:
    names = tuple((name, reach) for layer, reach in reversed(layers) for name in sorted(layer))
    return Caller(names, tuple(layer for layer, _ in layers), is_signed_or_anonymous)


def _names(kind: str, *names: str) -> frozenset[Name]:
    return frozenset((kind, name) for name in names if name and name != "*")


def _role_arn(arn: str) -> str:
    """The ARN, without path, of the role whose session `arn` is; "" if it is no session's ARN."""
    before, found, rest = arn.partition(":assumed-role/")
    if not found:
        return ""
    return before.replace(":sts:", ":iam:", 1) + ":role/" + rest.split("/", 1)[0]


def partition_of(arn: str) -> str:
    """The partition in `arn`; "" if it is no ARN."""
    return arn.split(":", 2)[1] if arn.startswith("arn:") and arn.count(":") >= 2 else ""
