"""Would it be allowed? Asked of the simulator's state, or of policy documents alone; nothing is called or logged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from iamsim.arn import Arn
from iamsim.cloud import DEFAULT_ACCOUNT
from iamsim.errors import UsageError
from iamsim.policy import Evaluation, PolicySyntaxError
from iamsim.reference.managed_policies import aws_managed_policies
from iamsim.testing.acting import Actor
from iamsim.testing.active import ACTIVE
from iamsim.testing.given_policies import Given, GivenPolicy, given_policies
from iamsim.testing.known_principals import principal_of
from iamsim.testing.origins import ORIGINS
from iamsim.tools.action_names import check_action
from iamsim.tools.simulate import answer

Context = Mapping[str, Any]
PoliciesGiven = Given | Sequence[Given] | None
DOCUMENTS = frozenset(
    {"identity_policies", "boundary", "session_policies", "resource_policy", "scps", "rcps", "vpc_endpoint_policy"}
)
BESIDE = frozenset({"resource_account", "s3_block_public_access"})
SHORT = {"policies": "identity_policies", "permissions_boundary": "boundary"}


def question(
    principal: str | Actor, action: str, resource: str, context: Context | None, options: Mapping[str, Any]
) -> Evaluation:
    """The answer: by `options`' documents alone if it has any, else by the state of the simulator that is on.

    Raises UsageError for a principal, action, resource or policy that cannot be meant.
    """
    check_action(action)
    if resource != "*" and not Arn.looks_like(resource):
        raise UsageError(f"`{resource}` is no resource: give an ARN, such as `arn:aws:s3:::bucket/key`, or `*`")
    if bare := [key for key in context or {} if ":" not in key]:
        raise UsageError(f"`{bare[0]}` is no condition key: write `aws:{bare[0]}`, or with another service's prefix")
    options = {SHORT.get(name, name): value for name, value in options.items()}
    if unknown := options.keys() - DOCUMENTS - BESIDE:
        known = sorted(DOCUMENTS | BESIDE)
        near = get_close_matches(min(unknown), known, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(known)}"
        raise UsageError(f"`{min(unknown)}` is nothing that an assertion takes: {hint}")
    if options.keys() & DOCUMENTS:
        found = of_documents(principal, action, resource, context, options)
    elif alone := sorted(options):
        raise UsageError(f"`{alone[0]}` goes with policy documents: the simulator knows who owns what")
    else:
        found = of_state(principal, action, resource, context)
    ACTIVE.watchers.asked(found)
    return found


def of_documents(
    principal: str | Actor, action: str, resource: str, context: Context | None, options: Mapping[str, Any]
) -> Evaluation:
    """The answer of documents. Keys that follow from the principal, such as `aws:username`, are in the context."""
    who = principal.arn if isinstance(principal, Actor) else principal
    if "." not in who and ":" not in who and who != "anonymous":
        who = f"arn:aws:iam::{DEFAULT_ACCOUNT}:user/{who}"
    given = {name: value for name, value in options.items() if value is not None}
    scenario: dict[str, Any] = {
        "principal": who,
        "action": action,
        "resource": resource,
        "context": dict(context or {}),
        "infer_context": True,
        "resource_account": given.get("resource_account"),
        "settings": {"s3_block_public_access": bool(given.get("s3_block_public_access"))},
    }
    for name in ("identity_policies", "session_policies"):
        scenario[name] = _documents(given.get(name), name)
    for name, field in (
        ("boundary", "permissions_boundary"),
        ("resource_policy", "resource_policy"),
        ("vpc_endpoint_policy", "vpc_endpoint_policy"),
    ):
        scenario[field] = next(iter(_documents(given.get(name), name)), None)
    for name in ("scps", "rcps"):
        levels = given.get(name) or []
        if isinstance(levels, str | Mapping) or not isinstance(levels, Sequence):
            levels = [levels]  # one policy is one level
        scenario[name] = [_documents(level, f"{name}[{number}]") for number, level in enumerate(levels)]
    try:
        return answer(scenario).evaluation
    except PolicySyntaxError as problem:
        raise UsageError(str(problem)) from None


def _documents(given: PoliciesGiven, name: str) -> list[dict[str, Any]]:
    policies = given_policies(given, name)
    names = [name] if len(policies) == 1 else [f"{name}[{number}]" for number in range(len(policies))]
    return [
        {"name": each.name or each.arn or made_up, "document": _text(each)}
        for each, made_up in zip(policies, names, strict=True)
    ]


def _text(policy: GivenPolicy) -> str:
    if policy.arn is None:
        return policy.text or ""
    known = aws_managed_policies()
    if policy.arn not in known:
        raise UsageError(f"`{policy.arn}` is no managed policy of AWS: give its document")
    return known[policy.arn].document


def of_state(principal: str | Actor, action: str, resource: str, context: Context | None) -> Evaluation:
    """The answer of the simulator's state: of the principal's policies and the resource's, with its tags."""
    who = principal_of(principal, action)
    return ACTIVE.simulator.ask(who, action, resource, _text_values(context), ORIGINS.mark)


def _text_values(context: Context | None) -> dict[str, Any]:
    """Values as text, booleans as IAM writes them; lists stay lists."""

    def text(value: Any) -> str:
        return str(value).lower() if isinstance(value, bool) else str(value)

    return {
        key: [text(each) for each in value] if isinstance(value, list | tuple) else text(value)
        for key, value in (context or {}).items()
    }
