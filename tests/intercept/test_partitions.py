"""The partitions of AWS, through boto3: endpoints, ARNs and policies are the partition's own."""

from __future__ import annotations

import json

import boto3
import pytest
from botocore.exceptions import ClientError

from iamsim import enable_iam_authentication, mock_aws

ACCOUNT = "123456789012"
REGIONS = {
    "aws-cn": ("cn-north-1", "amazonaws.com.cn"),
    "aws-us-gov": ("us-gov-east-1", "amazonaws.com"),
    "aws-iso": ("us-iso-east-1", "c2s.ic.gov"),
    "aws-iso-b": ("us-isob-east-1", "sc2s.sgov.gov"),
    "aws-iso-e": ("eu-isoe-west-1", "cloud.adc-e.uk"),
    "aws-iso-f": ("us-isof-south-1", "csp.hci.ic.gov"),
    "aws-eusc": ("eusc-de-east-1", "amazonaws.eu"),
}


@mock_aws
@pytest.mark.parametrize("partition", REGIONS)
def test_a_partition_is_a_world_of_its_own(partition: str) -> None:
    region, suffix = REGIONS[partition]
    place = {"region_name": region}
    iam, sts = boto3.client("iam", **place), boto3.client("sts", **place)
    assert sts.get_caller_identity()["Arn"] == f"arn:{partition}:iam::{ACCOUNT}:root"
    s3 = boto3.client("s3", **place)
    made = s3.create_bucket(Bucket="orders", CreateBucketConfiguration={"LocationConstraint": region})
    assert made["Location"] == f"http://orders.s3.{region}.{suffix}/"
    url = boto3.client("sqs", **place).create_queue(QueueName="orders")["QueueUrl"]
    assert url == f"https://sqs.{region}.{suffix}/{ACCOUNT}/orders"

    assert iam.create_user(UserName="alice")["User"]["Arn"] == f"arn:{partition}:iam::{ACCOUNT}:user/alice"
    key = iam.create_access_key(UserName="alice")["AccessKey"]
    names = {"aws_access_key_id": "AccessKeyId", "aws_secret_access_key": "SecretAccessKey"}
    alice = boto3.client("s3", **place, **{name: key[member] for name, member in names.items()})
    for policy_partition, allowed in (("aws", False), (partition, True)):
        statement = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"arn:{policy_partition}:s3:::orders/*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": statement})
        iam.put_user_policy(UserName="alice", PolicyName="one", PolicyDocument=document)
        with enable_iam_authentication():
            if allowed:
                alice.put_object(Bucket="orders", Key="1", Body=b"")
            else:
                with pytest.raises(ClientError, match=f'on resource: "arn:{partition}:s3:::orders/1"'):
                    alice.put_object(Bucket="orders", Key="1", Body=b"")


@mock_aws
def test_the_policies_that_aws_manages_are_there_in_every_partition() -> None:
    iam = boto3.client("iam", region_name="cn-north-1")
    arn = "arn:aws-cn:iam::aws:policy/CloudWatchAgentServerPolicy"
    assert iam.get_policy(PolicyArn=arn)["Policy"]["Arn"] == arn
    document = iam.get_policy_version(
        PolicyArn=arn, VersionId=iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    )
    assert '"arn:aws:' not in json.dumps(document["PolicyVersion"]["Document"])
    assert "arn:aws-cn:ssm" in json.dumps(document["PolicyVersion"]["Document"])
    pages = iam.get_paginator("list_policies").paginate(Scope="AWS")
    assert {each["Arn"].split(":")[1] for page in pages for each in page["Policies"]} == {"aws-cn"}
    iam.create_user(UserName="alice")
    iam.attach_user_policy(UserName="alice", PolicyArn=arn)
    assert iam.list_attached_user_policies(UserName="alice")["AttachedPolicies"][0]["PolicyArn"] == arn
