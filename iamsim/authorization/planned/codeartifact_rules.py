"""AWS CodeArtifact: a package is named by format and namespace, too. Source: SAR of CodeArtifact."""

from __future__ import annotations

from iamsim.authorization.asked import Asked, Check


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """The package with its format and namespace, which may be empty."""
    for check in checks:
        head, separator, rest = check.resource.partition(":package/")
        if not separator or rest.count("/") < 4 or not asked.get("package"):
            continue
        domain, repository = rest.split("/")[:2]
        parts = (domain, repository, asked.get("format", "*"), asked.get("namespace", ""), asked.get("package"))
        check.resource = f"{head}:package/{'/'.join(str(part) for part in parts)}"
    return checks
