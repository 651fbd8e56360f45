"""Amazon EKS: parts of a cluster have a UUID in their ARN that only AWS knows. Source: SAR of EKS."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check
from iamsim.reference.values import is_arn


def describe_update(asked: Asked) -> Iterator[Check]:
    """The cluster, and the part of it that is named."""
    cluster = asked.get("name", "*")
    yield asked.check(asked.arn(f"cluster/{cluster}"))
    for member, kind in (("nodegroupName", "nodegroup"), ("addonName", "addon"), ("capabilityName", "capability/*")):
        if asked.get(member):
            before, _, middle = kind.partition("/")
            parts = [before, cluster, *([middle] if middle else []), asked.get(member), "*"]
            yield asked.check(asked.arn("/".join(parts)))


list_updates = describe_update


def create_addon(asked: Asked) -> Iterator[Check]:
    """The cluster, and pod identities if they come with it."""
    yield asked.check(asked.arn(f"cluster/{asked.get('clusterName', '*')}"))
    if asked.get("podIdentityAssociations"):
        yield asked.check(asked.arn(f"podidentityassociation/{asked.get('clusterName', '*')}/*"))


def update_addon(asked: Asked) -> Iterator[Check]:
    """The add-on, and pod identities if they change."""
    yield asked.check(asked.arn(f"addon/{asked.get('clusterName', '*')}/{asked.get('addonName', '*')}/*"))
    if asked.get("podIdentityAssociations"):
        yield asked.check(asked.arn(f"podidentityassociation/{asked.get('clusterName', '*')}/*"))


def describe_access_entry(asked: Asked) -> Iterator[Check]:
    """The entry, whose ARN holds the type, account and name of the principal."""
    yield asked.check(asked.arn(f"access-entry/{asked.get('clusterName', '*')}/{_principal(asked)}/*"))


delete_access_entry = update_access_entry = describe_access_entry
associate_access_policy = disassociate_access_policy = list_associated_access_policies = describe_access_entry


def _principal(asked: Asked) -> str:
    arn = str(asked.get("principalArn", ""))
    if not is_arn(arn) or "/" not in arn:
        return "*/*/*"
    *_, account, name = arn.split(":", 5)
    return f"{name.split('/')[0]}/{account}/{name.rsplit('/', 1)[-1]}"
