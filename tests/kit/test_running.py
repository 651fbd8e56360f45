"""How a mock's functions are run: which resource they get, what is said of what they do not do, pages and tags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from iamsim import Simulator, UnsupportedParameter, mock_aws

from .conftest import Write

DEFINITION = """
service: ecr
resources:
  repository:
    arn: arn:{partition}:ecr:{region}:{account}:repository/{name}
    members: {repositoryName: name, repositoryNames: name, registryId: account, resourceArn: arn}
    missing: {RepositoryNotFoundException: "The repository with name '{name}' does not exist."}
    tags: {tag: TagResource, untag: UntagResource, list: ListTagsForResource, at_create: tags}
no_effect: [imageScanningConfiguration]
"""
MODULE = """
from dataclasses import dataclass

RepositoryAlreadyExistsException = error("RepositoryAlreadyExistsException")


@dataclass
class Repository(Resource, kind="repository"):
    def described(self):
        return {"repositoryArn": str(self.arn), "repositoryName": self.arn.resource.removeprefix("repository/")}


@operation
def create_repository(call: Call, *, tags: list | None = None) -> Reply:
    if call.find(Repository):
        raise RepositoryAlreadyExistsException("There is one.")
    return {"repository": call.save(Repository(call.arn, tags_in(tags))).described()}


@operation
def describe_repositories(call: Call, repositories: list[Repository]) -> Reply:
    found = repositories if "repositoryNames" in call.params else call.all(Repository)
    return call.page([each.described() for each in found], limit=100)


@operation
def delete_repository(call: Call, repository: Repository) -> Reply:
    call.delete(repository)
    return {"repository": repository.described()}


@operation
def get_repository_policy(call: Call, repository: Repository | None) -> Reply:
    return {"policyText": "none" if repository is None else repository.arn.account}
