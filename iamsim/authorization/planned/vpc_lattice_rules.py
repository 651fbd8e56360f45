"""Amazon VPC Lattice: the type of a resource follows from its id. Source: SAR of VPC Lattice."""

from __future__ import annotations

from iamsim.authorization.asked import Asked, Check

PREFIXES = {"svc-": ":service/", "sn-": ":servicenetwork/", "rcfg-": ":resourceconfiguration/"}


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """Only the type that the id in `resourceIdentifier` is of."""
    name = str(asked.get("resourceIdentifier", ""))
    kind = next((each for prefix, each in PREFIXES.items() if name.startswith(prefix)), None)
    if kind is None:
        return checks
    return [check for check in checks if kind in check.resource or not check.resource.endswith(f"/{name}")]
