"""Expression text to `syntax` trees, by `grammar/dynamodb.lark`; each text is parsed once.

    parse("a = :x AND size(b) < :y", "ConditionExpression")

The kind of expression chooses the grammar's start and opens every refusal: "Invalid FilterExpression: ...". Checked
here is what the text alone decides: syntax, size, redundant parentheses, how many operators there are.

Source: Amazon DynamoDB Developer Guide, "Constraints", "Expression parameters".
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from iamsim.grammar import grammar_text
from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken

from . import syntax
from .invalid import Invalid
from .syntax import Expression, Node

MAX_EXPRESSION_BYTES = 4096
MAX_OPERATORS = 300
MAX_IN_OPERANDS = 100

_STARTS = {"ProjectionExpression": "projection", "UpdateExpression": "update"}  # all others are conditions

_WORD = re.compile(r"[#:]?[A-Za-z0-9_]+|<>|<=|>=|\S")


@lru_cache(maxsize=2048)
def parse(expression: str, kind: str) -> Expression:
    """What an expression says. Raises Invalid, in DynamoDB's words, for one that it could not read."""
    if not expression.strip():
        raise Invalid(f"Invalid {kind}: The expression can not be empty;")
    if len(expression.encode()) > MAX_EXPRESSION_BYTES:
        raise Invalid(f"Invalid {kind}: Expression size has exceeded the maximum allowed size;")
    try:
        tree: Node = _parser().parse(expression, start=_STARTS.get(kind, "condition"))  # type: ignore[assignment]
    except UnexpectedInput as failure:
        ended = isinstance(failure, UnexpectedToken) and failure.token.type == "$END"
        at = len(expression) if ended else failure.pos_in_stream or 0
        raise Invalid(f"Invalid {kind}: {_syntax_error(expression, at)}") from None
    _check(tree, kind)
    return Expression.of(tree)


@cache
def _parser() -> Lark:
    return Lark(
        grammar_text("dynamodb"),
        parser="lalr",
        start=["condition", "projection", "update"],
        transformer=_Builder(),
        maybe_placeholders=False,
    )


def _syntax_error(expression: str, at: int) -> str:
    """The offending token and the text around it: from the token before to the token after.

    Observed: 2020-04, `ADD hits : incr` is told as token ":", near "hits : incr"; `()` as token ")", near "()".
    """
    words = [match.span() for match in _WORD.finditer(expression)]
    index = next((i for i, (_, end) in enumerate(words) if end > at), len(words))
    near = expression[words[max(index - 1, 0)][0] : words[min(index + 1, len(words) - 1)][1]]
    token = expression[slice(*words[index])] if index < len(words) else "<EOF>"
    return f'Syntax error; token: "{token}", near: "{near}"'


def _check(tree: Node, kind: str) -> None:
    operators = 0
    for node in syntax.walk(tree):
        match node:
            case syntax.Group(syntax.Group()):
                raise Invalid(f"Invalid {kind}: The expression has redundant parentheses;")
            case syntax.In(_, choices) if len(choices) > MAX_IN_OPERANDS:
                told = f"The IN operator is provided with too many operands; number of operands: {len(choices)}"
                raise Invalid(f"Invalid {kind}: {told}")
            case syntax.And(conditions) | syntax.Or(conditions):
                operators += len(conditions) - 1
            case (
                syntax.Comparison()
                | syntax.Between()
                | syntax.In()
                | syntax.Not()
                | syntax.Call()
                | syntax.Arithmetic()
            ):
                operators += 1
            case syntax.Update(clauses):
                _check_sections([clause.section for clause in clauses], kind)
    if operators > MAX_OPERATORS:
        raise Invalid(f"Invalid {kind}: The expression contains too many operators; operator count: {operators}")


def _check_sections(sections: list[str], kind: str) -> None:
    for section in sections:
        if sections.count(section) > 1:
            raise Invalid(f'Invalid {kind}: The "{section}" section can only be used once in an update expression;')


class _Builder(Transformer[Token, Node]):
    """Makes the tree while the parser reads; one method per rule of the grammar."""

    def path(self, steps: list[Token]) -> Node:
        return syntax.Path(tuple(int(step) if step.type == "INDEX" else str(step) for step in steps))

    def value(self, tokens: list[Token]) -> Node:
        return syntax.Value(str(tokens[0]))

    def call(self, parts: list[Node]) -> Node:
        function, *operands = parts
        return syntax.Call(str(function), tuple(operands))

    def group(self, parts: list[Node]) -> Node:
        return syntax.Group(parts[0])

    wrapped_call = group

    def comparison(self, parts: list[Node]) -> Node:
        left, operator, right = parts
        return syntax.Comparison(str(operator), left, right)

    def between(self, parts: list[Node]) -> Node:
        return syntax.Between(*parts)

    def contained(self, parts: list[Node]) -> Node:
        return syntax.In(parts[0], tuple(parts[1:]))

    def negation(self, parts: list[Node]) -> Node:
        return syntax.Not(parts[0])

    def conjunction(self, parts: list[Node]) -> Node:
        left, right = parts
        return syntax.And((*left.conditions, right) if isinstance(left, syntax.And) else (left, right))

    def disjunction(self, parts: list[Node]) -> Node:
        left, right = parts
        return syntax.Or((*left.conditions, right) if isinstance(left, syntax.Or) else (left, right))

    def projection(self, paths: list[syntax.Path]) -> Node:
        return syntax.Projection(tuple(paths))

    def update(self, clauses: list[syntax.Clause]) -> Node:
        return syntax.Update(tuple(clauses))

    def set_clause(self, actions: list[syntax.Action]) -> Node:
        return syntax.Clause("SET", tuple(actions))

    def remove_clause(self, paths: list[syntax.Path]) -> Node:
        return syntax.Clause("REMOVE", tuple(syntax.Remove(path) for path in paths))

    def add_clause(self, actions: list[syntax.Action]) -> Node:
        return syntax.Clause("ADD", tuple(actions))

    def delete_clause(self, actions: list[syntax.Action]) -> Node:
        return syntax.Clause("DELETE", tuple(actions))

    def assignment(self, parts: list[Node]) -> Node:
        path, _, term = parts
        assert isinstance(path, syntax.Path)  # noqa: S101  the grammar says so
        return syntax.Assign(path, term)

    def arithmetic(self, parts: list[Node]) -> Node:
        left, sign, right = parts
        return syntax.Arithmetic(str(sign), left, right)

    def change(self, parts: list[Node]) -> Node:
        path, value = parts
        assert isinstance(path, syntax.Path)  # noqa: S101  the grammar says so
        assert isinstance(value, syntax.Value)  # noqa: S101
        return syntax.Change(path, value)
