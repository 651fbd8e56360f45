"""Projection expressions, and the legacy AttributesToGet: the parts of an item that a reader asked for.

    projection = compile_projection("id, #a.b[0]", given)
    projection.project(item)      # -> the item with these parts only
    projection.attributes         # -> the top-level names
    attributes_to_get(["id", "status"]).project(item)

Source: Amazon DynamoDB Developer Guide, "Using projection expressions".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import syntax
from .invalid import invalid_parameter
from .parse import parse
from .paths import PathTree, pick, tree_of
from .placeholders import Placeholders, Scope
from .values import AttributeValue, Item

KIND = "ProjectionExpression"


@dataclass(frozen=True, slots=True)
class Projection:
    """Some paths of an item."""

    tree: PathTree
    attributes: frozenset[str]
    placeholders: frozenset[str]

    def project(self, item: Mapping[str, AttributeValue]) -> Item:
        """The item with these paths only; a list holds the chosen elements, in their order."""
        return pick(item, self.tree)


def compile_projection(expression: str, given: Placeholders) -> Projection:
    """The projection that an expression states. Raises Invalid for one that DynamoDB would refuse."""
    parsed = parse(expression, KIND)
    assert isinstance(parsed.tree, syntax.Projection)  # noqa: S101  the grammar says so
    scope = Scope(KIND, given)
    tree = tree_of([scope.path(path) for path in parsed.tree.paths], scope.refusal)
    return Projection(tree, frozenset(map(str, tree)), parsed.placeholders)


def attributes_to_get(names: Sequence[str]) -> Projection:
    """The projection of a legacy AttributesToGet: whole top-level attributes."""
    for name in names:
        if names.count(name) > 1:
            raise invalid_parameter(f"Duplicate value in attribute name: {name}")
    return Projection({name: place for place, name in enumerate(names)}, frozenset(names), frozenset())
