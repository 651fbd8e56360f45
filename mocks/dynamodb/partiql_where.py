"""What a WHERE clause says of the keys: the one item, or the partitions, that are meant; and the rest of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import syntax
from .condition import Condition, bind
from .invalid import Invalid
from .key_condition import KeyCondition, Term
from .keys import Keys
from .partiql import Statement
from .placeholders import Scope
from .syntax import Expression, Node
from .values import AttributeValue, Item

KIND = "WHERE clause"
NO_WHOLE_KEY = "Where clause does not contain a mandatory equality on all key attributes"

_FLIPPED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Test:
    """One condition of the clause, and what it says of an attribute; `choices` are those of an IN."""

    node: Node
    term: Term | None = None
    choices: tuple[AttributeValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Where:
    """A WHERE clause as conditions that must all hold."""

    statement: Statement
    tests: tuple[Test, ...]

    @classmethod
    def of(cls, statement: Statement) -> Where:
        """The clause of a statement. Raises Invalid for a condition that cannot be."""
        scope = Scope(KIND, statement.given)
        nodes = _conjuncts(statement.where) if statement.where is not None else ()
        return cls(statement, tuple(_test(node, scope) for node in nodes))

    def whole_key(self, keys: Keys) -> tuple[Item, Condition | None]:
        """The key of the one item that is meant, and the rest. Raises Invalid unless all of it is given with `=`."""
        used: list[Test] = []
        key: Item = {}
        for name in keys.names:
            test = self._equality(name)
            if test is None or test.term is None:
                raise Invalid(NO_WHOLE_KEY)
            used.append(test)
            key[name] = test.term.values[0]
        return key, self._rest(used)

    def _of_partition(self, keys: Keys) -> list[Test] | None:
        """The conditions that say which partitions are meant; None if there are none."""
        equalities = [test for name in keys.hash if (test := self._equality(name)) is not None]
        if len(equalities) == len(keys.hash):
            return equalities
        if len(keys.hash) == 1:
            for test in self.tests:
                if test.choices and test.term is not None and test.term.name == keys.hash[0]:
                    return [test]
        return None

    def partitions(self, keys: Keys) -> list[Item] | None:
        """The partition keys that are given with `=`, or a single attribute with IN; None if there are none."""
        tests = self._of_partition(keys)
        if tests is None:
            return None
        if tests[0].choices:
            distinct: list[AttributeValue] = []
            distinct += (value for value in tests[0].choices if value not in distinct)
            return [{keys.hash[0]: value} for value in distinct]
        return [{test.term.name: test.term.values[0] for test in tests if test.term is not None}]

    def key_conditions(self, keys: Keys) -> tuple[list[KeyCondition] | None, Condition | None]:
        """What to look for in each partition that is meant, and the rest; None for the whole table."""
        partitions = self.partitions(keys)
        if partitions is None:
            return None, self._rest(())
        used = list(self._of_partition(keys) or ())
        in_range: list[Term] = []
        for name in keys.range:
            test = next((test for test in self.tests if _is_range(test, name, keys)), None)
            if test is None or test.term is None:
                break
            used.append(test)
            in_range.append(test.term)
            if test.term.operator != "=":
                break
        found = [
            KeyCondition(tuple(Term(name, "=", (value,)) for name, value in each.items()), tuple(in_range), frozenset())
            for each in partitions
            if all(keys.types[name] in value for name, value in each.items())
        ]
        return found, self._rest(used)

    def _equality(self, name: str) -> Test | None:
        return next(
            (
                test
                for test in self.tests
                if test.term is not None and test.term.name == name and test.term.operator == "="
            ),
            None,
        )

    def _rest(self, used: Sequence[Test]) -> Condition | None:
        nodes = tuple(test.node for test in self.tests if test not in used)
        if not nodes:
            return None
        tree = nodes[0] if len(nodes) == 1 else syntax.And(nodes)
        return bind(Expression.of(tree), Scope(KIND, self.statement.given))


def _conjuncts(node: Node) -> tuple[Node, ...]:
    if isinstance(node, syntax.And):
        return tuple(each for condition in node.conditions for each in _conjuncts(condition))
    return (node,)


def _test(node: Node, scope: Scope) -> Test:
    match node:
        case syntax.Comparison(operator, syntax.Path(), syntax.Value()) if operator in _FLIPPED:
            return Test(node, _term(node.left, operator, (node.right,), scope))
        case syntax.Comparison(operator, syntax.Value(), syntax.Path()) if operator in _FLIPPED:
            return Test(node, _term(node.right, _FLIPPED[operator], (node.left,), scope))
        case syntax.Between(syntax.Path(), syntax.Value(), syntax.Value()):
            return Test(node, _term(node.operand, "BETWEEN", (node.low, node.high), scope))
        case syntax.Call("begins_with", (syntax.Path() as path, syntax.Value() as prefix)):
            return Test(node, _term(path, "begins_with", (prefix,), scope))
        case syntax.In(syntax.Path() as path, choices) if all(isinstance(each, syntax.Value) for each in choices):
            term = _term(path, "IN", choices, scope)
            return Test(node, term, term.values if term is not None else ())
    return Test(node)


def _term(path: Node, operator: str, values: Sequence[Node], scope: Scope) -> Term | None:
    """The condition on a whole attribute; None for a part of one."""
    if not isinstance(path, syntax.Path) or len(path.steps) > 1:
        return None
    constants = tuple(scope.value(value) for value in values if isinstance(value, syntax.Value))
    return Term(str(scope.path(path)[0]), operator, constants)


def _is_range(test: Test, name: str, keys: Keys) -> bool:
    """Whether the condition says which part of a partition is meant."""
    term = test.term
    if term is None or term.name != name or term.operator == "IN":
        return False
    return all(keys.types[name] in value for value in term.values)