"""


@pytest.fixture
def ecr(write_mock: Write) -> Iterator[Any]:
    write_mock("ecr", DEFINITION, repository=MODULE)
    with mock_aws():
        yield boto3.client("ecr", region_name="eu-west-1")


def error_of(operation: Any, **params: Any) -> tuple[str, str, int]:
    """The code, message and status that a call is refused with."""
    with pytest.raises(ClientError) as raised:
        operation(**params)
    error, metadata = raised.value.response["Error"], raised.value.response["ResponseMetadata"]
    return error["Code"], error["Message"], metadata["HTTPStatusCode"]


class TestNotMocked:
    def test_an_operation(self, ecr: Any) -> None:
        expected = ("NotMocked", "iamsim does not simulate ecr:GetAuthorizationToken yet", 501)
        assert error_of(ecr.get_authorization_token) == expected

    def test_a_service(self, ecr: Any) -> None:
        backup = boto3.client("backup", region_name="eu-west-1")
        assert error_of(backup.list_backup_vaults) == (
            "NotMocked",
            "iamsim does not simulate the service backup yet",
            501,
        )


class TestParameters:
    def test_one_that_is_not_acted_on_warns(self, ecr: Any) -> None:
        with pytest.warns(UnsupportedParameter) as warned:
            ecr.create_repository(repositoryName="aa", imageTagMutability="IMMUTABLE")
        [warning] = warned
        assert str(warning.message) == "iamsim does not act on `imageTagMutability` of ecr:CreateRepository"

    def test_one_without_an_effect_does_not(self, ecr: Any) -> None:
        ecr.create_repository(repositoryName="aa", imageScanningConfiguration={"scanOnPush": True})


class TestNaming:
    def test_a_new_resource_is_where_the_call_went(self, ecr: Any) -> None:
        created = ecr.create_repository(repositoryName="team/aa")["repository"]
        assert created["repositoryArn"] == "arn:aws:ecr:eu-west-1:123456789012:repository/team/aa"
        assert error_of(ecr.create_repository, repositoryName="team/aa")[0] == "RepositoryAlreadyExistsException"

    def test_one_that_is_missing(self, ecr: Any) -> None:
        assert error_of(ecr.delete_repository, repositoryName="aa") == (
            "RepositoryNotFoundException",
            "The repository with name 'aa' does not exist.",
            400,
        )

    def test_one_that_may_be_missing(self, ecr: Any) -> None:
        assert ecr.get_repository_policy(repositoryName="aa")["policyText"] == "none"

    def test_several(self, ecr: Any) -> None:
        for name in ("aa", "bb", "cc"):
            ecr.create_repository(repositoryName=name)
        found = ecr.describe_repositories(repositoryNames=["cc", "aa"])["repositories"]
        assert [each["repositoryName"] for each in found] == ["cc", "aa"]
        assert error_of(ecr.describe_repositories, repositoryNames=["aa", "xx"])[0] == "RepositoryNotFoundException"

    def test_an_arn_that_cannot_be_read(self, ecr: Any) -> None:
        assert error_of(ecr.list_tags_for_resource, resourceArn="x")[0] == "RepositoryNotFoundException"

    def test_another_account_s(self, ecr: Any) -> None:
        ecr.create_repository(repositoryName="aa")
        assert ecr.get_repository_policy(repositoryName="aa", registryId="123456789012")["policyText"] == "123456789012"
        assert ecr.get_repository_policy(repositoryName="aa", registryId="210987654321")["policyText"] == "none"

    def test_regions_are_apart(self, ecr: Any) -> None:
        ecr.create_repository(repositoryName="aa")
        assert boto3.client("ecr", region_name="us-east-1").describe_repositories()["repositories"] == []

    def test_partitions(self, ecr: Any) -> None:
        china = boto3.client("ecr", region_name="cn-north-1")
        created = china.create_repository(repositoryName="aa")["repository"]
        assert created["repositoryArn"] == "arn:aws-cn:ecr:cn-north-1:123456789012:repository/aa"


class TestPages:
    NAMES = ["aa", "bb", "cc", "dd", "ee"]

    @pytest.fixture(autouse=True)
    def five(self, ecr: Any) -> None:
        for name in self.NAMES:
            ecr.create_repository(repositoryName=name)

    @pytest.mark.parametrize("size", [1, 2, 3, 5, 6])
    def test_they_add_up(self, ecr: Any, size: int) -> None:
        pages = list(ecr.get_paginator("describe_repositories").paginate(PaginationConfig={"PageSize": size}))
        names = [each["repositoryName"] for page in pages for each in page["repositories"]]
        assert names == self.NAMES
        assert len(pages) == -(-5 // size)
        assert "nextToken" not in pages[-1]

    def test_one_page_is_enough_without_a_limit(self, ecr: Any) -> None:
        assert "nextToken" not in ecr.describe_repositories()

    @pytest.mark.parametrize("token", ["x", "YWZ0ZXI6eA==", "ü"])
    def test_a_token_that_was_not_handed_out(self, ecr: Any, token: str) -> None:
        code, message, status = error_of(ecr.describe_repositories, nextToken=token)
        assert (message, status) == ("The pagination token is not valid.", 400)
        assert code.startswith(("Validation", "Invalid"))


class TestTags:
    ARN = "arn:aws:ecr:eu-west-1:123456789012:repository/aa"

    def tags(self, ecr: Any) -> dict[str, str]:
        found = ecr.list_tags_for_resource(resourceArn=self.ARN)["tags"]
        return {each["Key"]: each["Value"] for each in found}

    def test_they_come_and_go_without_code_in_the_mock(self, ecr: Any) -> None:
        ecr.create_repository(repositoryName="aa", tags=[{"Key": "x", "Value": "1"}])
        assert self.tags(ecr) == {"x": "1"}
        ecr.tag_resource(resourceArn=self.ARN, tags=[{"Key": "x", "Value": "2"}, {"Key": "y", "Value": ""}])
        assert self.tags(ecr) == {"x": "2", "y": ""}
        ecr.untag_resource(resourceArn=self.ARN, tagKeys=["x", "absent"])
        assert self.tags(ecr) == {"y": ""}

    def test_of_what_is_missing(self, ecr: Any) -> None:
        tags = [{"Key": "x", "Value": "1"}]
        assert error_of(ecr.tag_resource, resourceArn=self.ARN, tags=tags)[0] == "RepositoryNotFoundException"


def test_the_real_mocks_are_back(write_mock: Write) -> None:
    with mock_aws() as aws:
        assert isinstance(aws, Simulator)
        sqs = boto3.client("sqs", region_name="us-east-1")
        assert error_of(sqs.list_queues)[0] == "NotMocked"  # out of sight while a test has mocks of its own
