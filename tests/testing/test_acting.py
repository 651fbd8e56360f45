"""Acting as users, roles, services, root and nobody: who the calls come from, and that they are checked."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from botocore.exceptions import ClientError

from iamsim import Simulator, UsageError, decisions, disable_iam_authentication, mock_aws
from iamsim.server import serve_in_thread
from iamsim.testing import anonymous, as_role, as_root, as_service, as_user, role, user
from iamsim.testing.acting import Actor
from tests.testing import module_level
from tests.testing.conftest import ALL_OF_S3, NO_DELETES

HOME = "123456789012"


def who(client: Any = None) -> str:
    return str((client or boto3.client("sts", region_name="us-east-1")).get_caller_identity()["Arn"])


def is_denied(call: Any, **params: Any) -> bool:
    try:
        call(**params)
    except ClientError as error:
        if error.response["Error"]["Code"] != "AccessDenied":
            raise
        return True
    return False


class TestBlock:
    def test_default_clients_act_and_are_checked(self, s3: Any, alice: Actor) -> None:
        assert not is_denied(s3.delete_object, Bucket="orders", Key="none")
        with alice:
            assert who() == f"arn:aws:iam::{HOME}:user/alice"
            assert s3.get_object(Bucket="orders", Key="1")["Body"].read() == b"42"
            assert is_denied(s3.delete_object, Bucket="orders", Key="1")
        assert who() == f"arn:aws:iam::{HOME}:root"
        assert not is_denied(s3.delete_object, Bucket="orders", Key="1")

    def test_module_level_clients_act_too(self, alice: Actor) -> None:
        assert module_level.names() == []
        with alice, pytest.raises(ClientError, match="user/alice is not authorized to perform: sqs:listqueues"):
            module_level.names()

    def test_nests(self, alice: Actor) -> None:
        bob = user("bob")
        with alice:
            with bob:
                assert who().endswith("user/bob")
                with alice:
                    assert who().endswith("user/alice")
            assert who().endswith("user/alice")

    def test_ends_with_an_exception(self, alice: Actor) -> None:
        with pytest.raises(ZeroDivisionError), alice:
            1 / 0  # noqa: B018
        assert who().endswith(":root")

    def test_threads_act_too(self, s3: Any, alice: Actor) -> None:
        found: list[bool] = []

        def work() -> None:
            found.append(is_denied(s3.delete_object, Bucket="orders", Key="1"))

        with alice:
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
        assert found == [True]

    def test_presigned_urls_are_the_actors(self, s3: Any, alice: Actor) -> None:
        with alice:
            get = s3.generate_presigned_url("get_object", {"Bucket": "orders", "Key": "1"})
            delete = s3.generate_presigned_url("delete_object", {"Bucket": "orders", "Key": "1"})
            assert requests.get(get, timeout=5).content == b"42"
            assert requests.delete(delete, timeout=5).status_code == 403

    def test_clients_with_credentials_of_the_simulator_keep_theirs(self, alice: Actor) -> None:
        iam = boto3.client("iam", region_name="us-east-1")
        user("bob")
        key = iam.create_access_key(UserName="bob")["AccessKey"]
        sts = boto3.client(
            "sts",
            region_name="us-east-1",
            aws_access_key_id=key["AccessKeyId"],
            aws_secret_access_key=key["SecretAccessKey"],
        )
        with alice:
            assert who(sts).endswith("user/bob")
            iam_of_root = as_root().client("iam")
            iam_of_root.delete_access_key(UserName="bob", AccessKeyId=key["AccessKeyId"])
            with pytest.raises(ClientError, match="InvalidClientTokenId"):
                who(sts)

    def test_the_innermost_switch_wins(self, s3: Any, alice: Actor) -> None:
        with alice, disable_iam_authentication():
            assert not is_denied(s3.delete_object, Bucket="orders", Key="1")

    def test_as_decorator(self, s3: Any, alice: Actor) -> None:
        @as_user("alice")
        def works() -> str:
            return who()

        @as_user("alice")
        async def works_later() -> str:
            await asyncio.sleep(0)
            return who()

        with pytest.raises(UsageError, match="`user alice` decorates functions"):

            @as_user("alice")
            class Works: ...

        assert works() == asyncio.run(works_later()) == f"arn:aws:iam::{HOME}:user/alice"


def test_asynchronous_clients_act_too(alice: Actor) -> None:
    aiobotocore = pytest.importorskip("aiobotocore.session")

    async def who_calls() -> str:
        async with aiobotocore.get_session().create_client("sts", region_name="us-east-1") as sts:
            return str((await sts.get_caller_identity())["Arn"])

    with alice:
        assert asyncio.run(who_calls()) == f"arn:aws:iam::{HOME}:user/alice"
    assert asyncio.run(who_calls()) == f"arn:aws:iam::{HOME}:root"


class TestOwnClients:
    def test_are_checked_outside_a_block(self, alice: Actor) -> None:
        assert is_denied(alice.client("s3").delete_object, Bucket="orders", Key="1")
        assert who(alice.client("sts")).endswith("user/alice")
        assert [each.principal for each in decisions()] == [alice.arn]

    def test_session_and_resource(self, alice: Actor) -> None:
        assert who(alice.session.client("sts")).endswith("user/alice")
        assert alice.resource("s3").Object("orders", "1").get()["Body"].read() == b"42"

    def test_keep_who_they_are_inside_somebody_elses_block(self, alice: Actor) -> None:
        sts = alice.client("sts")
        with user("bob"):
            assert who(sts).endswith("user/alice")

    def test_region(self, alice: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
        assert alice.client("sqs", region_name="eu-west-1").meta.region_name == "eu-west-1"
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")
        assert alice.session.region_name == "eu-west-3"

    def test_acting_leaves_no_access_keys_behind(self, alice: Actor) -> None:
        assert who(alice.client("sts"))
        iam = boto3.client("iam", region_name="us-east-1")
        assert iam.list_access_keys(UserName="alice")["AccessKeyMetadata"] == []


PROGRAM = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn']); boto3.client('sqs').list_queues()"


class TestOtherPrograms:
    def test_act_through_a_server(self, aws: Simulator, tmp_path: Path) -> None:
        role("app")
        for who, arn in ((user("alice"), "iam::123456789012:user/alice"), (as_role("app"), "assumed-role/app/session")):
            with serve_in_thread(aws) as server, who:
                variables = {**os.environ, **who.environment(server.url)}
                command = [sys.executable, "-c", PROGRAM]
                run = subprocess.run(command, env=variables, cwd=tmp_path, capture_output=True, text=True)
            assert run.stdout.strip().endswith(arn)
            assert f"{arn} is not authorized to perform: sqs:listqueues" in run.stderr
        with pytest.raises(UsageError, match="`anonymous` has no credentials"):
            anonymous().environment()


class TestRole:
    def test_by_name_and_arn(self, aws: Simulator) -> None:
        made = role("app", ALL_OF_S3)
        assert made.arn == f"arn:aws:sts::{HOME}:assumed-role/app/session"
        by_arn = as_role(f"arn:aws:iam::{HOME}:role/app", session_name="night-run")
        with by_arn:
            assert who() == f"arn:aws:sts::{HOME}:assumed-role/app/night-run"

    def test_tags_and_session_policy(self, s3: Any) -> None:
        tagged = {"StringEquals": {"aws:PrincipalTag/team": "red"}}
        role("app", ALL_OF_S3 | {"Condition": tagged})
        with as_role("app"):
            assert is_denied(s3.get_object, Bucket="orders", Key="1")
        with as_role("app", tags={"team": "red"}):
            assert not is_denied(s3.get_object, Bucket="orders", Key="1")
        with as_role("app", tags={"team": "red"}, policy=NO_DELETES):
            assert is_denied(s3.get_object, Bucket="orders", Key="1")  # the session policy allows nothing
        with as_role("app", tags={"team": "red"}, policy_arns=["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]):
            assert not is_denied(s3.get_object, Bucket="orders", Key="1")
            assert is_denied(s3.delete_object, Bucket="orders", Key="1")

    def test_of_another_account(self, aws: Simulator) -> None:
        theirs = role("app", account="222222222222")
        assert theirs.arn == "arn:aws:sts::222222222222:assumed-role/app/session"

    def test_the_same_session_while_the_simulator_is_on(self, aws: Simulator) -> None:
        app = role("app")
        assert app.principal is app.principal


class TestOthers:
    def test_service(self, aws: Simulator) -> None:
        sqs = boto3.client("sqs", region_name="us-east-1")
        topic = f"arn:aws:sns:us-east-1:{HOME}:news"
        queue = f"arn:aws:sqs:us-east-1:{HOME}:orders"
        policy = (
            '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"},'
            f'"Action": "sqs:SendMessage", "Resource": "{queue}",'
            f'"Condition": {{"ArnEquals": {{"aws:SourceArn": "{topic}"}}}}}}}}'
        )
        url = sqs.create_queue(QueueName="orders", Attributes={"Policy": policy})["QueueUrl"]
        with as_service("sns.amazonaws.com", source_arn=topic):
            assert not is_denied(sqs.send_message, QueueUrl=url, MessageBody="x")
        with as_service("sns.amazonaws.com", source_arn=topic + "-other"):
            assert is_denied(sqs.send_message, QueueUrl=url, MessageBody="x")
        with pytest.raises(UsageError, match="`sns` is no service principal"):
            as_service("sns")

    def test_root(self, s3: Any) -> None:
        with as_root():
            assert not is_denied(s3.delete_object, Bucket="orders", Key="1")
            assert decisions()[-1].principal == f"arn:aws:iam::{HOME}:root"
        with as_root("222222222222"):
            assert who() == "arn:aws:iam::222222222222:root"
            assert is_denied(s3.get_object, Bucket="orders", Key="1")

    def test_anonymous(self, s3: Any) -> None:
        with anonymous():
            assert is_denied(s3.get_object, Bucket="orders", Key="1")
            assert decisions()[-1].principal == "anonymous"
        assert is_denied(anonymous().client("s3").get_object, Bucket="orders", Key="1")
        public = (
            '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",'
            '"Resource": "arn:aws:s3:::orders/*"}}'
        )
        s3.delete_public_access_block(Bucket="orders")
        s3.put_bucket_policy(Bucket="orders", Policy=public)
        assert not is_denied(anonymous().client("s3").get_object, Bucket="orders", Key="1")


class TestWhoIsNotThere:
    def test_says_whom_it_may_have_meant(self, alice: Actor) -> None:
        with pytest.raises(UsageError) as raised:
            as_user("alise").__enter__()
        assert str(raised.value) == (
            "the simulator has no user `alise`: did you mean `alice`? (make one with IAM's API or `user(...)`)"
        )
        with pytest.raises(UsageError) as raised:
            _ = as_role("app").arn
        assert str(raised.value) == (
            "the simulator has no role `app`: known are none (make one with IAM's API or `role(...)`)"
        )

    def test_a_role_is_no_user(self, alice: Actor) -> None:
        role("app")
        with pytest.raises(UsageError, match=r"`app` is a role: act as it with `as_role\(...\)`"):
            as_user("app").__enter__()
        with pytest.raises(UsageError, match=r"user/alice` is a user: act as it with `as_user\(...\)`"):
            as_role("arn:aws:iam::123456789012:user/alice").__enter__()

    def test_in_another_account(self, aws: Simulator) -> None:
        role("app", account="222222222222", path="/x/")
        with pytest.raises(UsageError) as raised:
            _ = as_role("app").arn
        assert str(raised.value) == (
            "the simulator has no role `app`: there is `arn:aws:iam::222222222222:role/x/app`: give that ARN, or "
            "`account=` (make one with IAM's API or `role(...)`)"
        )
        assert as_role("app", account="222222222222").arn == "arn:aws:sts::222222222222:assumed-role/app/session"

    def test_without_a_simulator(self) -> None:
        carol = as_user("carol")  # nobody is looked up yet
        with pytest.raises(UsageError, match="no simulator is on"):
            _ = carol.arn

    def test_an_actor_is_looked_up_anew_in_each_simulator(self) -> None:
        carol = as_user("carol")
        for _ in range(2):
            with mock_aws():
                user("carol")
                with carol:
                    assert who().endswith("user/carol")


class TestArranging:
    def test_user_with_everything(self, s3: Any, tmp_path: Path) -> None:
        (tmp_path / "reads.yaml").write_text(
            "Version: 2012-10-17\nStatement:\n  - Effect: Allow\n    Action: s3:GetObject\n    Resource: '*'\n"
        )
        iam = boto3.client("iam", region_name="us-east-1")
        user(
            "carol",
            [tmp_path / "reads.yaml", "arn:aws:iam::aws:policy/AmazonSQSFullAccess", NO_DELETES],
            boundary=ALL_OF_S3,
            groups={"writers": {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}},
            tags={"team": "red"},
            path="/people/",
        )
        assert iam.list_user_policies(UserName="carol")["PolicyNames"] == ["policy-3", "reads"]
        attached = iam.list_attached_user_policies(UserName="carol")["AttachedPolicies"]
        assert [each["PolicyName"] for each in attached] == ["AmazonSQSFullAccess"]
        found = iam.get_user(UserName="carol")["User"]
        assert found["Arn"] == f"arn:aws:iam::{HOME}:user/people/carol"
        assert found["PermissionsBoundary"]["PermissionsBoundaryArn"] == f"arn:aws:iam::{HOME}:policy/carol-boundary"
        assert found["Tags"] == [{"Key": "team", "Value": "red"}]
        with as_user("carol"):
            assert not is_denied(s3.put_object, Bucket="orders", Key="2", Body=b"")
            assert is_denied(boto3.client("sqs", region_name="us-east-1").list_queues)  # by the boundary

    def test_arranging_is_never_checked_nor_counted(self, alice: Actor) -> None:
        with alice:
            user("bob")
            assert len(decisions()) == 0

    @pytest.mark.parametrize(
        ("trusts", "principal"),
        [
            ("lambda.amazonaws.com", {"Service": "lambda.amazonaws.com"}),
            ("222222222222", {"AWS": "arn:aws:iam::222222222222:root"}),
            (["ec2.amazonaws.com", "222222222222"], None),
            ({"Federated": "accounts.google.com"}, {"Federated": "accounts.google.com"}),
            (None, {"AWS": f"arn:aws:iam::{HOME}:root"}),
        ],
    )
    def test_trusts(self, aws: Simulator, trusts: Any, principal: Any) -> None:
        role("app", trusts=trusts)
        iam = boto3.client("iam", region_name="us-east-1")
        document = iam.get_role(RoleName="app")["Role"]["AssumeRolePolicyDocument"]
        found = document["Statement"][0]["Principal"]
        flat = {key: value[0] if isinstance(value, list) else value for key, value in found.items()}
        if principal is None:
            assert found.keys() == {"Service", "AWS"}
        else:
            assert flat == principal

    def test_a_role_that_trusts_a_user(self, alice: Actor) -> None:
        made = role("app", trusts=alice)
        bob = user("bob")
        arn = made.principal.entity_arn
        assert alice.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
        assert is_denied(bob.client("sts").assume_role, RoleArn=arn, RoleSessionName="test")

    @pytest.mark.parametrize(
        ("policies", "message"),
        [
            (
                {"Effect": "Alow", "Action": "s3:*", "Resource": "*"},
                "policy `policy-1`, line 5, column 7: The policy failed legacy",
            ),
            ("none.json", "`policies`: there is no file `none.json` below "),
            ([{"Sid": "x"}], "`policies[0]` is no policy: it has neither `Statement` (a document) nor `Effect`"),
            ([7], "`policies[0]` is `7`: give a document, a statement, a file, or a managed policy's ARN"),
            ("arn:aws:iam::aws:policy/None", "user(`x`): AttachUserPolicy: NoSuchEntity"),
        ],
    )
    def test_what_is_no_policy(self, aws: Simulator, policies: Any, message: str) -> None:
        with pytest.raises(UsageError) as raised:
            user("x", policies)
        assert message in str(raised.value)


class TestVia:
    """Forward access sessions (R-122): a service calls with the permissions of who uses it."""

    CHAIN = ("cloudformation.amazonaws.com", "dynamodb.amazonaws.com")

    @staticmethod
    def context() -> dict[str, Any]:
        return dict(decisions()[-1].evaluation.access.context)

    def test_the_caller_stays_who_it_is(self, s3: Any, alice: Actor) -> None:
        with alice.via(*self.CHAIN):
            assert who() == f"arn:aws:iam::{HOME}:user/alice"
            s3.get_object(Bucket="orders", Key="1")
            assert self.context()["aws:CalledVia"] == list(self.CHAIN)
            assert self.context()["aws:username"] == "alice"
            assert is_denied(s3.delete_object, Bucket="orders", Key="1")  # T-40
        alice.client("s3").get_object(Bucket="orders", Key="1")
        assert "aws:CalledVia" not in self.context()

    def test_chains_grow(self, alice: Actor) -> None:
        first, last = self.CHAIN
        alice.via(first).via(last).client("s3").get_object(Bucket="orders", Key="1")
        assert self.context()["aws:CalledVia"] == list(self.CHAIN)

    def test_sessions_keep_what_they_carry(self, aws: Simulator) -> None:
        role("app", ALL_OF_S3)
        app = as_role("app", tags={"team": "red"}, source_identity="alice")
        app.via("athena.amazonaws.com").client("s3").get_object(Bucket="orders", Key="1")
        found = self.context()
        assert (found["aws:PrincipalTag/team"], found["aws:SourceIdentity"]) == ("red", "alice")

    def test_only_somebodys_request_is_forwarded(self, aws: Simulator, alice: Actor) -> None:
        for nobody in (as_service("sns.amazonaws.com"), anonymous()):
            with pytest.raises(UsageError, match=r"cannot call via athena\.amazonaws\.com"):
                nobody.via("athena.amazonaws.com").client("s3")
        with pytest.raises(UsageError, match="`athena` is no service principal"):
            alice.via("athena")


WITH_MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "NumericLessThan": {"aws:MultiFactorAuthAge": "60"}}


def test_a_second_factor(s3: Any) -> None:
    reads = ALL_OF_S3 | {"Condition": WITH_MFA}
    user("alice", reads)
    role("app", reads)
    for plain, with_mfa in ((as_user("alice"), as_user("alice", mfa=True)), (as_role("app"), as_role("app", mfa=True))):
        assert is_denied(plain.client("s3").get_object, Bucket="orders", Key="1")
        assert not is_denied(with_mfa.client("s3").get_object, Bucket="orders", Key="1")


def test_keys_that_stay_with_a_session(s3: Any) -> None:
    """A statement that wants the newer instance metadata service; Source: IAM User Guide, ec2:RoleDelivery."""
    old = {"NumericLessThan": {"ec2:RoleDelivery": "2.0"}}
    role("app", [ALL_OF_S3, {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": old}])
    for version, denied in (("1.0", True), ("2.0", False)):
        session = as_role("app", keys={"ec2:RoleDelivery": version})
        assert is_denied(session.client("s3").get_object, Bucket="orders", Key="1") is denied
    assert not is_denied(as_role("app").client("s3").get_object, Bucket="orders", Key="1")


def test_a_service_with_several_names(aws: Simulator) -> None:
    names = ["s3.amazonaws.com", "logging.s3.amazonaws.com"]
    service = as_service("logging.s3.amazonaws.com", names=names, source_arn="arn:aws:s3:::orders", source_account=HOME)
    with pytest.raises(ClientError):
        service.client("s3", region_name="us-east-1").get_object(Bucket="orders", Key="1")
    found = decisions()[-1].evaluation.access.context
    assert found["aws:PrincipalServiceName"] == "logging.s3.amazonaws.com"
    assert found["aws:PrincipalServiceNamesList"] == names
    assert found["aws:SourceAccount"] == HOME
