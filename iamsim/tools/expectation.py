"""What a test expects of one decision, and what is said when it is otherwise."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from iamsim.errors import UsageError
from iamsim.policy import Effect, Evaluation, MatchedStatement, PolicyType
from iamsim.policy.explain import WORDS as WORDS_OF
from iamsim.policy.explain import found_at, name_of
from iamsim.tools.simulate import FIELD, blocked_by

# The words for what denies, with the fields of scenario files that mean the same.
FIELDS = {
    "identity": "identity_policies",
    "boundary": "permissions_boundary",
    "session": "session_policies",
    "resource": "resource_policy",
    "scp": "scps",
    "rcp": "rcps",
    "vpc_endpoint": "vpc_endpoint_policy",
    "block_public_access": "s3_block_public_access",
}
WORDS = {field: word for word, field in FIELDS.items()}
SYNONYMS = {
    **{field: word for word, field in FIELDS.items()},
    "trust": "resource",
    "identity_based": "identity",
    "resource_based": "resource",
    "service_control": "scp",
    "resource_control": "rcp",
}
TITLES = {
    "identity": "the identity-based policies",
    "boundary": "the permissions boundary",
    "session": "the session policies",
    "resource": "the resource's policy",
    "scp": "the service control policies",
    "rcp": "the resource control policies",
    "vpc_endpoint": "the VPC endpoint's policy",
    "block_public_access": "S3's Block Public Access",
}

By = str | Sequence[str] | None


@dataclass(frozen=True)
class Expectation:
    """Allowed or denied; and if a test wants to know it, by what.

    `by` is the type of policy that decides, or a list: exactly all the types that stand in the way. `statement` is the
    Sid of a statement that matched, `explicit` whether a Deny decided.
    """

    allowed: bool
    by: str | tuple[str, ...] | None = None
    statement: str | None = None
    explicit: bool | None = None

    @staticmethod
    def of(allowed: bool, by: By = None, statement: str | None = None, explicit: bool | None = None) -> Expectation:
        """The expectation. Raises UsageError for a word that `by` does not know."""
        words: str | tuple[str, ...] | None
        if by is None or isinstance(by, str):
            words = _word(by) if by is not None else None
        else:
            words = tuple(_word(each) for each in by)
        return Expectation(allowed, words, statement, explicit)

    def mismatch(self, evaluation: Evaluation) -> str | None:
        """How `evaluation` differs from what is expected, in one line; None if it does not."""
        if evaluation.allowed != self.allowed:
            return "expected to be allowed, is denied" if self.allowed else "expected to be denied, is allowed"
        explicit = evaluation.evaluated_effect is Effect.EXPLICIT_DENY
        if self.explicit is not None and self.explicit != explicit:
            return (
                "expected an explicit deny, but only an Allow is missing"
                if self.explicit
                else "expected that an Allow is missing, but a Deny matches"
            )
        if isinstance(self.by, str) and self.by != decided_by(evaluation):
            return f"expected to be denied by {TITLES[self.by]}, is by {TITLES[decided_by(evaluation)]}"
        if isinstance(self.by, tuple):
            standing = tuple(WORDS[field] for field in blocked_by(evaluation))
            if set(standing) != set(self.by):
                return f"expected to be blocked by {_listed(self.by)}, is by {_listed(standing)}"
        if self.statement is not None:
            matched = [each.statement.label for each in _deciding_statements(evaluation)]
            if self.statement not in matched:
                told = " and ".join(f"`{label}`" for label in matched) or "no statement"
                return f"expected statement `{self.statement}` to decide, it was {told}"
        return None

    def __str__(self) -> str:
        if self.allowed:
            return "allow"
        by = f" by {_listed([self.by] if isinstance(self.by, str) else self.by)}" if self.by else ""
        return f"deny{by}"


def decided_by(evaluation: Evaluation) -> str:
    """The word for the type of policy that decides over a denial."""
    kind = evaluation.deciding_type
    field = FIELD[kind] if kind is not None else ""
    fields = blocked_by(evaluation)
    if field == "resource_policy" and field not in fields:
        field = "s3_block_public_access"
    return WORDS.get(field, field)


def told(evaluation: Evaluation, problem: str) -> str:
    """`problem`, and the explanation."""
    access = evaluation.access
    return f"{problem}: {access.principal.arn} {access.action} on {access.resource}\n{explained(evaluation)}"


def explained(evaluation: Evaluation) -> str:
    """The checks in order, what decided with the statement itself, the nearest miss; then each check at length."""
    return "\n".join([*_decision(evaluation), "", evaluation.explain()])


def _decision(evaluation: Evaluation) -> Iterator[str]:
    deciding = evaluation.deciding_check
    decides = {id(deciding): " (decides)"}
    told = [f"{name_of(each)}: {WORDS_OF[each.effect]}{decides.get(id(each), '')}" for each in evaluation.checks]
    if told:
        yield f"checks: {'; '.join(told)}"
    if not evaluation.allowed:
        word = decided_by(evaluation)
        explicit = evaluation.evaluated_effect is Effect.EXPLICIT_DENY
        title = "the role's trust policy" if evaluation.deciding_type is PolicyType.TRUST else TITLES[word]
        yield f"decided by {title}: {'a Deny matches' if explicit else 'no Allow matches'}"
    elif deciding is not None:
        yield "allowed by"
    for matched in _deciding_statements(evaluation):
        yield f"  {found_at(matched.policy, matched.statement)}:"
        yield f"  {json.dumps(dict(matched.statement.source))}"
    if evaluation.nearest_misses:
        miss = evaluation.nearest_misses[0]
        would = "would be allowed but for" if len(blocked_by(evaluation)) == 1 else "would match but for"
        yield f"nearest miss: {found_at(miss.policy, miss.statement)}"
        yield f"  {would} {miss.what_failed()}"


def _deciding_statements(evaluation: Evaluation) -> list[MatchedStatement]:
    """The Denies that matched, those of the deciding check first; of what is allowed, the Allows that granted it."""
    deciding = evaluation.deciding_check
    checks = sorted(evaluation.checks, key=lambda check: check is not deciding)
    if evaluation.allowed:
        return [each for each in (deciding.matched if deciding is not None else ()) if not each.denies]
    return [each for check in checks for each in check.matched if each.denies]


def _word(text: str) -> str:
    if text in TITLES:
        return text
    plain = text.lower().replace("-", "_").replace(" ", "_")
    for word in (plain, plain.removesuffix("_policy"), plain.removesuffix("_policies")):
        if word in TITLES or word in SYNONYMS:  # such as IDENTITY_BASED_POLICY, AWS's own name
            return SYNONYMS.get(word, word)
    near = get_close_matches(text, [*TITLES, *SYNONYMS], n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(TITLES)}"
    raise UsageError(f"nothing is denied by `{text}`: {hint}")


def _listed(words: Sequence[str] | None) -> str:
    return ", ".join(words or ()) or "nothing"
