"""What a policy document that cannot be read is told, in full."""

from __future__ import annotations

import datetime

import pytest

from iamsim.policy import Policy, PolicySyntaxError

STATEMENT = '{"Effect": "Allow", "Action": "*", "Resource": "*"}'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1, column 1: expected a JSON value, found the end of the text"),
        ("[]", "line 1, column 1: expected a policy document, an object with `Statement`; found a list"),
        ('{"Statement": []}', "line 1, column 2: expected at least one statement (L-6)"),
        ('{"Statement": [1]}', "line 1, column 16: expected a statement, which is an object; found a number"),
        ('{"Version": "2012-10-17",}', "line 1, column 26: expected a string, found `}`"),
        ('{"Version": "2012-10-17"\n "Statement": []}', "line 2, column 2: expected `,` or `}`, found `\"Statement\"`"),
        ("{\n// all\n}", "line 2, column 1: expected `}` or a string, found a comment; JSON has none"),
        ("{'Statement': []}", "line 1, column 2: expected `}` or a string, found `'`"),
        ('{"Statement": {"Effect": "Allow', "line 1, column 26: expected a JSON value, found a string that "
         "does not end, or holds a character that JSON wants escaped"),
        ('{"a": 1,\n "a": 2}', "line 2, column 2: member `a` stands twice in one object"),
        ('{"Statment": []}', "line 1, column 2: unknown member `Statment` of a policy; did you mean `Statement`?"),
        (
            '{"Version": "2012-10-18", "Statement": ' + STATEMENT + "}",
            'line 1, column 2: expected "2012-10-17" or "2008-10-17"; found "2012-10-18"',
        ),
        (
            '{"Statement": {"effect": "Allow"}}',
            "line 1, column 16: unknown member `effect` of a statement; did you mean `Effect`?",
        ),
        (
            '{"Statement": {"Effect": "allow"}}',
            'line 1, column 16: expected "Allow" or "Deny"; found "allow"',
        ),
        (
            '{"Statement": {"Effect": "Deny", "Principal": {"Role": "x"}}}',
            "line 1, column 48: unknown member `Role` of a principal; expected `AWS`, `Service`, `Federated`, "
            "`CanonicalUser`",
        ),
        (
            '{"Statement": {"Effect": "Deny",\n "Condition": {"ForAllValues:StringLikes": {}}}}',
            "line 2, column 16: unknown condition operator `ForAllValues:StringLikes`; did you mean "
            "`ForAllValues:StringLike`?",
        ),
        (
            '{"Statement": {"Effect": "Deny", "Action": ["a:b", 1]}}',
            "line 1, column 52: expected a string; found a number",
        ),
        ('{"Statement": NaN}', "line 1, column 15: expected a JSON value, found `N`"),
    ],
)  # fmt: skip
def test_message(text: str, message: str) -> None:
    with pytest.raises(PolicySyntaxError) as caught:
        Policy.parse(text)
    assert str(caught.value) == message


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(PolicySyntaxError):
        Policy.parse("[" * 100_000 + "]" * 100_000)


def test_an_object_is_a_document_too() -> None:
    """YAML reads an unquoted version as a date, and numbers as numbers."""
    policy = Policy.parse(
        {
            "Version": datetime.date(2012, 10, 17),
            "Statement": {
                "Effect": "Allow",
                "Action": "*",
                "Resource": "*",
                "Condition": {"NumericEquals": {"k": 1.5}},
            },
        }
    )
    assert policy.document.version == "2012-10-17"
    assert policy.statements[0].conditions[0].values == ("1.5",)
    assert policy.statements[0].line == 3


@pytest.mark.parametrize("document", [{1: 2}, {"Statement": {"Effect": object()}}, {"Statement": {"Action": b"s3:*"}}])
def test_an_object_that_is_no_document(document: dict[str, object]) -> None:
    with pytest.raises(PolicySyntaxError):
        Policy.parse(document)


def test_a_known_text_is_compiled_once() -> None:
    text = '{"Statement": ' + STATEMENT + "}"
    assert Policy.parse(text, name="a").document is Policy.parse(text, name="b").document


def test_a_statement_knows_its_place() -> None:
    policy = Policy.parse('{"Statement": [\n  ' + STATEMENT + ",\n  " + STATEMENT + "]}")
    assert [(one.line, one.column, one.label) for one in policy.statements] == [
        (2, 3, "statement 1"),
        (3, 3, "statement 2"),
    ]
    assert policy.statements[1].place("Action") == (3, 23)
