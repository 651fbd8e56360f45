"""AWS CodeArtifact: a package is named by format and namespace, too, and its tokens are made by STS.

Source: SAR of CodeArtifact; CodeArtifact user guide, "Tokens created with the GetAuthorizationToken API".
"""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check, as_text


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


def forwarded(asked: Asked) -> Iterator[Check]:
    """The token, which is one of STS."""
    if asked.operation == "GetAuthorizationToken":
        keys = {"sts:AWSServiceName": "codeartifact.amazonaws.com"}
        if asked.get("durationSeconds") is not None:
            keys["sts:DurationSeconds"] = as_text(asked.get("durationSeconds"))
        yield Check("sts:GetServiceBearerToken", "*", keys)
