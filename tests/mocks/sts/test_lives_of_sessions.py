"""How long sessions live, what ends them, and what goes along when one role assumes the next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from iamsim import Clock, Simulator, enable_iam_authentication, mock_aws
from iamsim.testing import organization, user
from tests.mocks.iam.documents import ACCOUNT, OTHER_ACCOUNT, allow, client_of, deny, make_user, refused, trust

ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"
NEXT = f"arn:aws:iam::{ACCOUNT}:role/next"
NO_TOKEN = "The security token included in the request is invalid."
EXPIRED = "The security token included in the request is expired"
CHAINED = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
ALL_OF_STS = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]


@pytest.fixture(autouse=True)
def aws() -> Iterator[Simulator]:
    with mock_aws(clock=Clock(at=1_800_000_000)) as simulator:
        yield simulator


def make_role(name: str, *policies: str, trusts: Any = ACCOUNT, actions: Any = ALL_OF_STS, **options: Any) -> None:
    iam = boto3.client("iam")
    options.setdefault("AssumeRolePolicyDocument", trust({"AWS": trusts}, actions))
    iam.create_role(RoleName=name, **options)
    for index, document in enumerate(policies):
        iam.put_role_policy(RoleName=name, PolicyName=f"p{index}", PolicyDocument=document)


def assume(sts: Any, role: str = ROLE, **more: Any) -> dict[str, Any]:
    reply: dict[str, Any] = sts.assume_role(RoleArn=role, RoleSessionName="session", **more)
    return reply


class TestDurations:
    @pytest.mark.parametrize("seconds", [900, 3600, 7200])
    def test_a_session_ends_to_the_second(self, aws: Simulator, seconds: int) -> None:
        """A-50."""
        make_role("r", allow("iam:ListRoles"), MaxSessionDuration=7200)
        session = assume(boto3.client("sts"), DurationSeconds=seconds)["Credentials"]
        assert session["Expiration"].timestamp() == 1_800_000_000 + seconds
        inside = client_of(session, "iam")
        with enable_iam_authentication():
            aws.cloud.clock.advance(seconds - 1)
            inside.list_roles()
            aws.cloud.clock.advance(1)
            with refused("ExpiredToken", EXPIRED, 403):
                inside.list_roles()

    @pytest.mark.parametrize("seconds", [899, 43_201])
    def test_what_no_role_may_have(self, seconds: int) -> None:
        sts = boto3.client("sts", config=Config(parameter_validation=False))
        with pytest.raises(
            sts.exceptions.ClientError, match="'durationSeconds' failed to satisfy constraint"
        ) as caught:
            assume(sts, DurationSeconds=seconds)
        assert caught.value.response["Error"]["Code"] == "ValidationError"

    def test_chains_last_an_hour(self) -> None:
        """A-51, also for a user's temporary credentials."""
        make_role("r", allow("sts:*"), MaxSessionDuration=43_200)
        alice = client_of(make_user("alice", allow("sts:*")), "sts")
        with enable_iam_authentication():
            assume(alice, DurationSeconds=43_200)
            for temporary in (assume(alice)["Credentials"], alice.get_session_token()["Credentials"]):
                sts = client_of(temporary, "sts")
                with refused("ValidationError", CHAINED, 400):
                    assume(sts, DurationSeconds=3601)
                assume(sts, DurationSeconds=3600)

    def test_of_users_and_of_root(self, aws: Simulator) -> None:
        """A-50: 12 hours unless said otherwise, an hour for root."""
        alice = client_of(make_user("alice", allow("sts:*")), "sts")
        root = boto3.client("sts")
        now = aws.cloud.clock.now()
        for sts, options, seconds in (
            (alice, {}, 43_200),
            (alice, {"DurationSeconds": 129_600}, 129_600),
            (root, {}, 3600),
            (root, {"DurationSeconds": 129_600}, 3600),
        ):
            for reply in (sts.get_session_token(**options), sts.get_federation_token(Name="bob", **options)):
                assert reply["Credentials"]["Expiration"].timestamp() == now + seconds


