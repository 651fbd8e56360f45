"""What stands in the way of an access."""

from __future__ import annotations

from iamsim.policy import Access, CheckType, Effect, Policies, Policy, PolicyType, evaluate
from tests.policy.scenarios import principal

ALICE = principal("arn:aws:iam::111111111111:user/alice")
BOB = principal("arn:aws:iam::222222222222:user/bob")
KEY = "arn:aws:kms:eu-west-1:111111111111:key/k"
FULL = Policy.parse('{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}')
SILENT = Policy.parse('{"Statement": {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}}')
DENY = Policy.parse('{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}', name="deny")
FOR_ALL = Policy.parse('{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}')
DENY_ALL = Policy.parse('{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}}')


def test_all_blockers_are_listed_in_order() -> None:
    evaluation = evaluate(
        Access(ALICE, "kms:Decrypt", KEY),
        Policies(
            identity=(SILENT,),
            boundary=DENY,
            session=(SILENT,),
            resource=(DENY_ALL,),
            resource_must_allow=True,
            scps=((FULL,), (SILENT,)),
            rcps=((DENY_ALL,),),
            vpc_endpoint=DENY_ALL,
        ),
    )
    kinds = PolicyType
    assert evaluation.blockers == (
        kinds.RCP, kinds.SCP, kinds.VPC_ENDPOINT, kinds.RESOURCE, kinds.IDENTITY, kinds.BOUNDARY, kinds.SESSION,
    )  # fmt: skip
    assert [check.check_type for check in evaluation.checks] == [
        CheckType.RESOURCE_CONTROL_POLICY,
        CheckType.SERVICE_CONTROL_POLICY,
        CheckType.SERVICE_CONTROL_POLICY,
        CheckType.VPC_ENDPOINT,
        CheckType.RESOURCE,
        CheckType.PRINCIPAL,
        CheckType.PERMISSIONS_BOUNDARY,
        CheckType.SESSION,
    ]
    assert evaluation.deciding_check is evaluation.checks[0]
    assert evaluation.reason() == "with an explicit deny in a resource control policy"


def test_a_denied_grant_still_counts_as_one() -> None:
    """The resource's policy both grants and denies: the missing identity-based Allow is not in the way."""
    evaluation = evaluate(Access(ALICE, "s3:GetObject", "arn:aws:s3:::b/k"), Policies(resource=(FOR_ALL, DENY_ALL)))
    assert evaluation.blockers == (PolicyType.RESOURCE,)


def test_what_did_not_need_to_allow_has_no_impact() -> None:
    evaluation = evaluate(
        Access(ALICE, "s3:GetObject", "arn:aws:s3:::b/k"), Policies(resource=(FOR_ALL,), boundary=SILENT)
    )
    assert [(check.check_type, check.effect) for check in evaluation.checks] == [
        (CheckType.PRINCIPAL, Effect.ALLOW),
        (CheckType.PERMISSIONS_BOUNDARY, Effect.NO_IMPACT),
    ]


def test_across_accounts_the_owner_is_a_check_of_its_own() -> None:
    access = Access(BOB, "s3:GetObject", "arn:aws:s3:::b/k", "111111111111")
    evaluation = evaluate(access, Policies(resource=(FOR_ALL,)))
    assert [(check.check_type, check.effect) for check in evaluation.checks] == [
        (CheckType.RESOURCE, Effect.ALLOW),
        (CheckType.PRINCIPAL, Effect.IMPLICIT_DENY),
    ]
    assert evaluation.deciding_check is evaluation.checks[1]


def test_a_public_bucket_is_told_apart() -> None:
    access = Access(BOB, "s3:GetObject", "arn:aws:s3:::b/k", "111111111111")
    evaluation = evaluate(access, Policies(identity=(FULL,), resource=(FOR_ALL,), restrict_public_buckets=True))
    assert evaluation.is_blocked_as_public
    assert evaluation.blockers == (PolicyType.RESOURCE,)
    assert evaluation.explain().splitlines()[2:4] == [
        "  resource's owner: DENIES",
        "    Deny by unnamed policy, statement 1 (line 1): makes the policy public, and RestrictPublicBuckets is on",
    ]


def test_the_root_user_needs_no_policy() -> None:
    evaluation = evaluate(Access(principal("arn:aws:iam::111111111111:root"), "s3:GetObject"), Policies())
    assert evaluation.explain().endswith(
        "principal's account: allows\n    no statement matches; the root user needs none"
    )
