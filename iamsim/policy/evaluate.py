"""The decision, in the order of AWS's page.

Source: IAM User Guide, reference_policies_evaluation-logic_policy-eval-denyallow; evaluation-logic sections 3, 4 and 7.
"""

from __future__ import annotations

from iamsim.policy.access import Access, Policies
from iamsim.policy.effect import Effect
from iamsim.policy.evaluation import Evaluation
from iamsim.policy.layers import DENY, NONE, Layers, reach_for_caller, resource_decides, weigh
from iamsim.policy.principal_element import Reach
from iamsim.policy.request import Request
from iamsim.policy.special_cases import CANNOT_BE_DENIED, NEEDS_NO_PERMISSION

ALLOWED, DENIED, NOT_ALLOWED = Effect.ALLOW, Effect.EXPLICIT_DENY, Effect.IMPLICIT_DENY


def evaluate(access: Access, policies: Policies) -> Evaluation:
    """Whether `access` is allowed under `policies`, and why.

    Invariants: nothing is allowed by default; one matching Deny wins over every Allow; the order of policies and
    statements does not count; a layer that only caps never turns a refusal into a permission.
    """
    request = Request(access)
    layers = weigh(request, policies)
    return Evaluation(request, policies, layers, decide(request, policies, layers))


def decide(request: Request, policies: Policies, layers: Layers) -> Effect:
    """The effect of all layers together."""
    needs_nothing = request.action in NEEDS_NO_PERMISSION and request.has_account
    if needs_nothing and request.action in CANNOT_BE_DENIED:
        return ALLOWED

    if DENY in layers:  # one explicit deny anywhere
        return DENIED
    if layers.scp is NONE:  # R-12, R-82 (an RCP, R-11, can only deny: R-88)
        return NOT_ALLOWED
    if layers.vpc_endpoint is NONE:
        return NOT_ALLOWED
    if needs_nothing:
        return ALLOWED

    if layers.reach is Reach.BY_KMS_GRANT:  # whoever's key it is
        return ALLOWED
    if layers.reach is Reach.NONE and resource_decides(request, policies):
        return NOT_ALLOWED
    if not request.has_account:  # nobody else is asked
        return ALLOWED

    reach = reach_for_caller(request, layers)  # section 7
    if layers.identity is NONE and reach < Reach.CAPPED:  # I-1, I-2
        return NOT_ALLOWED
    if layers.boundary is NONE and reach < Reach.DIRECT:  # R-17; I-7, I-10
        return NOT_ALLOWED
    if layers.session is NONE and reach < Reach.DIRECT:  # R-18; I-7, I-10
        return NOT_ALLOWED
    return ALLOWED
