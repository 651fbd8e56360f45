"""Filters and pages, which all Describe operations share; regions, zones and instance types."""

from __future__ import annotations

import pytest


def ids(ec2, *filters: tuple[str, str]) -> list[str]:
    """The ids of the instances that match."""
    wanted = [{"Name": name, "Values": value.split("|")} for name, value in filters]
    found = ec2.describe_instances(Filters=wanted)["Reservations"]
    return [instance["InstanceId"] for reservation in found for instance in reservation["Instances"]]


@pytest.fixture
def two(run) -> list[dict]:
    """A web server and a database."""
    web = run(
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "web-1"}]}],
        Placement={"AvailabilityZone": "us-east-1b"},
    )
    database = run(
        InstanceType="t3.large",
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "database*"}]}],
    )
    return web + database


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tag:Name", "web-1"),
        ("tag:Name", "web-?"),
        ("tag:Name", "w*|nothing"),
        ("tag-value", "web*"),
        ("instance-type", "t3.micro"),
        ("instance-type", "t3.m*"),
        ("availability-zone", "us-east-1b"),
    ],
)
def test_a_filter_chooses_the_web_server(ec2, two, name, value):
    assert ids(ec2, (name, value)) == [two[0]["InstanceId"]]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("instance-id", "InstanceId"),
        ("subnet-id", "SubnetId"),
        ("private-ip-address", "PrivateIpAddress"),
        ("ip-address", "PublicIpAddress"),
        ("dns-name", "PublicDnsName"),
    ],
)
def test_a_filter_by_what_only_one_has(ec2, two, name, path):
    for instance in two:
        assert ids(ec2, (name, instance[path])) == [instance["InstanceId"]]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("instance-state-name", "running|stopped"),
        ("instance-state-code", "16"),
        ("group-name", "default"),
        ("instance.group-name", "default"),
        ("owner-id", "123456789012"),
        ("tag-key", "Name"),
        ("architecture", "x86_64"),
        ("block-device-mapping.delete-on-termination", "true"),
    ],
)
def test_a_filter_by_what_both_have(ec2, two, name, value):
    assert ids(ec2, (name, value)) == [each["InstanceId"] for each in two]


def test_a_backslash_takes_the_meaning_of_a_wildcard_away(ec2, two):
    assert ids(ec2, ("tag:Name", r"database\*")) == [two[1]["InstanceId"]]
    assert ids(ec2, ("tag:Name", r"web\*")) == []


def test_filters_narrow_each_other(ec2, two):
    assert ids(ec2, ("tag:Name", "web*"), ("instance-type", "t3.large")) == []
    assert ids(ec2, ("tag:name", "web*")) == []  # keys are told apart by case


def test_a_filter_that_aws_does_not_have(ec2, refusal):
    expected = ("InvalidParameterValue", "The filter 'colour' is invalid")
    wanted = [{"Name": "colour", "Values": ["red"]}]
    for function in (ec2.describe_instances, ec2.describe_vpcs, ec2.describe_images, ec2.describe_key_pairs):
        assert refusal(function, Filters=wanted) == expected


def test_a_filter_that_only_aws_has_is_not_passed_over(ec2, refusal):
    code, message = refusal(ec2.describe_instances, Filters=[{"Name": "affinity", "Values": ["host"]}])
    assert (code, message) == ("NotMocked", "iamsim does not filter by `affinity` in ec2:DescribeInstances yet")


def test_pages_add_up(ec2, run):
    made = {run()[0]["InstanceId"] for _ in range(12)}
    pages = list(ec2.get_paginator("describe_instances").paginate(PaginationConfig={"PageSize": 5}))
    assert [len(page["Reservations"]) for page in pages] == [5, 5, 2]
    assert made == {r["Instances"][0]["InstanceId"] for page in pages for r in page["Reservations"]}


def test_pages_that_cannot_be(ec2, run, refusal):
    instance = run()[0]["InstanceId"]
    assert refusal(ec2.describe_instances, InstanceIds=[instance], MaxResults=5) == (
        "InvalidParameterCombination",
        "The parameter instancesSet cannot be used with the parameter maxResults",
    )
    assert refusal(ec2.describe_instances, MaxResults=3) == (
        "InvalidParameterValue",
        "Value ( 3 ) for parameter maxResults is invalid. Expecting a value greater than 5.",
    )
    assert refusal(ec2.describe_instances, NextToken="lost")[0] == "InvalidParameterValue"


def test_regions_and_zones(ec2, refusal):
    regions = {each["RegionName"]: each for each in ec2.describe_regions()["Regions"]}
    assert regions["eu-west-1"]["Endpoint"] == "ec2.eu-west-1.amazonaws.com"
    assert "af-south-1" not in regions
    assert len(ec2.describe_regions(AllRegions=True)["Regions"]) > len(regions)
    assert refusal(ec2.describe_regions, RegionNames=["xx-east-1"]) == (
        "InvalidParameterValue",
        "Invalid region names: [xx-east-1]",
    )
    zones = ec2.describe_availability_zones(ZoneNames=["us-east-1d"])["AvailabilityZones"]
    assert [(each["ZoneName"], each["ZoneId"], each["State"]) for each in zones] == [
        ("us-east-1d", "use1-az4", "available")
    ]


def test_instance_types(ec2, refusal):
    (micro,) = ec2.describe_instance_types(InstanceTypes=["t3.micro"])["InstanceTypes"]
    assert micro["VCpuInfo"] == {"DefaultVCpus": 2, "DefaultCores": 1, "DefaultThreadsPerCore": 2}
    arm = [{"Name": "processor-info.supported-architecture", "Values": ["arm64"]}]
    assert "t4g.micro" in {each["InstanceType"] for each in ec2.describe_instance_types(Filters=arm)["InstanceTypes"]}
    assert refusal(ec2.describe_instance_types, InstanceTypes=["t99.huge"]) == (
        "InvalidInstanceType",
        "The following supplied instance types do not exist: [t99.huge]",
    )
