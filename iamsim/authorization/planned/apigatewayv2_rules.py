"""Amazon API Gateway, version 2: tags are as in version 1, but are put with POST."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.planned.apigateway_rules import forwarded, get_tags, keys, untag_resource
from iamsim.authorization.planned.apigateway_rules import tag_resource as _put_tags

__all__ = ["forwarded", "get_tags", "keys", "tag_resource", "untag_resource"]


def tag_resource(asked: Asked) -> Iterator[Check]:
    """The tags of the resource."""
    for check in _put_tags(asked):
        check.action = "apigateway:POST"
        yield check
