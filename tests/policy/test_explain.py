"""What an evaluation says, in full."""

from __future__ import annotations

from typing import Any

from iamsim.policy import Access, CheckType, Evaluation, KmsGrant, Policies, Policy, Principal, PrincipalKind, evaluate

ALICE = Principal(
    PrincipalKind.USER,
    "111111111111",
    "arn:aws:iam::111111111111:user/alice",
    "AIDAEXAMPLE",
    entity_arn="arn:aws:iam::111111111111:user/alice",
)
READER = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "ReadHome",
      "Effect": "Allow",
      "Action": "s3:GetObject",
      "Resource": "arn:aws:s3:::b/${aws:username}/*",
      "Condition": {"Bool": {"aws:SecureTransport": "true"}}
    },
    {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::b/alice/secret",
     "Condition": {"StringNotEquals": {"aws:PrincipalTag/team": ["blue", "red"]}}}
  ]
}"""


def ask(on: str, *, context: dict[str, Any] | None = None, action: str = "s3:GetObject", **more: Any) -> Evaluation:
    given = {"aws:username": "alice", "aws:SecureTransport": "true", **(context or {})}
    reader = Policy.parse(READER, name="reader", arn="arn:aws:iam::111111111111:policy/reader")
    return evaluate(Access(ALICE, action, on, context=given), Policies(identity=(reader,), **more))


def test_allowed() -> None:
    assert ask("arn:aws:s3:::b/alice/k").explain() == (
        "ALLOWED: arn:aws:iam::111111111111:user/alice s3:GetObject on arn:aws:s3:::b/alice/k\n"
        "  principal's account: allows\n"
        "    Allow by arn:aws:iam::111111111111:policy/reader, ReadHome (line 4)"
    )


def test_explicit_deny() -> None:
    evaluation = ask("arn:aws:s3:::b/alice/secret")
    assert evaluation.reason() == "with an explicit deny in an identity-based policy"
    assert evaluation.deciding_policy is not None
    assert evaluation.deciding_policy.name == "reader"
    assert evaluation.nearest_misses == ()
    assert evaluation.explain() == (
        "DENIED: arn:aws:iam::111111111111:user/alice s3:GetObject on arn:aws:s3:::b/alice/secret\n"
        "  with an explicit deny in an identity-based policy\n"
        "  principal's account: DENIES\n"
        "    Deny by arn:aws:iam::111111111111:policy/reader, statement 2 (line 11)\n"
        "      denies `s3:*` on `arn:aws:s3:::b/alice/secret`\n"
        '      where StringNotEquals aws:PrincipalTag/team "blue" or "red"; '
        "the request has no `aws:PrincipalTag/team`\n"
        "    Allow by arn:aws:iam::111111111111:policy/reader, ReadHome (line 4)"
    )


def test_implicit_deny_and_what_came_near() -> None:
    evaluation = ask("arn:aws:s3:::b/alice/k", context={"aws:SecureTransport": "false"})
    assert evaluation.reason("S3:GETOBJECT") == "because no identity-based policy allows the S3:GETOBJECT action"
    assert evaluation.explain() == (
        "DENIED: arn:aws:iam::111111111111:user/alice s3:GetObject on arn:aws:s3:::b/alice/k\n"
        "  because no identity-based policy allows the s3:GetObject action\n"
        "  principal's account: DOES NOT ALLOW\n"
        "    no statement allows it; nearest:\n"
        "      arn:aws:iam::111111111111:policy/reader, ReadHome (line 4): "
        'Condition wants Bool aws:SecureTransport "true"; the request has "false"'
    )


def test_a_near_miss_by_resource_shows_the_variables() -> None:
    (miss,) = ask("arn:aws:s3:::b/bob/k").nearest_misses
    assert miss.describe() == (
        "Resource wants `arn:aws:s3:::b/${aws:username}/*` (aws:username is `alice`); "
        "the request has arn:aws:s3:::b/bob/k"
    )
    assert miss.difference == "differs in the resource part: wants `b/${aws:username}/*`, has `b/bob/k`"
    (miss,) = ask("arn:aws:s3:::b/bob/k", context={"aws:username": []}).nearest_misses
    assert "(aws:username is absent)" in miss.describe()


def test_a_near_miss_by_the_version() -> None:
    old = Policy.parse(
        {"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/${aws:username}"}}
    )
    access = Access(ALICE, "s3:GetObject", "arn:aws:s3:::b/alice", context={"aws:username": "alice"})
    (miss,) = evaluate(access, Policies(identity=(old,))).nearest_misses
    assert miss.difference == "`${...}` is plain text in a document of version 2008-10-17"


def test_a_near_miss_by_action() -> None:
    (miss,) = ask("arn:aws:s3:::b/alice/k", action="s3:GetObjectAcl").nearest_misses
    assert miss.describe() == "Action wants `s3:GetObject`; the request has s3:GetObjectAcl"
    assert ask("arn:aws:s3:::b/alice/k", action="sqs:SendMessage").nearest_misses == ()
    assert ask("arn:aws:s3:::b/alice/k", action="s3:PutObject").nearest_misses == ()


def test_a_near_miss_by_principal() -> None:
    bucket = Policy.parse(
        {"Statement": {"Effect": "Allow", "Principal": {"AWS": "222222222222"}, "Action": "s3:*", "Resource": "*"}},
        name="bucket policy",
    )
    evaluation = ask("arn:aws:s3:::b/bob/k", resource=(bucket,), resource_must_allow=True)
    assert [miss.describe() for miss in evaluation.nearest_misses] == [
        "Principal wants `AWS 222222222222`; the request has arn:aws:iam::111111111111:user/alice"
    ]


def test_as_data() -> None:
    full = Policy.parse('{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}', name="full")
    evaluation = ask("arn:aws:s3:::b/alice/k", scps=((full,),), scp_targets=("arn:aws:organizations::1:root/o/r",))
    assert evaluation.to_dict() == {
        "action": "s3:GetObject",
        "resource": "arn:aws:s3:::b/alice/k",
        "principal": "arn:aws:iam::111111111111:user/alice",
        "evaluatedEffect": "ALLOW",
        "reason": "",
        "checks": [
            {
                "checkType": "SERVICE_CONTROL_POLICY",
                "evaluatedEffect": "ALLOW",
                "targetArn": "arn:aws:organizations::1:root/o/r",
                "relevantPolicyTypes": ["SERVICE_CONTROL_POLICY"],
                "matchedPolicies": [
                    {
                        "uri": "full",
                        "type": "SERVICE_CONTROL_POLICY",
                        "matchedStatements": [
                            {"sid": "statement 1", "evaluatedEffect": "ALLOW", "line": 1, "column": 15}
                        ],
                    }
                ],
            },
            {
                "checkType": "PRINCIPAL",
                "evaluatedEffect": "ALLOW",
                "relevantPolicyTypes": ["IDENTITY_BASED_POLICY", "RESOURCE_BASED_POLICY"],
                "matchedPolicies": [
                    {
                        "uri": "arn:aws:iam::111111111111:policy/reader",
                        "type": "IDENTITY_BASED_POLICY",
                        "matchedStatements": [{"sid": "ReadHome", "evaluatedEffect": "ALLOW", "line": 4, "column": 5}],
                    }
                ],
            },
        ],
        "nearestMisses": [],
    }


def test_no_permission_needed() -> None:
    evaluation = ask("*", action="sts:GetCallerIdentity")
    assert evaluation.checks == ()
    assert evaluation.deciding_check is None
    assert evaluation.explain().endswith("\n  needs no permission")


def test_a_grant() -> None:
    grant = KmsGrant("g1", ALICE.arn, frozenset({"Decrypt"}))
    key = "arn:aws:kms:eu-west-1:111111111111:key/k"
    evaluation = ask(key, action="kms:Decrypt", grants=(grant,), resource_must_allow=True)
    assert [check.check_type for check in evaluation.checks] == [CheckType.RESOURCE, CheckType.PRINCIPAL]
    assert "Allow by KMS grant g1 to arn:aws:iam::111111111111:user/alice" in evaluation.explain()
    assert evaluation.deciding_check is not None
    assert evaluation.deciding_check.check_type is CheckType.RESOURCE
