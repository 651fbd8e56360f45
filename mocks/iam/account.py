"""One account's IAM: which names are taken, and what belongs to no single entity."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar

from iamsim.kit import Arn, Call, Resource

from .failures import LimitExceeded

# What an account may have (policy-language section 10), by noun: the quota's name in messages, and the number.
QUOTAS = {
    "user": ("UsersPerAccount", 5_000),
    "group": ("GroupsPerAccount", 300),
    "role": ("RolesPerAccount", 1_000),
    "instance-profile": ("InstanceProfilesPerAccount", 1_000),
    "policy": ("PoliciesPerAccount", 1_500),
    "server-certificate": ("ServerCertificatesPerAccount", 20),
    "oidc-provider": ("OpenIdConnectProvidersPerAccount", 100),
    "saml-provider": ("SAMLProvidersPerAccount", 100),
}


@dataclass
class Account(Resource, kind="account"):
    """`generation` counts every change that can bear on anybody's policies."""

    created_at: float = 0.0  # seconds since the epoch
    generation: int = 0
    alias: str | None = None
    password_policy: dict[str, Any] | None = None
    token_version: int = 1  # of the tokens of STS's global endpoint
    names: dict[str, dict[str, Arn]] = field(default_factory=dict)  # noun -> name in lower case -> ARN
    deleted_roles: dict[str, Arn] = field(default_factory=dict)  # deletion task -> service-linked role
    vends_tokens: bool = False  # outbound web identity federation
    token_issuer: str = ""  # who issues those tokens
    token_keys: dict[str, str] = field(default_factory=dict)  # algorithm -> private key in PEM

    def count(self, kind: str) -> int:
        """How many of that noun there are."""
        return len(self.names.get(kind, {}))

    def changed(self) -> None:
        """Policies, groups or attachments are not what they were."""
        self.generation += 1


@dataclass(eq=False)
class Entity(Resource):
    """What every noun of IAM has: a unique id, a moment of creation, and a name that is unique in the account.

    Two names that differ only in case are the same. Source: IAM User Guide, reference_identifiers.
    """

    unique_id: str = ""
    created_at: float = 0.0  # seconds since the epoch
    is_deleted: bool = False

    @property
    def name(self) -> str:
        return self.arn.resource.rsplit("/", 1)[-1]

    @property
    def path(self) -> str:
        """`/`, or such as `/team/`."""
        return self.arn.resource[len(self.kind) : -len(self.name)]

    def tag_list(self) -> list[dict[str, str]]:
        """The tags as IAM lists them."""
        return [{"Key": key, "Value": value} for key, value in self.tags.items()]


E = TypeVar("E", bound=Entity)


def account_of(call: Call) -> Account:
    """The IAM of the caller's account."""
    arn = call.make_arn("account")
    return call.find(Account, arn) or call.save(Account(arn, created_at=call.clock.now()))


def arn_of(call: Call, kind: str, name: str) -> Arn | None:
    """The ARN of the `kind` of that name, whatever its path; None if there is none."""
    account = call.find(Account, call.make_arn("account"))
    arn = account.names.get(kind, {}).get(name.lower()) if account else None
    return arn if arn is not None and arn.resource.rsplit("/", 1)[-1] == name else None


def is_taken(call: Call, kind: str, name: str) -> bool:
    """Whether the name is in use, in whatever case."""
    return name.lower() in account_of(call).names.get(kind, {})


def named(call: Call, cls: type[E], name: str) -> E | None:
    """The entity of that name in the caller's account, or None."""
    arn = arn_of(call, cls.kind, name)
    return call.find(cls, arn) if arn else None


def keep(call: Call, entity: E) -> E:
    """Save a new entity and its name. Raises LimitExceeded beyond the account's quota."""
    account = account_of(call)
    quota = QUOTAS.get(entity.kind)
    if quota is not None and account.count(entity.kind) >= quota[1]:
        raise LimitExceeded(f"Cannot exceed quota for {quota[0]}: {quota[1]}")
    account.names.setdefault(entity.kind, {})[entity.name.lower()] = entity.arn
    return call.save(entity)


def forget(call: Call, entity: Entity) -> None:
    """Delete the entity and free its name."""
    account = account_of(call)
    account.names[entity.kind].pop(entity.name.lower())
    account.changed()
    entity.is_deleted = True
    call.delete(entity)


def move(call: Call, entity: Entity, *, name: str | None, path: str | None) -> None:
    """Give the entity another name or path, or both: its unique id stays."""
    account = account_of(call)
    account.names[entity.kind].pop(entity.name.lower())
    call.delete(entity)
    entity.arn = call.make_arn(entity.kind, path=path or entity.path, name=name or entity.name)
    account.names[entity.kind][entity.name.lower()] = entity.arn
    account.changed()
    call.save(entity)


def in_order(call: Call, cls: type[E], path_prefix: str = "/") -> list[E]:
    """The account's entities of that class below a path, by name."""
    found = [each for each in call.all(cls) if each.path.startswith(path_prefix)]
    return sorted(found, key=lambda each: each.name.lower())
