"""iamsim, and with a third argument `naive` the reference evaluator of the tests."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import timing

from iamsim.policy import Access, Effect, Policies, Policy, Principal, PrincipalKind, evaluate
from tests.reference import evaluator as reference


def prepare(case: dict[str, Any]) -> Any:
    given = case["policies"]
    arn = case["principal"]
    principal = Principal(PrincipalKind.USER, case["account"], arn, "AIDA", entity_arn=arn)
    policies = Policies(
        identity=tuple(map(Policy.parse, given["identity"])),
        boundary=Policy.parse(given["boundary"]) if given["boundary"] else None,
        resource=(Policy.parse(given["resource"]),) if given["resource"] else (),
        scps=tuple(tuple(map(Policy.parse, level)) for level in given["scps"]) if given["scps"] else None,
    )

    def make(action: str, resource: str, address: str) -> Access:
        return Access(principal, action, resource, case["account"], timing.context_of(case, address))

    if sys.argv[3:] == ["naive"]:
        return (lambda access: reference.evaluate(access, policies) is Effect.ALLOW), make
    return (lambda access: evaluate(access, policies).allowed), make


timing.main(prepare)
