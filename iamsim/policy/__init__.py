"""The policy engine: the language of policies, and the decision. Pure: no I/O, no clock, no cloud."""

from iamsim.policy.access import Access, Policies
from iamsim.policy.checks import Check, MatchedStatement
from iamsim.policy.conditions import Condition
from iamsim.policy.document import Document, Policy
from iamsim.policy.effect import CheckType, Effect, PolicyType
from iamsim.policy.evaluate import evaluate
from iamsim.policy.evaluation import Evaluation
from iamsim.policy.kms_grant import KmsGrant
from iamsim.policy.near_misses import NearMiss
from iamsim.policy.principal import Principal, PrincipalKind, Session
from iamsim.policy.statement import Statement
from iamsim.policy.syntax import PolicySyntaxError
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
