"""Amazon API Gateway: the call's path is the resource, with an ARN in it percent-encoded. Source: O section 4."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from iamsim.authorization.asked import Asked, Check


def tag_resource(asked: Asked) -> Iterator[Check]:
    """The tags of the resource."""
    yield _on_tags(asked, "PUT")


def untag_resource(asked: Asked) -> Iterator[Check]:
    """The tags of the resource."""
    yield _on_tags(asked, "DELETE")


def get_tags(asked: Asked) -> Iterator[Check]:
    """The tags of the resource."""
    yield _on_tags(asked, "GET")


def forwarded(asked: Asked) -> Iterator[Check]:
    """To set the resource policy of an API, which calls of several kinds do."""
    patches = any(each.get("path") == "/policy" for each in asked.get("patchOperations") or ())
    if (asked.operation == "CreateRestApi" and asked.get("policy")) or (asked.operation == "UpdateRestApi" and patches):
        path = f"/restapis/{asked.get('restApiId')}" if asked.get("restApiId") else "/restapis"
        yield Check("apigateway:UpdateRestApiPolicy", asked.arn(path, account=""))


def _on_tags(asked: Asked, method: str) -> Check:
    arn = quote(str(asked.get("resourceArn") or asked.get("ResourceArn") or "*"), safe="*")
    return Check(f"apigateway:{method}", asked.arn(f"/tags/{arn}", account=""))
