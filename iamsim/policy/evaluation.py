"""The outcome of a decision, and everything that can be said about it.

It holds what the decision found and works the rest out when asked, so that an allowed call pays for no explanation.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from iamsim.policy.access import Access, Policies
from iamsim.policy.effect import Effect, PolicyType
from iamsim.policy.layers import DENY, NONE, Layers, blocked_as_public, reach_for_caller, resource_decides
from iamsim.policy.principal_element import Reach
from iamsim.policy.request import Request

if TYPE_CHECKING:
    from iamsim.policy.checks import Check
    from iamsim.policy.document import Policy
    from iamsim.policy.near_misses import NearMiss

# What AWS's messages call each type of policy: for a missing Allow, and for a Deny (errors-and-authentication 1.2).
WORDING = {
    PolicyType.RCP: ("no resource control policy", "a resource control policy"),
    PolicyType.SCP: ("no service control policy", "a service control policy"),
    PolicyType.VPC_ENDPOINT: ("no VPC endpoint policy", "a VPC endpoint policy"),
    PolicyType.RESOURCE: ("no resource-based policy", "a resource-based policy"),
    PolicyType.TRUST: ("no role trust policy", "the role trust policy"),
    PolicyType.IDENTITY: ("no identity-based policy", "an identity-based policy"),
    PolicyType.BOUNDARY: ("no permissions boundary", "a permissions boundary"),
    PolicyType.SESSION: ("no session policy", "a session policy"),
}


class Evaluation:
    """Whether an access is allowed, and why. Its vocabulary is that of AWS's GetRequestAuthorizationDetails."""

    def __init__(self, request: Request, policies: Policies, layers: Layers, effect: Effect) -> None:
        self.request = request
        self.policies = policies
        self.layers = layers
        self.evaluated_effect = effect

    def __repr__(self) -> str:
        access = self.access
        return f"<Evaluation {self.evaluated_effect.name}: {access.principal.arn} {access.action} {access.resource}>"

    @property
    def access(self) -> Access:
        """What was asked for."""
        return self.request.access

    @property
    def allowed(self) -> bool:
        """Whether the access may go ahead."""
        return self.evaluated_effect is Effect.ALLOW

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """The checks that the decision consists of, in AWS's order."""
        from iamsim.policy.checks import checks

        return checks(self)

    @property
    def deciding_check(self) -> Check | None:
        """The check that refused (R-170), or the one that granted; None where no check was needed (R-118)."""
        if self.allowed:
            from iamsim.policy.checks import granting_check

            return granting_check(self.checks)
        return next((check for check in self.checks if check.effect is self.evaluated_effect), None)

    @property
    def explicit_blockers(self) -> tuple[PolicyType, ...]:
        """The types of policy with a matching Deny, in the order of R-170."""
        return tuple(kind for kind, found in self._found() if found is DENY)

    @property
    def implicit_blockers(self) -> tuple[PolicyType, ...]:
        """The types of policy whose Allow is wanted and missing, in the order of R-170."""
        needed = self._needed()
        return tuple(kind for kind, found in self._found() if found is NONE and kind in needed)

    @property
    def blockers(self) -> tuple[PolicyType, ...]:
        """All the types of policy that stand in the way, in the order of R-170; none if the access is allowed."""
        if self.allowed:
            return ()
        standing = {*self.explicit_blockers, *self.implicit_blockers}
        return tuple(kind for kind, _ in self._found() if kind in standing)

    @property
    def deciding_type(self) -> PolicyType | None:
        """The type of policy that AWS would name as the reason (R-170, R-171); None if the access is allowed."""
        if self.allowed:
            return None
        blockers = self.explicit_blockers if self.evaluated_effect is Effect.EXPLICIT_DENY else self.implicit_blockers
        return blockers[0]

    @property
    def deciding_policy(self) -> Policy | None:
        """The policy whose Deny decided, the first in attachment order; None if none did."""
        check = self.deciding_check if self.evaluated_effect is Effect.EXPLICIT_DENY else None
        matched = check.matched if check is not None else ()
        return next((one.policy for one in matched if one.policy_type is self.deciding_type and one.denies), None)

    @property
    def is_blocked_as_public(self) -> bool:
        """Whether S3's RestrictPublicBuckets stands in the way (R-134)."""
        return blocked_as_public(self.request, self.policies)

    def reason(self, action_spelling: str | None = None) -> str:
        """The phrase with which AWS's message ends, such as `because no identity-based policy allows the X action`.

        `action_spelling`: X as the service spells it, where it differs from the policy's. "" if the access is allowed.
        """
        kind = self.deciding_type
        if kind is None:
            return ""
        no_policy, a_policy = WORDING[kind]
        if self.evaluated_effect is Effect.EXPLICIT_DENY:
            return f"with an explicit deny in {a_policy}"
        return f"because {no_policy} allows the {action_spelling or self.access.action} action"

    @cached_property
    def nearest_misses(self) -> tuple[NearMiss, ...]:
        """For a missing Allow: the statements that would have given it but for one element, the nearest first."""
        from iamsim.policy.near_misses import nearest_misses

        return nearest_misses(self)

    def to_dict(self) -> dict[str, Any]:
        """The evaluation as plain data, in the shape of GetRequestAuthorizationDetails."""
        from iamsim.policy.explain import as_dict

        return as_dict(self)

    def explain(self) -> str:
        """The evaluation in words: every check with the statements that matched, and what came near."""
        from iamsim.policy.explain import as_text

        return as_text(self)

    def _found(self) -> list[tuple[PolicyType, object]]:
        layers = self.layers
        return [
            (PolicyType.RCP, layers.rcp),
            (PolicyType.SCP, layers.scp),
            (PolicyType.VPC_ENDPOINT, layers.vpc_endpoint),
            (self.resource_type, layers.resource),
            (PolicyType.IDENTITY, layers.identity),
            (PolicyType.BOUNDARY, layers.boundary),
            (PolicyType.SESSION, layers.session),
        ]

    @property
    def resource_type(self) -> PolicyType:
        """What the resource's policy is: a role's has its own name."""
        return PolicyType.TRUST if self.policies.is_trust else PolicyType.RESOURCE

    def _needed(self) -> set[PolicyType]:
        """The types of policy that must allow, given how far the resource side's Allow reaches (section 7)."""
        needed = {PolicyType.SCP, PolicyType.VPC_ENDPOINT}
        if self.layers.reach is Reach.BY_KMS_GRANT:
            return needed
        if resource_decides(self.request, self.policies):
            needed.add(self.resource_type)
        reach = reach_for_caller(self.request, self.layers)
        if reach < Reach.CAPPED:
            needed.add(PolicyType.IDENTITY)
        if reach < Reach.DIRECT:
            needed |= {PolicyType.BOUNDARY, PolicyType.SESSION}
        return needed