class TestEnds:
    def test_a_role_that_is_deleted_ends_its_sessions(self, aws: Simulator) -> None:
        make_role("r", allow(["iam:ListRoles", "s3:*", "sqs:*", "dynamodb:*", "ec2:*", "lambda:*"]))
        session = assume(boto3.client("sts"))["Credentials"]
        iam = boto3.client("iam")
        iam.delete_role_policy(RoleName="r", PolicyName="p0")
        iam.delete_role(RoleName="r")
        make_role("r", allow("*"))  # another one, that only has its name
        with enable_iam_authentication():
            with refused("InvalidClientTokenId", NO_TOKEN, 403):
                client_of(session, "sts").get_caller_identity()
            with refused("UnrecognizedClientException", NO_TOKEN, 400):
                client_of(session, "dynamodb").list_tables()
            with refused("UnrecognizedClientException", NO_TOKEN, 403):
                client_of(session, "lambda").list_functions()
            text = "AWS was not able to validate the provided access credentials"
            with refused("AuthFailure", text, 401):
                client_of(session, "ec2").describe_instances()
            text = "The AWS Access Key Id you provided does not exist in our records."
            with refused("InvalidAccessKeyId", text, 403):
                client_of(session, "s3").list_buckets()

    def test_a_role_made_anew_is_not_the_one_that_was_trusted(self) -> None:
        make_role("r", allow("sts:*"))
        make_role("next", trusts=ROLE)
        iam = boto3.client("iam")
        iam.delete_role_policy(RoleName="r", PolicyName="p0")
        iam.delete_role(RoleName="r")
        make_role("r", allow("sts:*"))
        sts = client_of(assume(boto3.client("sts"))["Credentials"], "sts")
        with (
            enable_iam_authentication(),
            pytest.raises(sts.exceptions.ClientError, match="no role trust policy allows"),
        ):
            assume(sts, NEXT)

    def test_sessions_of_a_deleted_user_end_and_role_sessions_live_on(self) -> None:
        """A-65."""
        make_role("r", allow("iam:ListRoles"))
        key = make_user("alice", allow("sts:*"))
        sts, iam = client_of(key, "sts"), boto3.client("iam")
        token, federated = sts.get_session_token()["Credentials"], sts.get_federation_token(Name="bob")["Credentials"]
        role_session = assume(sts)["Credentials"]
        iam.delete_access_key(UserName="alice", AccessKeyId=key["AccessKeyId"])
        iam.delete_user_policy(UserName="alice", PolicyName="p0")
        with enable_iam_authentication():
            client_of(token, "sts").get_caller_identity()  # the user is still there
        iam.delete_user(UserName="alice")
        with enable_iam_authentication():
            for ended in (token, federated):
                with refused("InvalidClientTokenId", NO_TOKEN, 403):
                    client_of(ended, "sts").get_caller_identity()
            client_of(role_session, "iam").list_roles()

    def test_what_a_user_loses_its_sessions_lose(self) -> None:
        """A-65: policies count as they are when the call is made."""
        key = make_user("alice", allow(["sts:*", "sqs:*"]))
        sts = client_of(key, "sts")
        everything = {"Policy": allow("*")}
        sessions = [
            sts.get_session_token()["Credentials"],
            sts.get_federation_token(Name="bob", **everything)["Credentials"],
        ]
        with enable_iam_authentication():
            for each in sessions:
                client_of(each, "sqs").list_queues()
        boto3.client("iam").put_user_policy(UserName="alice", PolicyName="p1", PolicyDocument=deny("sqs:*"))
        with enable_iam_authentication():
            for each in sessions:
                sqs = client_of(each, "sqs")
                with pytest.raises(sqs.exceptions.ClientError, match="explicit deny in an identity-based policy"):
                    sqs.list_queues()

    def test_older_sessions_are_revoked_and_newer_ones_are_not(self, aws: Simulator) -> None:
        """A-64."""
        make_role("r", allow("iam:ListRoles"))
        sts, clock = boto3.client("sts"), aws.cloud.clock
        old = client_of(assume(sts)["Credentials"], "iam")
        clock.advance(60)
        revoke = deny("*", Condition={"DateLessThan": {"aws:TokenIssueTime": "2027-01-15T08:00:30Z"}})
        boto3.client("iam").put_role_policy(RoleName="r", PolicyName="AWSRevokeOlderSessions", PolicyDocument=revoke)
        new = client_of(assume(sts)["Credentials"], "iam")
        with enable_iam_authentication():
            with pytest.raises(old.exceptions.ClientError, match="explicit deny in an identity-based policy"):
                old.list_roles()
            new.list_roles()


