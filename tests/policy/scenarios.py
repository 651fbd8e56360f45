"""Scenarios as values: the YAML of `tests/vectors/policy` made into what the engine takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from iamsim.policy import Access, KmsGrant, Policies, Policy, Principal, PrincipalKind

VECTORS = Path(__file__).parents[1] / "vectors" / "policy"


def load(name: str) -> list[dict[str, Any]]:
    """The vectors of the file `name`.yaml. What its `definitions` hold is only there to be referred to."""
    return list(yaml.safe_load((VECTORS / f"{name}.yaml").read_text(encoding="utf-8"))["vectors"])


def principal(name: str, entity: str = "", entity_id: str = "") -> Principal:
    """The principal that a scenario calls `name`: an ARN, a service, an identity provider or `anonymous`."""
    if name == "anonymous":
        return Principal.anonymous()
    if name.endswith(".amazonaws.com"):
        return Principal.service(name)
    if not name.startswith("arn:") or ":oidc-provider/" in name or ":saml-provider/" in name:
        return Principal(PrincipalKind.IDENTITY_PROVIDER, "", name, name)
    account, resource = name.split(":", 5)[4:]
    if resource == "root":
        return Principal.root(account, name.split(":")[1])
    if resource.startswith("role/"):
        entity, name = name, name.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/") + "/session"
    kinds = {
        "user": PrincipalKind.USER,
        "role": PrincipalKind.ROLE_SESSION,
        "assumed-role": PrincipalKind.ROLE_SESSION,
        "federated-user": PrincipalKind.FEDERATED_USER,
    }
    kind = kinds[resource.split("/")[0]]
    if not entity and kind is PrincipalKind.USER:
        entity = name
    return Principal(kind, account, name, "id", entity_arn=entity, entity_id=entity_id)


def policy(given: dict[str, Any]) -> Policy:
    """A policy: a document, or an object with `name` and `document`."""
    if "document" in given:
        return Policy.parse(given["document"], name=given.get("name"), arn=given.get("arn"))
    return Policy.parse(given)


def access(scenario: dict[str, Any]) -> Access:
    return Access(
        principal(scenario["principal"], scenario.get("entity", ""), scenario.get("entity_id", "")),
        scenario["action"],
        scenario.get("resource", "*"),
        scenario.get("resource_account"),
        scenario.get("context", {}),
        scenario.get("wildcard_only_action", False),
    )


def policies(scenario: dict[str, Any]) -> Policies:
    def some(name: str) -> tuple[Policy, ...]:
        return tuple(map(policy, scenario.get(name, [])))

    def one(name: str) -> Policy | None:
        return policy(scenario[name]) if scenario.get(name) else None

    def levels(name: str) -> tuple[tuple[Policy, ...], ...] | None:
        return tuple(tuple(map(policy, level)) for level in scenario[name]) if scenario.get(name) else None

    settings = scenario.get("settings", {})
    resource = one("resource_policy")
    return Policies(
        identity=some("identity_policies"),
        boundary=one("permissions_boundary"),
        session=some("session_policies") if "session_policies" in scenario else None,
        resource=(resource,) if resource else (),
        resource_must_allow=settings.get("resource_must_allow", False),
        is_trust=settings.get("is_trust", False),
        scps=levels("scps"),
        rcps=levels("rcps"),
        vpc_endpoint=one("vpc_endpoint_policy"),
        vpc_endpoint_is_gateway=settings.get("vpc_endpoint_is_gateway", False),
        restrict_public_buckets=settings.get("s3_block_public_access", False),
        is_management_account=settings.get("is_management_account", False),
        grants=tuple(
            KmsGrant(**{**given, "operations": frozenset(given["operations"])}) for given in scenario.get("grants", [])
        ),
    )
