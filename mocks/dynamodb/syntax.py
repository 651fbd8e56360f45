"""What an expression says, as values: the tree that `parse` makes and that legacy parameters are translated to.

Names are still as written: a path step is a name, a `#placeholder` or a list index, a value is a `:placeholder`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Path:
    """A document path, `a.#b[0]`."""

    steps: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """`:value`."""

    token: str


@dataclass(frozen=True, slots=True)
class Call:
    """`function(operand, ...)`."""

    function: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Something in parentheses; kept because DynamoDB refuses a second pair."""

    inner: Node


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left = right` and the other comparators."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between:
    operand: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In:
    operand: Node
    choices: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    condition: Node


@dataclass(frozen=True, slots=True)
class And:
    conditions: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    conditions: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`left + right` or `left - right`, in SET."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Assign:
    """`SET path = term`."""

    path: Path
    term: Node


@dataclass(frozen=True, slots=True)
class Remove:
    """`REMOVE path`."""

    path: Path


@dataclass(frozen=True, slots=True)
class Change:
    """`ADD path :value` or `DELETE path :value`."""

    path: Path
    value: Value


Action: TypeAlias = Assign | Remove | Change


@dataclass(frozen=True, slots=True)
class Clause:
    """One section of an update expression: `SET`, `REMOVE`, `ADD` or `DELETE`."""

    section: str
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Update:
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Projection:
    paths: tuple[Path, ...]


Node: TypeAlias = (
    Path | Value | Call | Group | Comparison | Between | In | Not | And | Or | Arithmetic
    | Assign | Remove | Change | Clause | Update | Projection
)  # fmt: skip


def children(node: Node) -> tuple[Node, ...]:
    """The parts of a node, in the order in which they are written."""
    match node:
        case Path() | Value():
            return ()
        case Call(_, parts) | And(parts) | Or(parts) | Clause(_, parts) | Update(parts) | Projection(parts):
            return parts
        case Group(part) | Not(part) | Remove(part):
            return (part,)
        case Comparison(_, left, right) | Arithmetic(_, left, right) | Assign(left, right) | Change(left, right):
            return (left, right)
        case Between(operand, low, high):
            return (operand, low, high)
        case In(operand, choices):
            return (operand, *choices)


def walk(root: Node) -> list[Node]:
    """The node and everything in it, in the order in which it is written."""
    found: list[Node] = []
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting.extend(reversed(children(node)))
    return found


@dataclass(frozen=True, slots=True)
class Expression:
    """A whole tree, and what it mentions: computed once for a text however often it is used."""

    tree: Node
    paths: tuple[Path, ...]
    placeholders: frozenset[str]  # `#names` and `:values`

    @classmethod
    def of(cls, tree: Node) -> Expression:
        nodes = walk(tree)
        paths = tuple(node for node in nodes if isinstance(node, Path))
        names = {step for path in paths for step in path.steps if isinstance(step, str) and step.startswith("#")}
        return cls(tree, paths, frozenset(names | {node.token for node in nodes if isinstance(node, Value)}))