class TestChains:
    def test_only_the_last_roles_permissions_count(self) -> None:
        """R-41."""
        make_role("r", allow(["sts:AssumeRole", "sqs:*"]))
        make_role("next", allow("iam:ListRoles"), trusts=ROLE)
        alice = client_of(make_user("alice", allow(["sts:*", "sqs:*"])), "sts")
        with enable_iam_authentication():
            second = assume(client_of(assume(alice)["Credentials"], "sts"), NEXT)["Credentials"]
            client_of(second, "iam").list_roles()
            sqs = client_of(second, "sqs")
            with pytest.raises(sqs.exceptions.ClientError, match="no identity-based policy allows"):
                sqs.list_queues()

    def test_inherited_tags_need_permission_and_decide(self) -> None:
        """A-56; and context-keys section 7: for the trust policy a transitive tag stands in for the role's own."""
        make_role("r", allow("sts:*"))
        condition = {"StringEquals": {"aws:ResourceTag/team": "red", "iam:ResourceTag/Team": "red"}}
        document = trust({"AWS": ROLE}, ALL_OF_STS, Condition=condition)
        make_role("next", AssumeRolePolicyDocument=document, Tags=[{"Key": "TEAM", "Value": "blue"}])
        alice = client_of(make_user("alice", allow("sts:*")), "sts")
        tagged = {"Tags": [{"Key": "team", "Value": "red"}]}
        with enable_iam_authentication():
            session = client_of(assume(alice, **tagged, TransitiveTagKeys=["team"])["Credentials"], "sts")
            assume(session, NEXT)
            plain = client_of(assume(alice, **tagged)["Credentials"], "sts")
            with pytest.raises(plain.exceptions.ClientError, match="no role trust policy allows the sts:AssumeRole"):
                assume(plain, NEXT)
        iam = boto3.client("iam")
        iam.update_assume_role_policy(RoleName="next", PolicyDocument=trust({"AWS": ROLE}))
        with enable_iam_authentication():
            with pytest.raises(session.exceptions.ClientError, match="no role trust policy allows the sts:TagSession"):
                assume(session, NEXT)
            assume(plain, NEXT)

    def test_inherited_tags_win_over_the_next_roles(self) -> None:
        """A-55, A-56."""
        is_red = {"StringEquals": {"aws:PrincipalTag/team": "red"}}
        make_role("r", allow("sts:*"))
        make_role(
            "next", allow("iam:ListRoles", Condition=is_red), trusts=ROLE, Tags=[{"Key": "Team", "Value": "blue"}]
        )
        sts = boto3.client("sts")
        tags = {"Tags": [{"Key": "team", "Value": "red"}]}
        for transitive in (["team"], []):
            first = client_of(assume(sts, **tags, TransitiveTagKeys=transitive)["Credentials"], "sts")
            iam = client_of(assume(first, NEXT)["Credentials"], "iam")
            with enable_iam_authentication():
                if transitive:
                    iam.list_roles()
                else:
                    with pytest.raises(iam.exceptions.ClientError, match="no identity-based policy allows"):
                        iam.list_roles()

    def test_a_source_identity_goes_along(self, aws: Simulator) -> None:
        """A-57."""
        make_role("r", allow("sts:*"))
        make_role(
            "next", allow("iam:ListRoles", Condition={"StringEquals": {"aws:SourceIdentity": "ada"}}), trusts=ROLE
        )
        alice = client_of(make_user("alice", allow("sts:*")), "sts")
        with enable_iam_authentication():
            first = client_of(assume(alice, SourceIdentity="ada")["Credentials"], "sts")
            second = assume(first, NEXT)
            assert second["SourceIdentity"] == "ada"
            client_of(second["Credentials"], "iam").list_roles()
            with pytest.raises(first.exceptions.ClientError, match="sts:SetSourceIdentity"):
                assume(first, NEXT, SourceIdentity="eve")

    def test_inherited_tags_count_against_the_packed_size(self) -> None:
        """A-58."""
        make_role("r", allow("sts:*"))
        make_role("next", trusts=ROLE)
        tags = {"Tags": [{"Key": "team", "Value": "red"}], "TransitiveTagKeys": ["team"]}
        first = client_of(assume(boto3.client("sts"), **tags)["Credentials"], "sts")
        assert assume(first, NEXT)["PackedPolicySize"] > 0


