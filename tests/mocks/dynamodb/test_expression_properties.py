"""Laws of expressions: they mean what a naive interpreter says, and an update leaves its input alone."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from typing import Any, TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st
from iamsim.mocks.dynamodb.condition import compile_condition
from iamsim.mocks.dynamodb.invalid import Invalid
from iamsim.mocks.dynamodb.placeholders import Placeholders
from iamsim.mocks.dynamodb.update import compile_update
from iamsim.mocks.dynamodb.values import normalise_item

Tree: TypeAlias = tuple[Any, ...]

COMPARATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
names = st.sampled_from(["a", "b", "c"])
words = st.text(alphabet="xyé", max_size=3)
scalars: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(lambda s: {"S": s}, words),
    st.builds(lambda n, z: {"N": f"{n}{z}"}, st.integers(-3, 3), st.sampled_from(["", ".0", "e0"])),
)
items = st.dictionaries(names, scalars | st.builds(lambda b: {"BOOL": b}, st.booleans()))
leaves: st.SearchStrategy[Tree] = st.one_of(
    st.tuples(st.just("compare"), st.sampled_from(sorted(COMPARATORS)), names, scalars),
    st.tuples(st.just("in"), names, st.lists(scalars, min_size=1, max_size=3)),
    st.tuples(st.just("between"), names, st.integers(-3, 0), st.integers(0, 3)),
    st.tuples(st.sampled_from(["attribute_exists", "attribute_not_exists"]), names),
    st.tuples(st.sampled_from(["begins_with", "contains"]), names, words),
    st.tuples(st.just("size"), names, st.integers(0, 3)),
)
trees: st.SearchStrategy[Tree] = st.recursive(
    leaves,
    lambda inner: st.one_of(st.tuples(st.just("NOT"), inner), st.tuples(st.sampled_from(["AND", "OR"]), inner, inner)),
    max_leaves=8,
)

BINDS = {"OR": 0, "AND": 1, "NOT": 2}


def written(tree: Tree, values: dict[str, Any]) -> str:
    """The tree as an expression with no more parentheses than it needs; collects its values."""

    def placed(value: dict[str, Any]) -> str:
        token = f":v{len(values)}"
        values[token] = value
        return token

    def inside(part: Tree) -> str:
        text = written(part, values)
        return f"({text})" if BINDS.get(part[0], 3) < BINDS[tree[0]] else text

    match tree:
        case ("NOT", inner):
            return f"NOT {inside(inner)}"
        case ("AND" | "OR" as joint, left, right):
            return f"{inside(left)} {joint} {inside(right)}"
        case ("compare", operator, name, value):
            return f"{name} {operator} {placed(value)}"
        case ("in", name, choices):
            return f"{name} in ({', '.join(map(placed, choices))})"
        case ("between", name, low, high):
            return f"{name} BETWEEN {placed({'N': str(low)})} AND {placed({'N': str(high)})}"
        case ("size", name, limit):
            return f"size({name})<{placed({'N': str(limit)})}"
        case (function, name, word):
            return f"{function} ({name}, {placed({'S': word})})"
        case (function, name):
            return f"{function}({name})"
    raise AssertionError(tree)


def plain(value: dict[str, Any] | None) -> Any:
    if value is None:
        return None
    return Decimal(value["N"]) if "N" in value else value.get("S", value.get("BOOL"))


def naive(tree: Tree, item: dict[str, Any]) -> bool:
    """What DynamoDB's guide says of the tree, with Python's own values."""
    match tree:
        case ("NOT", inner):
            return not naive(inner, item)
        case ("AND", left, right):
            return naive(left, item) and naive(right, item)
        case ("OR", left, right):
            return naive(left, item) or naive(right, item)
    held = plain(item.get(tree[2] if tree[0] == "compare" else tree[1]))
    match tree:
        case ("compare", operator, _, value):
            if type(held) is not type(plain(value)):
                return bool(operator == "<>")
            return bool(COMPARATORS[operator](held, plain(value)))
        case ("in", _, choices):
            return any(type(held) is type(plain(choice)) and held == plain(choice) for choice in choices)
        case ("between", _, low, high):
            return isinstance(held, Decimal) and low <= held <= high
        case ("attribute_exists", _):
            return held is not None
        case ("attribute_not_exists", _):
            return held is None
        case ("begins_with", _, word):
            return isinstance(held, str) and held.startswith(word)
        case ("contains", _, word):
            return isinstance(held, str) and word in held
        case ("size", _, limit):
            return isinstance(held, str) and len(held) < limit
    raise AssertionError(tree)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(trees, items)
def test_an_expression_means_what_the_naive_interpreter_says(tree: Tree, item: dict[str, Any]) -> None:
    values: dict[str, Any] = {}
    expression = written(tree, values)
    condition = compile_condition(expression, Placeholders(None, values or None))
    assert condition.matches(normalise_item(item)) is naive(tree, item)
    assert condition.placeholders == values.keys()


paths = st.sampled_from(["n", "s", "l", "l[0]", "l[1]", "l[5]", "doc.x", "doc.y", "doc.l[0]", "tags", "fresh", "a.b"])
actions = st.one_of(
    st.builds("SET {} = :n".format, paths),
    st.builds("SET {} = if_not_exists({}, :l)".format, paths, paths),
    st.builds("SET {} = {} + :n".format, paths, paths),
    st.builds("SET {} = list_append({}, :l)".format, paths, paths),
    st.builds("REMOVE {}".format, paths),
    st.builds("ADD {} :n".format, paths),
    st.builds("ADD {} :ss".format, paths),
    st.builds("DELETE {} :ss".format, paths),
)
UPDATED: dict[str, Any] = {
    "n": {"N": "1"},
    "s": {"S": "a"},
    "l": {"L": [{"S": "0"}, {"N": "1"}]},
    "doc": {"M": {"x": {"N": "1"}, "l": {"L": [{"L": []}]}}},
    "tags": {"SS": ["a", "b"]},
}
GIVEN_VALUES: dict[str, Any] = {":n": {"N": "2"}, ":l": {"L": [{"S": "z"}]}, ":ss": {"SS": ["b", "c"]}}


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.lists(actions, min_size=1, max_size=4))
def test_an_update_never_changes_its_input(chosen: list[str]) -> None:
    sections: dict[str, list[str]] = {}
    for action in chosen:
        section, _, rest = action.partition(" ")
        sections.setdefault(section, []).append(rest)
    expression = " ".join(f"{section} {', '.join(rests)}" for section, rests in sections.items())
    item, values = deepcopy(UPDATED), deepcopy(GIVEN_VALUES)
    try:
        update = compile_update(expression, Placeholders(None, values))
        updated = update.apply(item)
    except Invalid:
        pass
    else:
        touched = {path[0] for path in update.paths}
        assert all(updated.item[name] is item[name] for name in item.keys() - touched)
        assert updated.updated_old.keys() <= touched
        assert updated.updated_new.keys() <= touched
        assert update.apply(item) == updated
    assert item == UPDATED
    assert values == GIVEN_VALUES
