"""PartiQL statements, read: text and parameters to values that the other modules work on.

    statement = read('SELECT name FROM "music" WHERE pk = ? AND year > 1999', [{"S": "ann"}])
    statement.table, statement.index, statement.where     # `where` is a `syntax` tree
    statement.given                                       # its names and values, as Placeholders

Conditions become the trees of condition expressions, changes those of update expressions; every name and value in them
is a placeholder, so no name is reserved here.
Source: Amazon DynamoDB Developer Guide, "PartiQL - a SQL-compatible query language for Amazon DynamoDB".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import syntax
from .invalid import Invalid
from .partiql_tokens import Tokens, malformed
from .paths import Path
from .placeholders import Placeholders
from .syntax import Node
from .values import AttributeValue, Item, normalise

COMPARATORS = {"=": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
FUNCTIONS = frozenset({"begins_with", "contains", "attribute_type", "size"})
CHANGES = {"set_add": "ADD", "set_delete": "DELETE"}  # function -> section of an update expression
RETURNING = {"ALL OLD": "ALL_OLD", "ALL NEW": "ALL_NEW", "MODIFIED OLD": "UPDATED_OLD", "MODIFIED NEW": "UPDATED_NEW"}
WRONG_COUNT = "Number of parameters in request and statement don't match."


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. `verb` is `Select`, `Insert`, `Update`, `Delete`, or `Exists` in a transaction."""

    verb: str
    table: str  # a name or an ARN
    given: Placeholders
    index: str | None = None
    where: Node | None = None
    item: Item | None = None  # of an Insert
    changes: tuple[syntax.Clause, ...] = ()  # of an Update
    paths: tuple[Path, ...] | None = None  # of a Select; None for `*`
    order: tuple[str, bool] | None = None  # ORDER BY: the attribute, and whether forward
    returning: str = "NONE"  # as ReturnValues says it

    @property
    def is_read(self) -> bool:
        return self.verb == "Select"


def read(text: str, parameters: Sequence[AttributeValue] = ()) -> Statement:
    """What `text` says. Raises Invalid for what is no statement, or too few or too many parameters."""
    reader = _Reader(Tokens(text), parameters)
    statement = reader.statement()
    reader.end()
    return statement


