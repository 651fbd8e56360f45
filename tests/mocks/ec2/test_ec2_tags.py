"""Tags of all kinds of resources."""

from __future__ import annotations

import pytest


def test_any_resource_can_be_tagged_by_its_id(ec2, run):
    instance = run()[0]
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    key = ec2.import_key_pair(KeyName="k", PublicKeyMaterial=b"ssh-ed25519 " + b"A" * 68)["KeyPairId"]
    rule = ec2.describe_security_group_rules()["SecurityGroupRules"][0]["SecurityGroupRuleId"]
    interface = instance["NetworkInterfaces"][0]["NetworkInterfaceId"]
    ids = [instance["InstanceId"], vpc, key, rule, interface]
    ec2.create_tags(Resources=ids, Tags=[{"Key": "team", "Value": "blue"}])
    tags = ec2.describe_tags(Filters=[{"Name": "key", "Values": ["team"]}])["Tags"]
    assert {each["ResourceId"]: each["ResourceType"] for each in tags} == dict(
        zip(ids, ("instance", "vpc", "key-pair", "security-group-rule", "network-interface"), strict=True)
    )
    assert ec2.describe_tags(Filters=[{"Name": "resource-type", "Values": ["vpc"]}])["Tags"] == [
        {"Key": "team", "Value": "blue", "ResourceId": vpc, "ResourceType": "vpc"}
    ]
    assert len(ec2.describe_tags(Filters=[{"Name": "tag:team", "Values": ["b*"]}])["Tags"]) == 5


def test_a_tag_goes_by_its_key_or_by_key_and_value(ec2):
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]

    def keys() -> list[str]:
        return [each["Key"] for each in ec2.describe_tags()["Tags"]]

    ec2.create_tags(Resources=[vpc], Tags=[{"Key": key, "Value": "1"} for key in "abc"])
    ec2.delete_tags(Resources=[vpc], Tags=[{"Key": "a", "Value": "2"}, {"Key": "b", "Value": "1"}])
    assert keys() == ["a", "c"]
    ec2.delete_tags(Resources=[vpc], Tags=[{"Key": "a"}])
    assert keys() == ["c"]
    ec2.delete_tags(Resources=[vpc])
    assert keys() == []


@pytest.mark.parametrize(
    ("resource", "key", "code", "message"),
    [
        ("nothing", "k", "InvalidID", "The ID 'nothing' is not valid"),
        ("i-12345678", "k", "InvalidInstanceID.NotFound", "The instance ID 'i-12345678' does not exist"),
        (None, "aws:k", "InvalidParameterValue", "Tag keys starting with 'aws:' are reserved for internal use"),
        (
            None,
            "k" * 129,
            "InvalidParameterValue",
            f"Tag key exceeds the maximum length of 128 characters: {'k' * 129}",
        ),
    ],
)
def test_tags_that_are_refused(ec2, refusal, resource, key, code, message):
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    tags = [{"Key": key, "Value": "v"}]
    assert refusal(ec2.create_tags, Resources=[vpc, resource or vpc], Tags=tags) == (code, message)
    assert ec2.describe_tags()["Tags"] == []
