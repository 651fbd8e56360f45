"""`organization(...)`: readable arrangements, mistakes that say what is wrong, and where its state goes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from iamsim import Simulator, UsageError, mock_aws
from iamsim.testing import as_root, assert_allowed, assert_denied, expect_denied, organization
from iamsim.testing.acting import Actor

HOME, SIBLING = "123456789012", "222222222222"
NO_QUEUES = {"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}
NO_READS = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
ORDER = "arn:aws:s3:::orders/1"


class TestArrangement:
    def test_the_simulators_account_at_the_root(self, alice: Actor) -> None:
        made = organization(rcps=NO_READS)
        assert made.accounts == {HOME: "", "999999999999": ""}
        assert made.path() == f"{made.id}/{made.root_id}/"
        with expect_denied("s3:GetObject", by="rcp"):
            alice.client("s3").get_object(Bucket="orders", Key="1")

    def test_units_by_their_paths(self, aws: Simulator) -> None:
        made = organization({HOME: "Workloads/Prod", SIBLING: "Security"})
        assert list(made.units) == ["Security", "Workloads", "Workloads/Prod"]
        prod = made.units["Workloads/Prod"]
        assert made.path("Workloads/Prod") == f"{made.path('Workloads')}{prod}/"
        assert prod.startswith(f"ou-{made.root_id[2:]}-")
        assert made.arn("Workloads/Prod") == f"arn:aws:organizations::999999999999:ou/{made.id}/{prod}"

    def test_ids_are_the_same_in_every_run(self) -> None:
        found = []
        for _ in range(2):
            with mock_aws():
                made = organization({HOME: "Workloads"}, scps=NO_QUEUES)
                assert made.scps is not None
                found.append((made.id, made.units, [each.arn for each in made.scps[""]]))
        assert found[0] == found[1]

    def test_policies_from_files_and_by_name(self, aws: Simulator, tmp_path: Path) -> None:
        document = {"Version": "2012-10-17", "Statement": NO_QUEUES}
        (tmp_path / "queues.json").write_text(json.dumps(document))
        made = organization({HOME: "Team"}, scps={"root": tmp_path / "queues.json", "Team": {"mine": document}})
        assert made.scps is not None
        assert [each.name for each in made.scps[""]] == ["FullAWSAccess", "queues"]
        assert [each.name for each in made.scps["Team"]] == ["FullAWSAccess", "mine"]

    def test_the_id_that_policies_have(self, aws: Simulator) -> None:
        organization(scps=NO_QUEUES)
        made = organization(organization_id="o-exampleorg")
        assert made.path() == f"o-exampleorg/{made.root_id}/"
        as_root().client("sqs", region_name="us-east-1").list_queues()

    def test_full_access_given_by_its_arn(self, aws: Simulator) -> None:
        full = "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"
        made = organization(scps={"root": full}, without_full_access=["root"])
        assert made.scps is not None
        assert [each.arn for each in made.scps[""]] == [full]

    def test_assertions_ask_it_too(self, alice: Actor) -> None:
        assert_allowed("alice", "s3:GetObject", ORDER)
        organization(rcps=NO_READS)
        assert_denied("alice", "s3:GetObject", ORDER, by="rcp", explicit=True)


class TestMistakes:
    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"accounts": ["12"]}, "`12` is no account: give its number of 12 digits"),
            (
                {"accounts": {HOME: "Workloads"}, "scps": {"Workload": NO_QUEUES}},
                "`scps` has `Workload`, which is no unit or account of the organization: did you mean `Workloads`?",
            ),
            (
                {"without_full_access": ["nowhere"]},
                "`without_full_access` has `nowhere`, which is no unit or account of the organization: known are root, "
                "123456789012, 999999999999",
            ),
            (
                {"rcps": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}},
                "`rcps`: The provided policy document does not meet the requirements of the specified policy type. "
                "(an RCP can only deny)",
            ),
            (
                {"scps": {"root": "arn:aws:iam::aws:policy/ReadOnlyAccess"}},
                "`scps['root']` has `arn:aws:iam::aws:policy/ReadOnlyAccess`, which is not known: give its document",
            ),
        ],
    )
    def test_what_cannot_be_meant(self, aws: Simulator, options: dict[str, Any], message: str) -> None:
        with pytest.raises(UsageError) as caught:
            organization(**options)
        assert str(caught.value) == message

    def test_an_account_of_two_organizations(self, aws: Simulator) -> None:
        first = organization([HOME])
        with pytest.raises(UsageError, match=f"account {HOME} already belongs to the organization {first.id}"):
            organization([HOME], management=SIBLING)

    def test_no_simulator(self) -> None:
        with pytest.raises(UsageError, match="no simulator is on"):
            organization()


class TestState:
    def test_reset_forgets_it(self, aws: Simulator) -> None:
        organization(scps=NO_QUEUES)
        aws.reset()
        as_root().client("sqs", region_name="us-east-1").list_queues()

    def test_a_snapshot_has_it(self, aws: Simulator) -> None:
        sqs = as_root().client("sqs", region_name="us-east-1")
        before = aws.snapshot()
        organization(scps=NO_QUEUES)
        within = aws.snapshot()
        aws.restore(before)
        sqs.list_queues()
        aws.restore(within)
        with expect_denied("sqs:ListQueues", by="scp"):
            sqs.list_queues()
