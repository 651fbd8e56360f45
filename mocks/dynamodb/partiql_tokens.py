"""The words of a PartiQL statement, taken one after another."""

from __future__ import annotations

import re

from .invalid import Invalid
from .values import AttributeValue

TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>'(?:[^']|'')*')
      | (?P<quoted>"(?:[^"]|"")*")
      | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
      | (?P<word>[A-Za-z_$][A-Za-z0-9_$]*)
      | (?P<symbol><<|>>|<>|<=|>=|!=|[=<>(),.\[\]{}:*?+;-])
    )""",
    re.VERBOSE,
)
CONSTANTS: dict[str, AttributeValue] = {"TRUE": {"BOOL": True}, "FALSE": {"BOOL": False}, "NULL": {"NULL": True}}
KEYWORDS = frozenset(
    {
        "SELECT", "INSERT", "UPDATE", "DELETE", "INTO", "VALUE", "FROM", "WHERE", "SET", "REMOVE", "RETURNING", "ORDER",
        "BY", "AND", "OR", "NOT", "IN", "IS", "BETWEEN", "MISSING",
    }
)  # fmt: skip


def malformed(why: str) -> Invalid:
    """The refusal of a text that is no statement."""
    return Invalid(f"Statement wasn't well formed, can't be processed: {why}")


class Tokens:
    """What is left of a statement. Words are known in any case; what is in double quotes is always a name."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []  # kind, as written
        self._at = 0
        place, text = 0, text.rstrip()
        while place < len(text):
            match = TOKEN.match(text, place)
            if match is None:
                raise malformed(f"Unexpected character {text[place:].lstrip()[0]}")
            self._tokens.append((str(match.lastgroup), match[match.lastgroup or 0]))
            place = match.end()

    @property
    def is_name(self) -> bool:
        """Whether a name comes next."""
        kind, written = self._peek()
        return kind == "quoted" or (kind == "word" and written.upper() not in CONSTANTS)

    def take(self, symbol: str) -> bool:
        """Whether this symbol comes next; it is taken then."""
        return self._take_if(self._peek() == ("symbol", symbol))

    def expect(self, symbol: str) -> None:
        """Take this symbol. Raises Invalid if something else comes next."""
        if not self.take(symbol):
            raise malformed(f"Expected {symbol}")

    def word(self, word: str) -> bool:
        """Whether this word comes next; it is taken then."""
        kind, written = self._peek()
        return self._take_if(kind == "word" and written.upper() == word)

    def words(self, words: str) -> bool:
        """Whether these words come next; they are taken then, all or none."""
        start = self._at
        if all(self.word(word) for word in words.split()):
            return True
        self._at = start
        return False

    def expect_word(self, word: str) -> None:
        """Take this word. Raises Invalid if something else comes next."""
        if not self.word(word):
            raise malformed(f"Expected {word}")

    def call(self, function: str) -> bool:
        """Whether a call of this function comes next; its name and parenthesis are taken then."""
        start = self._at
        kind, written = self._peek()
        if self._take_if(kind == "word" and written.lower() == function) and self.take("("):
            return True
        self._at = start
        return False

    def name(self) -> str:
        """The name of a table, index or attribute. Raises Invalid if none comes next."""
        kind, written = self._peek()
        if kind == "quoted":
            self._at += 1
            return written[1:-1].replace('""', '"')
        if kind != "word" or written.upper() in KEYWORDS:
            raise malformed("Expected identifier for simple path")
        self._at += 1
        return written

    def text(self) -> str:
        """A text in single quotes. Raises Invalid if none comes next."""
        kind, written = self._peek()
        if kind != "text":
            raise malformed("Expected a name in single quotes")
        self._at += 1
        return written[1:-1].replace("''", "'")

    def index(self) -> int:
        """The index of a list element. Raises Invalid if none comes next."""
        kind, written = self._peek()
        if kind != "number" or not written.isdigit():
            raise malformed("Expected the index of a list element")
        self._at += 1
        return int(written)

    def scalar(self) -> AttributeValue:
        """A text, a number, TRUE, FALSE or NULL. Raises Invalid if none comes next."""
        sign = "-" if self.take("-") else ""
        kind, written = self._peek()
        if kind == "number":
            self._at += 1
            return {"N": sign + written}
        if kind == "text" and not sign:
            return {"S": self.text()}
        if kind == "word" and written.upper() in CONSTANTS and not sign:
            self._at += 1
            return CONSTANTS[written.upper()]
        raise malformed("Expected a value")

    def end(self) -> None:
        """Raises Invalid if anything is left."""
        if self._at < len(self._tokens):
            raise malformed(f"Unexpected token after expression: {self._peek()[1]}")

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _take_if(self, fits: bool) -> bool:
        self._at += fits
        return fits
