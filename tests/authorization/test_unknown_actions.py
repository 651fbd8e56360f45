"""Operations that nothing simulates, and those of which nobody knows what allows them: denied where AWS would deny."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from iamsim import UsageError, declare_action, enable_iam_authentication
from iamsim.authorization.declaring import declare_actions, withdraw_action
from iamsim.plan import plan, why_none

from .conftest import HOME, REGION, Account, allow

UNKNOWN = ("cloudhsm", "DeleteHapg")  # of the service that CloudHSM was before 2017
HAPG = f"arn:aws:cloudhsm:{REGION}:{HOME}:hapg/h-1"


@pytest.fixture
def declared() -> Iterator[None]:
    """What is declared in the test is taken back."""
    yield
    withdraw_action(*UNKNOWN)


def error_of(operation: Any, **params: Any) -> dict[str, Any]:
    """The error that a checked call answers with."""
    with enable_iam_authentication(), pytest.raises(ClientError) as refused:
        operation(**params)
    status = refused.value.response["ResponseMetadata"]["HTTPStatusCode"]
    return {**refused.value.response["Error"], "status": status}


class TestNotSimulated:
    """What AWS would deny is denied, whether or not there is somebody to run the call."""

    def test_a_caller_without_a_permission_is_denied(self, home: Account) -> None:
        error = error_of(home.user("alice").client("backup").describe_backup_vault, BackupVaultName="v")
        assert error["Code"] == "AccessDeniedException"
        assert error["Message"] == (
            f"User: arn:aws:iam::{HOME}:user/alice is not authorized to perform: backup:DescribeBackupVault on "
            f"resource: arn:aws:backup:{REGION}:{HOME}:backup-vault:v because no identity-based policy allows the "
            "backup:DescribeBackupVault action"
        )

    def test_a_caller_with_it_hears_that_nothing_runs_it(self, home: Account) -> None:
        backup = home.user("alice", allow("backup:DescribeBackupVault")).client("backup")
        error = error_of(backup.describe_backup_vault, BackupVaultName="v")
        assert (error["Code"], error["status"]) == ("NotMocked", 501)
        assert error["Message"] == "iamsim does not simulate the service backup yet"

    def test_conditions_on_the_request_decide(self, home: Account) -> None:
        tagged = {"Condition": {"StringEquals": {"aws:RequestTag/team": "a"}}}
        backup = home.user("alice", allow(["backup:CreateBackupVault", "backup:TagResource"], **tagged)).client(
            "backup"
        )
        wanted = {"BackupVaultName": "v"}
        assert error_of(backup.create_backup_vault, **wanted)["Code"] == "AccessDeniedException"
        assert error_of(backup.create_backup_vault, **wanted, BackupVaultTags={"team": "a"})["Code"] == "NotMocked"

    def test_an_operation_of_a_service_that_is_simulated(self, home: Account) -> None:
        key = {"Key": {"id": {"S": "1"}}, "TableName": "items"}
        home.root.client("dynamodb").create_table(
            TableName="items",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        dynamodb = home.user("alice", allow("dynamodb:GetItem")).client("dynamodb")
        error = error_of(dynamodb.create_backup, TableName="items", BackupName="kept")
        assert f"dynamodb:CreateBackup on resource: arn:aws:dynamodb:{REGION}:{HOME}:table/items" in error["Message"]
        with enable_iam_authentication():
            dynamodb.get_item(**key)

    def test_unchecked_nobody_is_asked(self, home: Account) -> None:
        with pytest.raises(ClientError) as refused:
            home.user("alice").client("backup").list_backup_vaults()
        assert refused.value.response["Error"]["Code"] == "NotMocked"


class TestUnknown:
    """Nothing is granted by a guess."""

    def test_it_is_denied_to_everybody(self, home: Account) -> None:
        hsm = home.user("admin", allow("*")).client("cloudhsm")
        error = error_of(hsm.delete_hapg, HapgArn=HAPG)
        assert (error["Code"], error["status"]) == ("AccessDeniedException", 400)
        assert error["Message"] == (
            "iamsim does not know which IAM action allows cloudhsm:DeleteHapg: the reference data have no action "
            "cloudhsm:DeleteHapg, nor one of a name near it. While IAM is enforced, it is denied. Say it before the "
            "call: iamsim.declare_action('cloudhsm', 'DeleteHapg', 'cloudhsm:DeleteHapg')"
        )
        assert error_of(home.root.client("cloudhsm").delete_hapg, HapgArn=HAPG)["Code"] == "AccessDeniedException"

    def test_unchecked_it_is_not_simulated(self, home: Account) -> None:
        with pytest.raises(ClientError) as refused:
            home.root.client("cloudhsm").delete_hapg(HapgArn=HAPG)
        assert refused.value.response["Error"]["Code"] == "NotMocked"

    def test_a_plan_assumes_its_name(self) -> None:
        """O-8"""
        checks = plan(*UNKNOWN, {"HapgArn": HAPG})
        assert [(each["action"], each["resource"]) for each in checks] == [("cloudhsm:DeleteHapg", "*")]
        assert "is assumed" in why_none(*UNKNOWN)


@pytest.mark.usefixtures("declared")
class TestDeclared:
    def test_the_declared_action_decides(self, home: Account) -> None:
        declare_action(*UNKNOWN, "cloudhsm:DeleteHapg")
        allowed = home.user("alice", allow("cloudhsm:DeleteHapg")).client("cloudhsm")
        other = home.user("bob", allow("cloudhsm:CreateHapg")).client("cloudhsm")
        assert error_of(allowed.delete_hapg, HapgArn=HAPG)["Code"] == "NotMocked"
        assert "cloudhsm:DeleteHapg" in error_of(other.delete_hapg, HapgArn=HAPG)["Message"]

    def test_on_the_declared_resource(self, home: Account) -> None:
        resource = "arn:{partition}:cloudhsm:{region}:{account}:hapg/{HapgArn}"
        declare_action(*UNKNOWN, "cloudhsm:DeleteHapg", resource=resource)
        assert [each["resource"] for each in plan(*UNKNOWN, {"HapgArn": "h-1"}, account=HOME)] == [HAPG]
        hsm = home.user("alice", allow("cloudhsm:DeleteHapg", HAPG)).client("cloudhsm")
        assert error_of(hsm.delete_hapg, HapgArn="h-1")["Code"] == "NotMocked"
        assert error_of(hsm.delete_hapg, HapgArn="h-2")["Code"] == "AccessDeniedException"

    def test_as_a_file_says(self, home: Account) -> None:
        text = """
        service: cloudhsm
        access:
          DeleteHapg:
            action: cloudhsm:DeleteHapg
            resource: arn:{partition}:cloudhsm:{region}:{account}:hapg/{HapgArn}
        """
        declare_actions(text, "actions.yaml")
        hsm = home.user("alice", allow("cloudhsm:DeleteHapg", HAPG)).client("cloudhsm")
        assert error_of(hsm.delete_hapg, HapgArn="h-1")["Code"] == "NotMocked"
        assert error_of(hsm.delete_hapg, HapgArn="h-2")["Code"] == "AccessDeniedException"

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("a: [", "actions.yaml: not YAML"),
            ("service: cloudhsm", "actions.yaml: the file must be a mapping with `service` and `access`"),
            ("{service: cloudhsm, access: [DeleteHapg]}", "actions.yaml: `access` must be a mapping of operations"),
            ("{service: cloudhsm, access: {DeleteHap: {action: 'a:B'}}}", "actions.yaml: cloudhsm has no operation"),
        ],
    )
    def test_a_file_that_cannot_be(self, text: str, message: str) -> None:
        with pytest.raises(UsageError) as refused:
            declare_actions(text, "actions.yaml")
        assert message in str(refused.value)

    def test_that_none_is_needed(self, home: Account) -> None:
        declare_action(*UNKNOWN, None)
        hsm = home.user("alice").client("cloudhsm")
        assert error_of(hsm.delete_hapg, HapgArn=HAPG)["Code"] == "NotMocked"


@pytest.mark.parametrize(
    ("service", "operation", "action", "resource", "message"),
    [
        ("clodhsm", "DeleteHapg", "a:B", "*", "does not know the service `clodhsm`: did you mean `cloudhsm`?"),
        ("cloudhsm", "DeleteHap", "a:B", "*", "cloudhsm has no operation `DeleteHap`: did you mean `DeleteHapg`?"),
        ("cloudhsm", "DeleteHapg", "Delete", "*", "`Delete` is no IAM action: write `prefix:Name`"),
        ("cloudhsm", "DeleteHapg", "a:B", "hapg", "`hapg` is no resource: give `*` or an ARN"),
        ("cloudhsm", "DeleteHapg", "a:B", "arn:aws:cloudhsm:::{HapgArm}",
         "cloudhsm:DeleteHapg has no member `HapgArm`: did you mean `HapgArn`?"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(service: str, operation: str, action: str, resource: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        declare_action(service, operation, action, resource=resource)
    assert message in str(refused.value)