class TestSessionPolicies:
    def test_ten_managed_policies_and_no_more(self) -> None:
        make_role("r")
        sts = boto3.client("sts")
        arns = [{"arn": f"arn:aws:iam::aws:policy/{name}"} for name in ("ReadOnlyAccess", "AdministratorAccess")] * 5
        assume(sts, PolicyArns=arns)
        with pytest.raises(sts.exceptions.ClientError, match="Member must have length less than or equal to 10"):
            assume(sts, PolicyArns=[*arns, arns[0]])

    def test_2048_characters_and_no_more(self) -> None:
        make_role("r")
        sts = boto3.client("sts")
        document = allow("iam:ListRoles")
        assume(sts, Policy=document + " " * (2048 - len(document)))
        with refused("PackedPolicyTooLarge", "Packed size of session policy consumes 101% of allotted space.", 400):
            assume(sts, Policy=document + " " * (2049 - len(document)))

    def test_a_session_policy_names_no_principal(self) -> None:
        make_role("r")
        sts = boto3.client("sts")
        with pytest.raises(sts.exceptions.MalformedPolicyDocumentException):
            assume(sts, Policy=trust({"AWS": ACCOUNT}))

    def test_it_gives_nothing_that_the_role_does_not_have(self) -> None:
        """R-77."""
        make_role("r", allow("iam:ListRoles"))
        session = client_of(assume(boto3.client("sts"), Policy=allow("iam:*"))["Credentials"], "iam")
        with enable_iam_authentication():
            session.list_roles()
            with pytest.raises(session.exceptions.ClientError, match="no identity-based policy allows"):
                session.list_users()


class TestAssumeRoot:
    def make_session(self, task: str, **options: Any) -> dict[str, Any]:
        sts = client_of(make_user("admin", allow("sts:AssumeRoot")), "sts")
        policy = {"arn": f"arn:aws:iam::aws:policy/root-task/{task}"}
        with enable_iam_authentication():
            reply = sts.assume_root(TargetPrincipal=OTHER_ACCOUNT, TaskPolicyArn=policy, **options)
        credentials: dict[str, Any] = reply["Credentials"]
        return credentials

    def test_the_task_policy_is_all_that_it_may(self, aws: Simulator) -> None:
        """A-68."""
        session = self.make_session("IAMAuditRootUserCredentials")
        assert session["Expiration"].timestamp() == aws.cloud.clock.now() + 900
        iam, s3 = client_of(session, "iam"), client_of(session, "s3")
        with enable_iam_authentication():
            iam.get_account_summary()
            assert iam.get_user()["User"]["Arn"] == f"arn:aws:iam::{OTHER_ACCOUNT}:root"
            assert iam.list_access_keys()["AccessKeyMetadata"] == iam.list_mfa_devices()["MFADevices"] == []
            assert iam.list_signing_certificates()["Certificates"] == []
            with refused("NoSuchEntity", f"Login Profile for User {OTHER_ACCOUNT} cannot be found.", 404):
                iam.get_login_profile()
            with pytest.raises(iam.exceptions.ClientError, match="with an explicit deny in a session policy"):
                iam.list_users()
            with pytest.raises(s3.exceptions.ClientError, match="with an explicit deny in a session policy"):
                s3.list_buckets()

    def test_a_locked_bucket_is_unlocked(self) -> None:
        admin = boto3.client("sts").assume_role(
            RoleArn=f"arn:aws:iam::{OTHER_ACCOUNT}:role/x", RoleSessionName="admin"
        )["Credentials"]
        theirs = client_of(admin, "s3")
        theirs.create_bucket(Bucket="locked")
        locked = deny("s3:*", ["arn:aws:s3:::locked", "arn:aws:s3:::locked/*"], Principal="*")
        theirs.put_bucket_policy(Bucket="locked", Policy=locked)
        session = client_of(self.make_session("S3UnlockBucketPolicy"), "s3")
        with enable_iam_authentication():
            session.delete_bucket_policy(Bucket="locked")
            with pytest.raises(session.exceptions.ClientError, match="with an explicit deny in a"):
                session.list_objects_v2(Bucket="locked")

    def test_a_locked_queue_is_unlocked(self) -> None:
        admin = boto3.client("sts").assume_role(
            RoleArn=f"arn:aws:iam::{OTHER_ACCOUNT}:role/x", RoleSessionName="admin"
        )["Credentials"]
        locked = deny("sqs:*", f"arn:aws:sqs:us-east-1:{OTHER_ACCOUNT}:locked", Principal="*")
        made = client_of(admin, "sqs").create_queue(QueueName="locked", Attributes={"Policy": locked})
        session = client_of(self.make_session("SQSUnlockQueuePolicy"), "sqs")
        with enable_iam_authentication():
            session.set_queue_attributes(QueueUrl=made["QueueUrl"], Attributes={"Policy": ""})
            with pytest.raises(session.exceptions.ClientError, match="with an explicit deny in a session policy"):
                session.delete_queue(QueueUrl=made["QueueUrl"])

    def test_only_the_management_account_and_only_its_members(self, aws: Simulator) -> None:
        organization([OTHER_ACCOUNT, "333333333333"], management=ACCOUNT)
        organization(["444444444444"], management="555555555555")
        self.make_session("IAMAuditRootUserCredentials")
        task = {"arn": "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"}
        ours = client_of(make_user("boss", allow("*")), "sts")
        member = user("member", allow("*"), account="333333333333").client("sts")
        for sts, account in ((ours, "444444444444"), (ours, "666666666666"), (ours, ACCOUNT), (member, OTHER_ACCOUNT)):
            with enable_iam_authentication(), pytest.raises(sts.exceptions.ClientError) as caught:
                sts.assume_root(TargetPrincipal=account, TaskPolicyArn=task)
            error = caught.value.response["Error"]
            assert (error["Code"], error["Message"].rpartition("arn:aws:iam::")[2]) == (
                "AccessDenied",
                f"{account}:root",
            )

    def test_it_lasts_a_quarter_of_an_hour(self) -> None:
        sts = boto3.client("sts")
        task = {"arn": "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"}
        with pytest.raises(sts.exceptions.ClientError, match="less than or equal to 900"):
            sts.assume_root(TargetPrincipal=OTHER_ACCOUNT, TaskPolicyArn=task, DurationSeconds=901)

    def test_root_may_not(self) -> None:
        task = {"arn": "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"}
        session = client_of(boto3.client("sts").get_session_token()["Credentials"], "sts")
        with (
            enable_iam_authentication(),
            refused("AccessDenied", "Cannot call AssumeRoot with session credentials", 403),
        ):
            session.assume_root(TargetPrincipal=OTHER_ACCOUNT, TaskPolicyArn=task)


