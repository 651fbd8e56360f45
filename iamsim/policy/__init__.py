"""The policy engine: the language of policies, and the decision. Pure: no I/O, no clock, no cloud.

What a decision does not need (explanations, validation, positions) is loaded when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from iamsim.policy.access import Access, Policies
from iamsim.policy.conditions import Condition
from iamsim.policy.document import Document, Policy
from iamsim.policy.effect import CheckType, Effect, PolicyType
from iamsim.policy.evaluate import evaluate
from iamsim.policy.evaluation import Evaluation
from iamsim.policy.principal import Principal, PrincipalKind, Session
from iamsim.policy.statement import Statement
from iamsim.policy.syntax import PolicySyntaxError

if TYPE_CHECKING:
    from iamsim.policy.checks import Check, MatchedStatement
    from iamsim.policy.kms_grant import KmsGrant
    from iamsim.policy.near_misses import NearMiss
    from iamsim.policy.validation import Finding, validate

parse_policy = Policy.parse  # one document, parsed and compiled

__all__ = [
    "Access",
    "Check",
    "CheckType",
    "Condition",
    "Document",
    "Effect",
    "Evaluation",
    "Finding",
    "KmsGrant",
    "MatchedStatement",
    "NearMiss",
    "Policies",
    "Policy",
    "PolicySyntaxError",
    "PolicyType",
    "Principal",
    "PrincipalKind",
    "Session",
    "Statement",
    "evaluate",
    "parse_policy",
    "validate",
]

ON_DEMAND = {
    "Check": "iamsim.policy.checks",
    "Finding": "iamsim.policy.validation",
    "KmsGrant": "iamsim.policy.kms_grant",
    "MatchedStatement": "iamsim.policy.checks",
    "NearMiss": "iamsim.policy.near_misses",
    "validate": "iamsim.policy.validation",
}


def __getattr__(name: str) -> object:
    if name not in ON_DEMAND:
        raise AttributeError(f"module `{__name__}` has no attribute `{name}`")
    return globals().setdefault(name, getattr(import_module(ON_DEMAND[name]), name))
