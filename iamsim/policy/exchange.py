"""Accesses and policies as JSON data, from which another process makes the same decision again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from iamsim.policy.access import Access, Policies
from iamsim.policy.document import Origin, Policy
from iamsim.policy.evaluate import evaluate
from iamsim.policy.evaluation import Evaluation
from iamsim.policy.kms_grant import KmsGrant
from iamsim.policy.principal import Principal, PrincipalKind, Session

TYPE = "$"  # the member that tells our own values from plain objects
VALUES: Mapping[str, type[Any]] = {
    each.__name__: each for each in (Access, Policies, Principal, Session, KmsGrant, Origin)
}


def question_to_data(evaluation: Evaluation) -> dict[str, Any]:
    """What was asked and the policies that bear on it."""
    return {"access": to_data(evaluation.access), "policies": to_data(evaluation.policies)}


def answer_from_data(data: Mapping[str, Any]) -> Evaluation:
    """The decision, made again. Raises ValueError for data that `question_to_data` did not write."""
    try:
        return evaluate(from_data(data["access"]), from_data(data["policies"]))
    except (KeyError, TypeError, AttributeError) as problem:
        raise ValueError(f"not an access with policies: {problem}") from None


def to_data(value: Any) -> Any:
    """`value` as JSON has it."""
    if isinstance(value, Policy):
        members = {"name": value.name, "arn": value.arn, "source": value.source, "origin": value.document.origin}
        return {TYPE: "Policy", "text": value.text, **{name: to_data(each) for name, each in members.items()}}
    if isinstance(value, PrincipalKind):
        return {TYPE: "PrincipalKind", "value": value.value}
    if is_dataclass(value) and type(value).__name__ in VALUES:
        members = {each.name: getattr(value, each.name) for each in fields(value)}
        return {TYPE: type(value).__name__, **{name: to_data(each) for name, each in members.items()}}
    if isinstance(value, tuple):
        return {TYPE: "tuple", "of": [to_data(each) for each in value]}
    if isinstance(value, frozenset):
        return {TYPE: "frozenset", "of": sorted(to_data(each) for each in value)}
    if isinstance(value, Mapping):
        return {TYPE: "mapping", "of": [[key, to_data(each)] for key, each in value.items()]}
    return [to_data(each) for each in value] if isinstance(value, list) else value


def from_data(data: Any) -> Any:
    """The value that `data` was made from. Raises KeyError or TypeError for anything else."""
    if isinstance(data, list):
        return [from_data(each) for each in data]
    if not isinstance(data, dict):
        return data
    kind = data[TYPE]
    if kind == "tuple":
        return tuple(from_data(each) for each in data["of"])
    if kind == "frozenset":
        return frozenset(from_data(each) for each in data["of"])
    if kind == "mapping":
        return {key: from_data(each) for key, each in data["of"]}
    if kind == "PrincipalKind":
        return PrincipalKind(data["value"])
    members = {name: from_data(each) for name, each in data.items() if name != TYPE}
    if kind == "Policy":
        policy = Policy.parse(members["text"], name=members["name"], arn=members["arn"], source=members["source"])
        policy.document.origin = members["origin"]
        return policy
    return VALUES[kind](**members)
