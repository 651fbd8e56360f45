"""The index of a document."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from iamsim.policy import Policy
from iamsim.policy.document import KNOWN_ACTIONS, can_allow
from tests.properties.policy_sets import ACTIONS, documents


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(documents() | documents(has_principals=True), st.booleans())
def test_the_index_finds_what_a_search_finds(policy: Policy, has_principals: bool) -> None:
    for action in ACTIONS:
        matching = [one for one in policy.statements if one.covers_action(action.lower())]
        expected = (
            tuple(one for one in matching if not one.allows),
            tuple(one for one in matching if one.allows and can_allow(one, has_principals)),
        )
        assert policy.document.candidates(action.lower(), has_principals) == expected


def test_what_a_document_remembers_is_bounded() -> None:
    document = Policy.parse('{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}').document
    for number in range(3 * KNOWN_ACTIONS):
        assert len(document.candidates(f"s3:action{number}", False)[1]) == 1
    assert len(document._candidates[False]) <= KNOWN_ACTIONS


def test_an_action_without_a_service_is_never_allowed() -> None:
    document = Policy.parse('{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}').document
    assert document.candidates("getobject", False) == ((), ())


def test_a_policy_has_a_name_for_messages() -> None:
    text = '{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
    assert Policy.parse(text).label == "unnamed policy"
    assert Policy.parse(text, source="a.json").label == "a.json"
    assert Policy.parse(text, source="a.json", name="a").label == "a"
    assert Policy.parse(text, name="a", arn="arn:aws:iam::aws:policy/a").label == "arn:aws:iam::aws:policy/a"
