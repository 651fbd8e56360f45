"""CreateTags, DeleteTags and DescribeTags, for any resource by its id."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.kit import Call, Reply, error, operation

from . import kinds
from .describing import page
from .filters import Described, Filters, matching
from .ids import kind_of, named
from .key_pair import KeyPair, pair_of
from .resource import Ec2Resource
from .tag_specifications import MAX_TAGS, TagLimitExceeded, checked

InvalidID = error("InvalidID", status=400)

FILTERS = {"key": "Key", "value": "Value", "resource-id": "ResourceId", "resource-type": "ResourceType"}


@operation
def create_tags(call: Call, *, resources: list[str], tags: list[dict[str, str]]) -> None:
    """All of the resources or none. Raises InvalidID, or the error of a resource that does not exist."""
    new = checked(tags)
    found = [find_tagged(call, identifier) for identifier in resources]
    for resource in found:
        if len(resource.tags | new) > MAX_TAGS:
            raise TagLimitExceeded("The maximum number of Tags for a resource has been reached.")
    for resource in found:
        resource.tags |= new


@operation
def delete_tags(call: Call, *, resources: list[str], tags: list[dict[str, str]] | None = None) -> None:
    """A tag with a value only goes where it has that value; without `tags`, all go."""
    for resource in [find_tagged(call, identifier) for identifier in resources]:
        for pair in [{"Key": key} for key in resource.tags] if tags is None else tags:
            if "Value" not in pair or resource.tags.get(pair["Key"]) == pair["Value"]:
                resource.tags.pop(pair["Key"], None)


@operation
def describe_tags(call: Call, *, filters: Filters | None = None) -> Reply:
    described: list[Described] = [
        # with `Tags`, which is not told, for the filter `tag:KEY`
        {
            "Key": key,
            "Value": value,
            "ResourceId": resource.id,
            "ResourceType": kind,
            "Tags": [{"Key": key, "Value": value}],
        }
        for kind, resource in _tagged(call)
        for key, value in resource.tags.items()
    ]
    matched = matching(call, described, filters, FILTERS)
    return page(call, [{name: value for name, value in item.items() if name != "Tags"} for item in matched])


def find_tagged(call: Call, identifier: str) -> Ec2Resource:
    """The resource of that id, of whichever kind. Raises InvalidID, or the kind's `missing` error."""
    kind = kind_of(identifier)
    cls = kinds.by_name().get(kind or "")
    if kind is None or cls is None:
        raise InvalidID(f"The ID '{identifier}' is not valid")
    if kind == "key-pair":
        return pair_of(call, identifier) or call.get(KeyPair, name=identifier)
    return call.get(cls, named(call, kind, identifier))


def _tagged(call: Call) -> Iterator[tuple[str, Ec2Resource]]:
    for kind, cls in kinds.by_name().items():
        for resource in call.all(cls):
            yield kind, resource