class _Reader:
    """Reads one statement, from left to right; the names and values that it meets become placeholders."""

    def __init__(self, tokens: Tokens, parameters: Sequence[AttributeValue]) -> None:
        self.tokens = tokens
        self.parameters = [normalise(value) for value in parameters]
        self.used = 0  # parameters
        self.names: dict[str, str] = {}
        self.values: dict[str, AttributeValue] = {}

    @property
    def given(self) -> Placeholders:
        return Placeholders(self.names or None, self.values or None)

    def end(self) -> None:
        """Raises Invalid if something is left."""
        self.tokens.take(";")
        self.tokens.end()
        if self.used != len(self.parameters):
            raise Invalid(WRONG_COUNT)

    def statement(self) -> Statement:
        tokens = self.tokens
        if tokens.word("SELECT"):
            return self.select()
        if tokens.word("INSERT"):
            tokens.expect_word("INTO")
            table = tokens.name()
            tokens.expect_word("VALUE")
            value = self.literal()
            if "M" not in value:
                raise malformed("Expected tuple value for INSERT")
            return Statement("Insert", table, self.given, item=value["M"])
        if tokens.word("UPDATE"):
            return self.update()
        if tokens.word("DELETE"):
            tokens.expect_word("FROM")
            table, where = tokens.name(), self.where()
            return Statement("Delete", table, self.given, where=where, returning=self.returning())
        if tokens.word("EXISTS"):
            tokens.expect("(")
            tokens.expect_word("SELECT")
            inner = self.select()
            tokens.expect(")")
            return Statement("Exists", inner.table, inner.given, inner.index, inner.where)
        raise malformed("Expected a statement")

    def select(self) -> Statement:
        tokens = self.tokens
        paths: list[Path] | None = None
        if not tokens.take("*"):
            paths = [self.path()]
            while tokens.take(","):
                paths.append(self.path())
        tokens.expect_word("FROM")
        table = tokens.name()
        index = tokens.name() if tokens.take(".") else None
        where = self.where()
        order = None
        if tokens.word("ORDER"):
            tokens.expect_word("BY")
            order = tokens.name(), not tokens.word("DESC")
            tokens.word("ASC")
        chosen = tuple(paths) if paths is not None else None
        return Statement("Select", table, self.given, index, where, paths=chosen, order=order)

    def update(self) -> Statement:
        tokens = self.tokens
        table = tokens.name()
        sections: dict[str, list[syntax.Action]] = {}
        while True:
            if tokens.word("SET"):
                self.assignment(sections)
                while tokens.take(","):
                    self.assignment(sections)
            elif tokens.word("REMOVE"):
                sections.setdefault("REMOVE", []).append(syntax.Remove(self.path_node()))
            else:
                break
        if not sections:
            raise malformed("Expected SET or REMOVE")
        where = self.where()
        returning = self.returning()
        changes = tuple(syntax.Clause(section, tuple(actions)) for section, actions in sections.items())
        return Statement("Update", table, self.given, where=where, changes=changes, returning=returning)

    def assignment(self, sections: dict[str, list[syntax.Action]]) -> None:
        path = self.path_node()
        self.tokens.expect("=")
        for function, section in CHANGES.items():
            if self.tokens.call(function):
                if self.path_node() != path:
                    raise Invalid(f"{function} can only change the attribute that it reads")
                self.tokens.expect(",")
                change = syntax.Change(path, self.value_node())
                self.tokens.expect(")")
                sections.setdefault(section, []).append(change)
                return
        sections.setdefault("SET", []).append(syntax.Assign(path, self.term()))

    def term(self) -> Node:
        left = self.simple_term()
        for sign in "+-":
            if self.tokens.take(sign):
                return syntax.Arithmetic(sign, left, self.simple_term())
        return left

    def simple_term(self) -> Node:
        for function in ("list_append", "if_not_exists"):
            if self.tokens.call(function):
                first = self.simple_term()
                self.tokens.expect(",")
                second = self.simple_term()
                self.tokens.expect(")")
                return syntax.Call(function, (first, second))
        return self.operand()

    def where(self) -> Node | None:
        return self.disjunction() if self.tokens.word("WHERE") else None

    def returning(self) -> str:
        if not self.tokens.word("RETURNING"):
            return "NONE"
        for words, wanted in RETURNING.items():
            if self.tokens.words(words):
                self.tokens.expect("*")
                return wanted
        raise malformed("Expected ALL or MODIFIED and OLD or NEW in the RETURNING clause")

    def disjunction(self) -> Node:
        nodes = [self.conjunction()]
        while self.tokens.word("OR"):
            nodes.append(self.conjunction())
        return nodes[0] if len(nodes) == 1 else syntax.Or(tuple(nodes))

    def conjunction(self) -> Node:
        nodes = [self.negation()]
        while self.tokens.word("AND"):
            nodes.append(self.negation())
        return nodes[0] if len(nodes) == 1 else syntax.And(tuple(nodes))

    def negation(self) -> Node:
        return syntax.Not(self.negation()) if self.tokens.word("NOT") else self.comparison()

    def comparison(self) -> Node:
        tokens = self.tokens
        if tokens.take("("):
            inner = self.disjunction()
            tokens.expect(")")
            return inner
        left = self.operand()
        for written, operator in COMPARATORS.items():
            if tokens.take(written):
                return syntax.Comparison(operator, left, self.operand())
        if tokens.word("BETWEEN"):
            low = self.operand()
            tokens.expect_word("AND")
            return syntax.Between(left, low, self.operand())
        if tokens.word("IN"):
            return syntax.In(left, self.choices())
        if tokens.word("IS"):
            denied = tokens.word("NOT")
            test = self.kind_test(left)
            return syntax.Not(test) if denied else test
        if isinstance(left, syntax.Call):
            return left
        raise malformed("Expected a condition")

    def kind_test(self, subject: Node) -> Node:
        if self.tokens.word("MISSING"):
            return syntax.Call("attribute_not_exists", (subject,))
        self.tokens.expect_word("NULL")
        return syntax.Call("attribute_type", (subject, self.placeholder({"S": "NULL"})))

    def choices(self) -> tuple[Node, ...]:
        closing = "]" if self.tokens.take("[") else ")"
        if closing == ")":
            self.tokens.expect("(")
        choices = [self.operand()]
        while self.tokens.take(","):
            choices.append(self.operand())
        self.tokens.expect(closing)
        return tuple(choices)

    def operand(self) -> Node:
        for function in FUNCTIONS:
            if self.tokens.call(function):
                operands = [self.operand()]
                while self.tokens.take(","):
                    operands.append(self.operand())
                self.tokens.expect(")")
                return syntax.Call(function, tuple(operands))
        return self.path_node() if self.tokens.is_name else self.value_node()

    def path(self) -> Path:
        steps: list[str | int] = [self.tokens.name()]
        while True:
            if self.tokens.take("."):
                steps.append(self.tokens.name())
            elif self.tokens.take("["):
                steps.append(self.tokens.index())
                self.tokens.expect("]")
            else:
                return tuple(steps)

    def path_node(self) -> syntax.Path:
        return syntax.Path(tuple(step if isinstance(step, int) else self.name_token(step) for step in self.path()))

    def name_token(self, name: str) -> str:
        for token, known in self.names.items():
            if known == name:
                return token
        token = f"#{len(self.names)}"
        self.names[token] = name
        return token

    def value_node(self) -> syntax.Value:
        return self.placeholder(self.literal())

    def placeholder(self, value: AttributeValue) -> syntax.Value:
        token = f":{len(self.values)}"
        self.values[token] = value
        return syntax.Value(token)

    def literal(self) -> AttributeValue:
        """A value as it is written, or the next parameter."""
        tokens = self.tokens
        if tokens.take("?"):
            if self.used == len(self.parameters):
                raise Invalid(WRONG_COUNT)
            self.used += 1
            return self.parameters[self.used - 1]
        if tokens.take("["):
            return {"L": self.listed("]")}
        if tokens.take("<<"):
            return normalise(_set_of(self.listed(">>")))
        if tokens.take("{"):
            return {"M": self.members()}
        return normalise(tokens.scalar())

    def listed(self, closing: str) -> list[AttributeValue]:
        values: list[AttributeValue] = []
        while not self.tokens.take(closing):
            if values:
                self.tokens.expect(",")
            values.append(self.literal())
        return values

    def members(self) -> Item:
        members: Item = {}
        while not self.tokens.take("}"):
            if members:
                self.tokens.expect(",")
            name = self.tokens.text()
            self.tokens.expect(":")
            members[name] = self.literal()
        return members


def _set_of(values: list[AttributeValue]) -> AttributeValue:
    kinds = {next(iter(value)) for value in values}
    if len(kinds) != 1 or not kinds <= {"S", "N", "B"}:
        raise malformed("A set holds strings, numbers or binaries of one type")
    (kind,) = kinds
    return {f"{kind}S": [value[kind] for value in values]}
