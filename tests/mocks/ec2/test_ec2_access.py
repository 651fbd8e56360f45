"""What callers of EC2 must be allowed (operations-to-actions section 6, context-keys section 11)."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from iamsim import decisions, enable_iam_authentication, mock_aws, set_initial_no_auth_action_count

ACCOUNT = "arn:aws:ec2:us-east-1:123456789012"
ANYTHING = {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}


def client_of(*statements: dict[str, Any], service: str = "ec2") -> Any:
    """A client of a new user with exactly these permissions: four calls."""
    iam = boto3.client("iam")
    iam.create_user(UserName="alice")
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    policy = iam.create_policy(PolicyName="policy", PolicyDocument=document)["Policy"]["Arn"]
    iam.attach_user_policy(UserName="alice", PolicyArn=policy)
    key = iam.create_access_key(UserName="alice")["AccessKey"]
    return boto3.client(
        service,
        region_name="us-east-1",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )


def denial(function: Any, **params: Any) -> str:
    """The message with which a call is denied."""
    with pytest.raises(ClientError) as caught:
        function(**params)
    assert caught.value.response["Error"]["Code"] == "UnauthorizedOperation"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    return str(caught.value.response["Error"]["Message"])


def allow(*actions: str, on: str | list[str] = "*", **condition: Any) -> dict[str, Any]:
    """A statement that allows the actions."""
    statement: dict[str, Any] = {"Effect": "Allow", "Action": list(actions), "Resource": on}
    return statement | ({"Condition": condition} if condition else {})


def needed() -> list[tuple[str, str]]:
    """Action and resource of every decision so far."""
    return [(each.evaluation.access.action, each.evaluation.access.resource) for each in decisions()]


@mock_aws
@set_initial_no_auth_action_count(4)
def test_who_may_only_describe_is_denied_to_run_instances():
    ec2 = client_of(allow("ec2:Describe*"))
    assert ec2.describe_instances()["Reservations"] == []
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    message = denial(ec2.run_instances, ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1)
    assert message.startswith(
        "You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/alice is not "
        f"authorized to perform: ec2:RunInstances on resource: {ACCOUNT}:instance/* because no identity-based policy "
        "allows the ec2:RunInstances action"
    )
    assert ec2.describe_instances()["Reservations"] == []


@mock_aws
@set_initial_no_auth_action_count(4)
def test_a_denied_description_names_no_resource():
    ec2 = client_of(allow("s3:*"))
    assert denial(ec2.describe_instances).endswith(
        "is not authorized to perform: ec2:DescribeInstances because no identity-based policy allows the "
        "ec2:DescribeInstances action"
    )
    assert "ec2:DescribeRegions" in denial(ec2.describe_regions, DryRun=True)


@mock_aws
@set_initial_no_auth_action_count(4)
def test_everything_that_run_instances_needs():
    ec2 = client_of(ANYTHING)
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    group = ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"]
    ec2.import_key_pair(KeyName="k", PublicKeyMaterial=b"ssh-ed25519 " + b"A" * 68)
    before = len(needed())
    ec2.run_instances(
        ImageId=image,
        InstanceType="t3.micro",
        KeyName="k",
        MinCount=1,
        MaxCount=1,
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "a", "Value": "b"}]}],
    )
    assert needed()[before:] == [
        ("ec2:RunInstances", f"{ACCOUNT}:instance/*"),
        ("ec2:RunInstances", f"arn:aws:ec2:us-east-1::image/{image}"),
        ("ec2:RunInstances", f"{ACCOUNT}:subnet/{subnet}"),
        ("ec2:RunInstances", f"{ACCOUNT}:network-interface/*"),
        ("ec2:RunInstances", f"{ACCOUNT}:security-group/{group}"),
        ("ec2:RunInstances", f"{ACCOUNT}:volume/*"),
        ("ec2:RunInstances", f"{ACCOUNT}:key-pair/k"),
        ("ec2:CreateTags", f"{ACCOUNT}:instance/*"),
    ]


@mock_aws
@set_initial_no_auth_action_count(4)
def test_tags_at_creation_need_create_tags_for_that_action():
    condition = {"StringEquals": {"ec2:CreateAction": "RunInstances", "aws:RequestTag/team": "blue"}}
    ec2 = client_of(allow("ec2:RunInstances", "ec2:Describe*", "ec2:CreateVpc"), allow("ec2:CreateTags", **condition))
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]

    def tags(kind: str, value: str) -> list[dict[str, Any]]:
        return [{"ResourceType": kind, "Tags": [{"Key": "team", "Value": value}]}]

    request = {"ImageId": image, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
    made = ec2.run_instances(**request, TagSpecifications=tags("instance", "blue"))["Instances"][0]["InstanceId"]
    assert "ec2:CreateTags" in denial(ec2.run_instances, **request, TagSpecifications=tags("instance", "red"))
    assert "ec2:CreateTags" in denial(ec2.create_vpc, CidrBlock="10.0.0.0/16", TagSpecifications=tags("vpc", "blue"))
    assert "ec2:CreateTags" in denial(ec2.create_tags, Resources=[made], Tags=[{"Key": "team", "Value": "blue"}])


@mock_aws
@set_initial_no_auth_action_count(4)
def test_conditions_on_what_is_run():
    ec2 = client_of(
        allow("ec2:Describe*"),
        allow("ec2:RunInstances", on=f"{ACCOUNT}:instance/*", StringEquals={"ec2:InstanceType": "t3.micro"}),
        allow("ec2:RunInstances", on="arn:aws:ec2:*::image/*", StringEquals={"ec2:Owner": "amazon"}),
        allow(
            "ec2:RunInstances",
            on=[f"{ACCOUNT}:subnet/*", f"{ACCOUNT}:security-group/*", f"{ACCOUNT}:network-interface/*"],
            ArnLike={"ec2:Vpc": f"{ACCOUNT}:vpc/*"},
        ),
        allow("ec2:RunInstances", on=f"{ACCOUNT}:volume/*", NumericLessThan={"ec2:VolumeSize": "10"}),
    )
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    request = {"ImageId": image, "MinCount": 1, "MaxCount": 1}
    ec2.run_instances(**request, InstanceType="t3.micro")
    assert ":instance/*" in denial(ec2.run_instances, **request, InstanceType="t3.large")
    large = [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 100}}]
    assert ":volume/*" in denial(ec2.run_instances, **request, InstanceType="t3.micro", BlockDeviceMappings=large)


@mock_aws
@set_initial_no_auth_action_count(4)
def test_what_is_there_from_the_start_has_its_keys_in_the_first_call():
    image = "ami-0c101f26f147fa7fd"  # a public one of images.yaml
    first = client_of(allow("ec2:RunInstances", StringNotEquals={"ec2:Owner": "amazon"}))
    assert f"image/{image}" in denial(first.run_instances, ImageId=image, MinCount=1, MaxCount=1)
    assert [arn.partition("/")[0] for _, arn in needed()] == [
        f"{ACCOUNT}:instance",
        "arn:aws:ec2:us-east-1::image",
    ]


@mock_aws
def test_each_instance_is_decided_by_itself():
    admin = boto3.client("ec2", region_name="us-east-1")
    image = admin.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    made = admin.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=2, MaxCount=2)["Instances"]
    mine, other = (each["InstanceId"] for each in made)
    admin.create_tags(Resources=[mine], Tags=[{"Key": "owner", "Value": "alice"}])
    ec2 = client_of(
        allow("ec2:StopInstances", StringEquals={"ec2:ResourceTag/owner": "alice"}),
        allow("ec2:StartInstances", StringEquals={"aws:ResourceTag/owner": "${aws:username}"}),
        allow("ec2:ModifyInstanceAttribute", StringEquals={"ec2:Attribute": "DisableApiTermination"}),
    )
    with enable_iam_authentication():
        ec2.stop_instances(InstanceIds=[mine])
        ec2.start_instances(InstanceIds=[mine])
        assert f":instance/{other}" in denial(ec2.stop_instances, InstanceIds=[mine, other])
        assert f":instance/{other}" in denial(ec2.start_instances, InstanceIds=[other])
        ec2.modify_instance_attribute(InstanceId=other, DisableApiTermination={"Value": True})
        denial(ec2.modify_instance_attribute, InstanceId=other, InstanceType={"Value": "t3.large"})
        with pytest.raises(ClientError, match="DryRunOperation"):
            ec2.stop_instances(InstanceIds=[mine], DryRun=True)
        denial(ec2.stop_instances, InstanceIds=[other], DryRun=True)
    states = [
        each["InstanceState"]["Name"]
        for each in admin.describe_instance_status(IncludeAllInstances=True)["InstanceStatuses"]
    ]
    assert states == ["running", "running"]


@mock_aws
def test_an_instance_profile_passes_its_role():
    iam = boto3.client("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam.create_role(
        RoleName="app", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    )
    iam.create_instance_profile(InstanceProfileName="profile")
    iam.add_role_to_instance_profile(InstanceProfileName="profile", RoleName="app")
    ec2 = client_of(ANYTHING)
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    request = {
        "ImageId": image,
        "InstanceType": "t3.micro",
        "MinCount": 1,
        "MaxCount": 1,
        "IamInstanceProfile": {"Name": "profile"},
    }
    with enable_iam_authentication():
        message = denial(ec2.run_instances, **request)
    assert "iam:PassRole on resource: arn:aws:iam::123456789012:role/app" in message
    passing = allow("iam:PassRole", StringEquals={"iam:PassedToService": "ec2.amazonaws.com"})
    document = json.dumps({"Version": "2012-10-17", "Statement": [passing]})
    iam.put_user_policy(UserName="alice", PolicyName="pass", PolicyDocument=document)
    with enable_iam_authentication():
        ec2.run_instances(**request)


@mock_aws
@set_initial_no_auth_action_count(4)
def test_an_existing_network_interface_says_where_an_instance_goes():
    ec2 = client_of(ANYTHING)
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    subnet = ec2.describe_subnets()["Subnets"][-1]["SubnetId"]
    group = ec2.create_security_group(GroupName="g", Description="g")["GroupId"]
    made = ec2.create_network_interface(SubnetId=subnet, Groups=[group])["NetworkInterface"]["NetworkInterfaceId"]
    before = len(needed())
    interfaces = [{"DeviceIndex": 0, "NetworkInterfaceId": made}]
    ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, NetworkInterfaces=interfaces)
    assert [resource for _, resource in needed()[before:]] == [
        f"{ACCOUNT}:instance/*",
        f"arn:aws:ec2:us-east-1::image/{image}",
        f"{ACCOUNT}:subnet/{subnet}",
        f"{ACCOUNT}:network-interface/{made}",
        f"{ACCOUNT}:security-group/{group}",
        f"{ACCOUNT}:volume/*",
    ]


@mock_aws
@set_initial_no_auth_action_count(4)
def test_a_new_resource_and_what_it_is_made_in():
    ec2 = client_of(ANYTHING)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
    ec2.authorize_security_group_ingress(GroupId=group, IpProtocol="tcp", FromPort=1, ToPort=2, CidrIp="0.0.0.0/0")
    ec2.create_network_interface(SubnetId=subnet, Groups=[group])
    volume = ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"]
    ec2.create_tags(Resources=[vpc, volume], Tags=[{"Key": "a", "Value": "b"}])
    assert needed() == [
        ("ec2:CreateVpc", f"{ACCOUNT}:vpc/*"),
        ("ec2:CreateSubnet", f"{ACCOUNT}:subnet/*"),
        ("ec2:CreateSubnet", f"{ACCOUNT}:vpc/{vpc}"),
        ("ec2:CreateSecurityGroup", f"{ACCOUNT}:security-group/*"),
        ("ec2:CreateSecurityGroup", f"{ACCOUNT}:vpc/{vpc}"),
        ("ec2:AuthorizeSecurityGroupIngress", f"{ACCOUNT}:security-group/{group}"),
        ("ec2:CreateNetworkInterface", f"{ACCOUNT}:network-interface/*"),
        ("ec2:CreateNetworkInterface", f"{ACCOUNT}:subnet/{subnet}"),
        ("ec2:CreateNetworkInterface", f"{ACCOUNT}:security-group/{group}"),
        ("ec2:CreateVolume", f"{ACCOUNT}:volume/*"),
        ("ec2:CreateTags", f"{ACCOUNT}:vpc/{vpc}"),
        ("ec2:CreateTags", f"{ACCOUNT}:volume/{volume}"),
    ]


@mock_aws
@set_initial_no_auth_action_count(4)
def test_what_a_call_names_by_something_else_than_its_id():
    ec2 = client_of(ANYTHING)
    group = ec2.create_security_group(GroupName="g", Description="in the default VPC")["GroupId"]
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    key = ec2.import_key_pair(KeyName="k", PublicKeyMaterial=b"ssh-ed25519 " + b"A" * 68)["KeyPairId"]
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    association = ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)["AssociationId"]
    before = len(needed())
    ec2.delete_security_group(GroupName="g")
    ec2.create_tags(Resources=[key], Tags=[{"Key": "a", "Value": "b"}])
    ec2.delete_key_pair(KeyPairId=key)
    ec2.disassociate_route_table(AssociationId=association)
    assert needed()[before:] == [
        ("ec2:DeleteSecurityGroup", f"{ACCOUNT}:security-group/{group}"),
        ("ec2:CreateTags", f"{ACCOUNT}:key-pair/k"),
        ("ec2:DeleteKeyPair", f"{ACCOUNT}:key-pair/k"),
        ("ec2:DisassociateRouteTable", f"{ACCOUNT}:route-table/{table}"),
        ("ec2:DisassociateRouteTable", f"{ACCOUNT}:subnet/{subnet}"),
    ]


@mock_aws
def test_a_passed_role_is_for_instances_of_the_region():
    iam = boto3.client("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": trust})
    iam.create_role(RoleName="web", AssumeRolePolicyDocument=document)
    iam.create_instance_profile(InstanceProfileName="web")
    iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="web")
    for_instances = {"iam:AssociatedResourceArn": f"{ACCOUNT}:instance/*"}
    ec2 = client_of(ANYTHING, allow("iam:PassRole", ArnLike=for_instances))
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    launch = {"ImageId": image, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
    with enable_iam_authentication():
        ec2.run_instances(**launch, IamInstanceProfile={"Name": "web"})


@mock_aws
def test_a_new_network_interface_has_the_vpc_and_the_zone_of_its_subnet():
    ec2 = client_of(ANYTHING)
    subnet = ec2.describe_subnets()["Subnets"][0]
    with enable_iam_authentication():
        ec2.create_network_interface(SubnetId=subnet["SubnetId"])
    made = next(each.evaluation.access for each in decisions() if each.resource.endswith("network-interface/*"))
    assert made.context["ec2:Vpc"] == f"{ACCOUNT}:vpc/{subnet['VpcId']}"
    assert made.context["ec2:Subnet"] == f"{ACCOUNT}:subnet/{subnet['SubnetId']}"
    assert made.context["ec2:AvailabilityZone"] == subnet["AvailabilityZone"]
    assert "ec2:SubnetID" not in made.context