def test_what_the_sessions_of_a_user_may_never_do() -> None:
    """A-60, A-61."""
    sts = client_of(make_user("alice", allow("*")), "sts")
    token = client_of(sts.get_session_token()["Credentials"], "sts")
    federated = client_of(sts.get_federation_token(Name="bob", Policy=allow("*"))["Credentials"], "sts")
    with enable_iam_authentication():
        for session in (token, federated):
            session.get_caller_identity()
            with refused("AccessDenied", "Cannot call GetSessionToken with session credentials", 403):
                session.get_session_token()
            with refused("AccessDenied", "Cannot call GetFederationToken with session credentials", 403):
                session.get_federation_token(Name="eve")
            with refused("AccessDenied", "Cannot call GetAccessKeyInfo with session credentials", 403):
                session.get_access_key_info(AccessKeyId="AKIAIOSFODNN7EXAMPLE")
        with refused("AccessDenied", "Cannot call AssumeRole with session credentials", 403):
            assume(federated)


class TestAccessKeyInfo:
    def test_a_key_tells_its_account_when_it_is_long_gone(self) -> None:
        """A-62, A-63."""
        sts, iam = boto3.client("sts"), boto3.client("iam")
        key = make_user("alice")["AccessKeyId"]
        theirs = sts.assume_role(RoleArn=f"arn:aws:iam::{OTHER_ACCOUNT}:role/x", RoleSessionName="session")
        iam.delete_access_key(UserName="alice", AccessKeyId=key)
        assert sts.get_access_key_info(AccessKeyId=key)["Account"] == ACCOUNT
        temporary = theirs["Credentials"]["AccessKeyId"]
        assert sts.get_access_key_info(AccessKeyId=temporary)["Account"] == OTHER_ACCOUNT
        assert (len(key), key[:4], len(temporary), temporary[:4]) == (20, "AKIA", 20, "ASIA")

    def test_a_published_key(self) -> None:
        """Observed: 2020-02, in published analyses of the form."""
        info = boto3.client("sts").get_access_key_info(AccessKeyId="ASIAQNZGKIQY56JQ7WML")
        assert info["Account"] == "029608264753"
