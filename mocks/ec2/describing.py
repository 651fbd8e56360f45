"""What every Describe operation does: look up the identifiers, filter, cut a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from iamsim.kit import ApiError, Call, Reply

from .failures import InvalidParameterValue
from .filters import Described, Filters, matching
from .resource import Ec2Resource

R = TypeVar("R", bound=Ec2Resource)

LARGEST_PAGE = 1000
SMALLEST_PAGE = dict.fromkeys(  # where the API reference says so and botocore's model does not
    ("DescribeInstances", "DescribeInstanceStatus", "DescribeTags", "DescribeVolumes"), 5
)


def describe(
    call: Call,
    cls: type[R],
    ids: Sequence[str] | None,
    filters: Filters | None,
    paths: Mapping[str, str],
    described: Callable[[R], Described],
) -> Reply:
    """The page of the resources of that class that the call asks for. Raises the noun's error for an unknown id."""
    found = find_all(call, cls, ids) if ids else call.all(cls)
    return page(call, matching(call, [described(each) for each in found], filters, paths))


def page(call: Call, items: Sequence[Any]) -> Reply:
    """The page of `items` that the call asks for. Raises InvalidParameterValue for its size or its token."""
    shape = call.operation.model.input_shape.members["MaxResults"]
    size = call.params.get("MaxResults")
    lowest = shape.metadata.get("min", SMALLEST_PAGE.get(call.operation.name, 1))
    highest = shape.metadata.get("max", LARGEST_PAGE)
    if size is not None and size < lowest:
        raise InvalidParameterValue(
            f"Value ( {size} ) for parameter maxResults is invalid. Expecting a value greater than {lowest}."
        )
    try:
        return call.page(items, limit=highest)
    except ApiError:
        raise InvalidParameterValue("Unable to parse pagination token") from None


def find_all(call: Call, cls: type[R], ids: Sequence[str]) -> list[R]:
    """The resources of those ids, each once. Raises the noun's `missing` error, which names all that are not there."""
    found = {each: call.find(cls, id=each) for each in dict.fromkeys(ids)}
    absent = [each for each, resource in found.items() if resource is None]
    if absent:
        code, text = cls.noun.missing or ("InvalidParameterValue", "'{name}' does not exist")
        if len(absent) > 1:
            text = text.replace("ID '", "IDs '").replace("id '", "ids '").replace("does not", "do not")
        raise ApiError(text.replace("{name}", ", ".join(absent)), code=code)
    return [resource for resource in found.values() if resource is not None]
