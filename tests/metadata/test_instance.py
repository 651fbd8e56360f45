"""What code on an instance is told at 169.254.169.254, in both versions of the service."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
import requests
from botocore.exceptions import ClientError

from iamsim.errors import UsageError
from iamsim.simulator import Simulator
from iamsim.testing import decisions, from_network, on_instance

BASE = "http://169.254.169.254"
TTL, TOKEN = "X-aws-ec2-metadata-token-ttl-seconds", "X-aws-ec2-metadata-token"
Launch = Callable[..., str]


def get(path: str, token: str | None = None) -> requests.Response:
    return requests.get(BASE + path, headers={TOKEN: token} if token else {}, timeout=1)


def new_token(ttl: str = "60", **headers: str) -> requests.Response:
    return requests.put(f"{BASE}/latest/api/token", headers={TTL: ttl, **headers}, timeout=1)


def described(instance: str) -> dict[str, Any]:
    ec2 = boto3.client("ec2", region_name="eu-west-1")
    found: dict[str, Any] = ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]
    return found


def test_boto3_finds_the_credentials_of_the_role(launch: Launch, allow: Callable[..., None]) -> None:
    allow("s3:ListAllMyBuckets")
    instance = launch()
    with on_instance(instance):
        caller = boto3.client("sts").get_caller_identity()
        assert caller["Arn"] == f"arn:aws:sts::123456789012:assumed-role/app/{instance}"
        assert boto3.client("s3").list_buckets()["Buckets"] == []
        with pytest.raises(ClientError) as refused:
            boto3.client("s3").create_bucket(Bucket="orders")
        assert refused.value.response["Error"]["Code"] == "AccessDenied"
    assert boto3.client("sts").get_caller_identity()["Arn"].endswith(":root")


def test_the_calls_of_an_instance_carry_its_keys(launch: Launch, allow: Callable[..., None]) -> None:
    instance = launch()
    machine = described(instance)
    allow(
        "s3:ListAllMyBuckets",
        ArnEquals={"ec2:SourceInstanceARN": f"arn:aws:ec2:eu-west-1:123456789012:instance/{instance}"},
        NumericEquals={"ec2:RoleDelivery": "2.0"},
        StringEquals={"aws:Ec2InstanceSourceVpc": machine["VpcId"]},
        IpAddress={"aws:Ec2InstanceSourcePrivateIPv4": machine["PrivateIpAddress"]},
    )
    with on_instance(instance):
        assert boto3.client("s3").list_buckets()["Buckets"] == []
    with on_instance(launch()), pytest.raises(ClientError):
        boto3.client("s3").list_buckets()


def test_calls_come_from_the_address_of_the_instance(launch: Launch, allow: Callable[..., None]) -> None:
    instance = launch()
    allow("s3:ListAllMyBuckets", IpAddress={"aws:SourceIp": described(instance)["PublicIpAddress"]})
    with on_instance(instance):
        assert boto3.client("s3").list_buckets()["Buckets"] == []
        with from_network("203.0.113.9"), pytest.raises(ClientError):
            boto3.client("s3").list_buckets()
    with from_network("203.0.113.9"), on_instance(instance), pytest.raises(ClientError):
        boto3.client("s3").list_buckets()


def test_credentials_that_were_told_without_a_token_say_so(launch: Launch, allow: Callable[..., None]) -> None:
    allow("s3:ListAllMyBuckets", NumericEquals={"ec2:RoleDelivery": "2.0"})
    with on_instance(launch()):
        for token, can_list in ((None, False), (new_token().text, True)):
            told = get("/latest/meta-data/iam/security-credentials/app", token).json()
            s3 = boto3.client(
                "s3",
                aws_access_key_id=told["AccessKeyId"],
                aws_secret_access_key=told["SecretAccessKey"],
                aws_session_token=told["Token"],
            )
            if can_list:
                s3.list_buckets()
            else:
                with pytest.raises(ClientError):
                    s3.list_buckets()


def test_the_same_credentials_until_they_are_about_to_end(launch: Launch, simulator: Simulator) -> None:
    path = "/latest/meta-data/iam/security-credentials/app"
    with on_instance(launch()):
        first = get(path).json()
        assert (first["Code"], first["Type"]) == ("Success", "AWS-HMAC")
        assert get(path).json() == first
        simulator.cloud.clock.advance(6 * 3600 - 60)
        assert get(path).json()["AccessKeyId"] != first["AccessKeyId"]


def test_a_token_is_required_where_the_instance_says_so(launch: Launch, simulator: Simulator) -> None:
    with on_instance(launch(MetadataOptions={"HttpTokens": "required"})):
        assert get("/latest/meta-data/instance-id").status_code == 401
        assert get("/latest/meta-data/instance-id", "wrong").status_code == 401
        token = new_token("30")
        assert token.headers[TTL] == "30"
        assert get("/latest/meta-data/instance-id", token.text).status_code == 200
        simulator.cloud.clock.advance(30)
        assert get("/latest/meta-data/instance-id", token.text).status_code == 401
        assert boto3.client("sts").get_caller_identity()["Account"] == "123456789012"


@pytest.mark.parametrize(("ttl", "status"), [("", 400), ("x", 400), ("0", 400), ("21601", 400), ("21600", 200)])
def test_a_token_lives_for_six_hours_at_most(launch: Launch, ttl: str, status: int) -> None:
    with on_instance(launch()):
        assert new_token(ttl).status_code == status


def test_a_proxy_gets_no_token_and_a_disabled_service_tells_nothing(launch: Launch) -> None:
    with on_instance(launch()):
        assert new_token(**{"X-Forwarded-For": "10.0.0.1"}).status_code == 403
    with on_instance(launch(MetadataOptions={"HttpEndpoint": "disabled"})):
        assert get("/latest/meta-data/").status_code == 403
        assert new_token().status_code == 403


def test_the_categories_are_those_of_the_instance(launch: Launch) -> None:
    ec2 = boto3.client("ec2", region_name="eu-west-1")
    key = ec2.create_key_pair(KeyName="my-key")
    assert key["KeyMaterial"]
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "web"}]}]
    options = {"InstanceMetadataTags": "enabled"}
    instance = launch(UserData="#!/bin/sh", KeyName="my-key", TagSpecifications=tags, MetadataOptions=options)
    machine = described(instance)
    interface = machine["NetworkInterfaces"][0]
    at = f"network/interfaces/macs/{interface['MacAddress']}"
    expected = {
        "ami-id": machine["ImageId"],
        "instance-id": instance,
        "instance-type": "t3.micro",
        "local-ipv4": machine["PrivateIpAddress"],
        "local-hostname": machine["PrivateDnsName"],
        "mac": interface["MacAddress"],
        "placement/availability-zone": machine["Placement"]["AvailabilityZone"],
        "placement/region": "eu-west-1",
        "public-ipv4": machine["PublicIpAddress"],
        "public-hostname": machine["PublicDnsName"],
        "security-groups": "default",
        f"{at}/vpc-id": machine["VpcId"],
        f"{at}/subnet-id": machine["SubnetId"],
        f"{at}/security-group-ids": machine["SecurityGroups"][0]["GroupId"],
        "tags/instance": "Name",
        "tags/instance/Name": "web",
        "public-keys/": "0=my-key",
        "public-keys/0/": "openssh-key",
        "iam/security-credentials/": "app",
        "services/partition": "aws",
    }
    with on_instance(instance):
        assert {path: get(f"/latest/meta-data/{path}").text for path in expected} == expected
        assert get("/latest/meta-data/public-keys/0/openssh-key").text.startswith("ssh-rsa ")
        assert get("/latest/user-data").content == b"#!/bin/sh"
        info = get("/latest/meta-data/iam/info").json()
        assert info["InstanceProfileArn"] == "arn:aws:iam::123456789012:instance-profile/of-app"
        identity = get("/latest/dynamic/instance-identity/document").json()
        assert (identity["instanceId"], identity["region"]) == (instance, "eu-west-1")
        assert identity["accountId"] == "123456789012"


def test_what_is_below_a_path_is_listed(launch: Launch) -> None:
    with on_instance(launch()):
        assert get("/").text.splitlines()[-1] == "latest"
        assert get("/latest").text.splitlines() == ["dynamic/", "meta-data/"]
        listed = get("/latest/meta-data/").text.splitlines()
        assert {"instance-id", "iam/", "placement/"} <= set(listed)
        assert "tags/" not in listed  # the instance's tags are not in its metadata unless asked for
        assert get("/2021-07-15/meta-data/instance-id").status_code == 200
        for path in ("/latest/nothing", "/latest/meta-data/nothing", "/latest/user-data", "/nothing/meta-data"):
            assert get(path).status_code == 404, path


def test_a_role_that_does_not_trust_ec2_is_not_handed_out(launch: Launch) -> None:
    instance = launch()
    other = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": other})
    boto3.client("iam").update_assume_role_policy(RoleName="app", PolicyDocument=document)
    with on_instance(instance):
        told = get("/latest/meta-data/iam/security-credentials/app").json()
        assert told["Code"] == "AssumeRoleUnauthorizedAccess"
        assert [each.principal for each in decisions().denied] == ["ec2.amazonaws.com"]
        assert boto3.Session().get_credentials() is None


def test_an_instance_without_a_profile_has_no_credentials(launch: Launch) -> None:
    ec2 = boto3.client("ec2", region_name="eu-west-1")
    image = ec2.describe_images()["Images"][0]["ImageId"]
    instance = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
    with on_instance(instance):
        assert get("/latest/meta-data/iam/security-credentials/").status_code == 404
        assert boto3.Session().get_credentials() is None


def test_outside_the_block_nobody_is_there(launch: Launch) -> None:
    with pytest.raises(requests.ConnectionError):
        get("/latest/meta-data/")
    with on_instance(launch()):
        assert get("/latest/meta-data/").status_code == 200
    with pytest.raises(requests.ConnectionError):
        get("/latest/meta-data/")


def test_an_instance_that_is_stopped_answers_no_more(launch: Launch, allow: Callable[..., None]) -> None:
    allow("ec2:StopInstances")
    instance = launch()
    with on_instance(instance):
        boto3.client("ec2", region_name="eu-west-1").stop_instances(InstanceIds=[instance])
        with pytest.raises(requests.ConnectionError):
            get("/latest/meta-data/")
    with pytest.raises(UsageError, match="is not running"), on_instance(instance):
        pass


def test_an_unknown_instance_is_a_mistake(launch: Launch) -> None:
    instance = launch()
    with pytest.raises(UsageError, match=f"no instance `i-1`; known are: {instance}"), on_instance("i-1"):
        pass
