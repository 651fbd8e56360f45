"""Both readers of policy documents, the fast one and the one with positions, read the same."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from iamsim.policy import Policy, PolicySyntaxError, PolicyType, validate
from iamsim.policy.positions import locate
from iamsim.policy.syntax import read
from tests.properties.policy_sets import documents

modest = settings(max_examples=60, deadline=None, derandomize=True, database=None)

leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3))


@modest
@given(values, st.sampled_from([None, 2]))
def test_json_is_read_alike(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    assert locate(text).value == read(text)


@modest
@given(documents(has_principals=True))
def test_policies_are_read_alike(policy: Policy) -> None:
    assert locate(policy.text).value == read(policy.text)
    for statement in policy.statements:
        line = policy.text.splitlines()[statement.line - 1]
        assert line[statement.column - 1] == "{"


@settings(modest, max_examples=200)
@given(st.text('{}[]",:a1\\ \n', max_size=20))
def test_text_is_refused_alike(text: str) -> None:
    def accepts(reader: Any) -> bool:
        try:
            reader(text)
        except PolicySyntaxError as problem:
            return "stands twice" in str(problem)
        return True

    assert accepts(read) is accepts(locate)


@modest
@given(values, st.sampled_from(list(PolicyType)))
def test_validation_never_raises(value: Any, kind: PolicyType) -> None:
    assert validate(json.dumps({"Version": "2012-10-17", "Statement": value}), kind)
