"""The laws of the decision, over policy sets made up at random."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iamsim.policy import Access, Effect, Policies, Policy, PolicyType, evaluate
from tests.properties.policy_sets import accesses, documents, levels, operators, policy_sets
from tests.reference import evaluator as reference

modest = settings(
    max_examples=70, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
often = settings(modest, max_examples=500)
DENY_ALL = Policy.parse('{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}')


@often
@given(accesses, policy_sets)
def test_the_engine_decides_as_the_reference_does(access: Access, policies: Policies) -> None:
    evaluation = evaluate(access, policies)
    assert evaluation.evaluated_effect is reference.evaluate(access, policies), evaluation.explain()


@modest
@given(accesses)
def test_nothing_is_allowed_by_default(access: Access) -> None:
    evaluation = evaluate(access, Policies())
    is_own_root = access.principal.arn == f"arn:aws:iam::{access.resource_account}:root"
    assert evaluation.allowed is is_own_root


@modest
@given(accesses, policy_sets, documents(effects=("Deny",)))
def test_adding_a_deny_never_allows(access: Access, policies: Policies, deny: Policy) -> None:
    before = evaluate(access, policies)
    for more in (
        dataclasses.replace(policies, identity=(*policies.identity, deny)),
        dataclasses.replace(policies, scps=tuple((*level, deny) for level in policies.scps or ())),
        dataclasses.replace(policies, session=None if policies.session is None else (*policies.session, deny)),
    ):
        assert before.allowed or not evaluate(access, more).allowed


@modest
@given(accesses, policy_sets)
def test_deny_wins(access: Access, policies: Policies) -> None:
    denied = evaluate(access, dataclasses.replace(policies, identity=(*policies.identity, DENY_ALL)))
    has_identity_policies = access.principal.kind.value in ("user", "role session", "federated user")
    assert not has_identity_policies or denied.evaluated_effect is Effect.EXPLICIT_DENY


@modest
@given(accesses, policy_sets, documents(), levels)
def test_adding_a_capping_layer_never_allows(
    access: Access, policies: Policies, cap: Policy, scps: tuple[tuple[Policy, ...], ...]
) -> None:
    before = evaluate(access, policies)
    more = [dataclasses.replace(policies, scps=(*(policies.scps or ()), *scps))]
    more += [dataclasses.replace(policies, boundary=cap)] if policies.boundary is None else []
    is_federated = access.principal.kind.value == "federated user"  # without session policy it has an empty one
    more += [dataclasses.replace(policies, session=(cap,))] if policies.session is None and not is_federated else []
    assert before.allowed or not any(evaluate(access, capped).allowed for capped in more)


@modest
@given(accesses, policy_sets, st.randoms(use_true_random=False))
def test_order_and_duplicates_do_not_count(access: Access, policies: Policies, chance: random.Random) -> None:
    def mixed(several: tuple[Policy, ...]) -> tuple[Policy, ...]:
        doubled = [*several, *several[:1]]
        chance.shuffle(doubled)
        return tuple(doubled)

    other = dataclasses.replace(policies, identity=mixed(policies.identity), resource=mixed(policies.resource))
    assert evaluate(access, other).evaluated_effect is evaluate(access, policies).evaluated_effect


@modest
@given(accesses, policy_sets, st.sampled_from([str.upper, str.swapcase, str.title]))
def test_the_spelling_of_keys_and_actions_does_not_count(
    access: Access, policies: Policies, respell: Callable[[str], str]
) -> None:
    """L-30, L-87."""
    context = {respell(key): value for key, value in access.context.items()}
    other = dataclasses.replace(access, action=respell(access.action), context=context)
    assert evaluate(other, policies).evaluated_effect is evaluate(access, policies).evaluated_effect


@modest
@given(accesses, policy_sets)
def test_the_checks_agree_with_the_decision(access: Access, policies: Policies) -> None:
    """R-160."""
    evaluation = evaluate(access, policies)
    effects = {check.effect for check in evaluation.checks}
    if evaluation.allowed:
        assert not effects & {Effect.EXPLICIT_DENY, Effect.IMPLICIT_DENY}
        assert (evaluation.reason(), evaluation.blockers) == ("", ())
        assert evaluation.deciding_check is not None
        assert evaluation.deciding_check.effect is Effect.ALLOW
    elif evaluation.evaluated_effect is Effect.EXPLICIT_DENY:
        assert Effect.EXPLICIT_DENY in effects
        assert evaluation.deciding_policy is not None
    else:
        assert Effect.IMPLICIT_DENY in effects
        assert Effect.EXPLICIT_DENY not in effects
    assert evaluation.explain()
    assert evaluation.to_dict()
    for check in evaluation.checks:
        if check.effect is Effect.EXPLICIT_DENY:
            assert any(one.denies for one in check.matched)


@modest
@given(accesses, policy_sets)
def test_a_nearest_miss_is_an_allow_that_did_not_match(access: Access, policies: Policies) -> None:
    evaluation = evaluate(access, policies)
    for miss in evaluation.nearest_misses:
        assert miss.statement.allows
        assert miss.describe()


odd = st.text("*?:/${}', arnws3b", max_size=12) | st.sampled_from(["*", "arn:aws:s3:::b/k", "s3:GetObject"])
some_odd = odd | st.lists(odd, max_size=2)
odd_statements = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"])},
    optional={
        "Action": some_odd,
        "Resource": some_odd,
        "Principal": st.just("*")
        | st.dictionaries(st.sampled_from(["AWS", "Service", "Federated"]), some_odd, max_size=2),
        "Condition": st.dictionaries(operators(), st.dictionaries(odd, some_odd, max_size=2), max_size=2),
    },
)


@often
@given(accesses, st.lists(odd_statements, min_size=1, max_size=3), odd, odd, st.dictionaries(odd, some_odd))
def test_no_policy_or_request_makes_the_engine_fail(
    access: Access, statements: list[Any], action: str, resource: str, context: dict[str, Any]
) -> None:
    policy = Policy.parse({"Version": "2012-10-17", "Statement": statements})
    access = dataclasses.replace(access, action=action, resource=resource, context=context)
    several = (policy,)
    policies = Policies(
        identity=several,
        boundary=policy,
        session=several,
        resource=several,
        scps=(several,),
        rcps=(several,),
        vpc_endpoint=policy,
        restrict_public_buckets=True,
    )
    evaluation = evaluate(access, policies)
    assert evaluation.explain()
    assert evaluation.to_dict()
    for kind in PolicyType:
        policy.validate(kind)
