"""Running, describing, starting, stopping, changing and ending instances."""

from __future__ import annotations

import base64
import json

import boto3
import pytest

from iamsim import UnsupportedParameter, mock_aws


def test_an_instance_is_pending_in_the_reply_and_running_from_then_on(ec2, run):
    (instance,) = run()
    assert instance["State"] == {"Code": 0, "Name": "pending"}
    ec2.get_waiter("instance_running").wait(InstanceIds=[instance["InstanceId"]])
    ec2.get_waiter("instance_status_ok").wait(InstanceIds=[instance["InstanceId"]])
    (reservation,) = ec2.describe_instances(InstanceIds=[instance["InstanceId"]])["Reservations"]
    (found,) = reservation["Instances"]
    assert found["State"] == {"Code": 16, "Name": "running"}
    assert found["Placement"]["AvailabilityZone"] == "us-east-1a"
    assert found["CpuOptions"] == {"CoreCount": 1, "ThreadsPerCore": 2}
    assert found["PrivateDnsName"] == f"ip-{found['PrivateIpAddress'].replace('.', '-')}.ec2.internal"
    assert found["PublicDnsName"] == f"ec2-{found['PublicIpAddress'].replace('.', '-')}.compute-1.amazonaws.com"
    assert "Tags" not in found


def test_as_many_instances_as_asked_for_share_a_reservation(ec2, run):
    instances = run(3)
    assert [each["AmiLaunchIndex"] for each in instances] == [0, 1, 2]
    assert len({each["PrivateIpAddress"] for each in instances}) == 3
    (reservation,) = ec2.describe_instances()["Reservations"]
    assert len(reservation["Instances"]) == 3
    assert reservation["OwnerId"] == "123456789012"


def test_the_default_network_is_there_from_the_start(ec2, run):
    (vpc,) = ec2.describe_vpcs()["Vpcs"]
    assert (vpc["CidrBlock"], vpc["IsDefault"]) == ("172.31.0.0/16", True)
    subnets = ec2.describe_subnets(Filters=[{"Name": "default-for-az", "Values": ["true"]}])["Subnets"]
    assert [each["AvailabilityZone"] for each in subnets] == [f"us-east-1{letter}" for letter in "abcdef"]
    (instance,) = run(Placement={"AvailabilityZone": "us-east-1c"})
    assert instance["SubnetId"] == subnets[2]["SubnetId"]
    assert instance["VpcId"] == vpc["VpcId"]
    (group,) = instance["SecurityGroups"]
    assert group["GroupName"] == "default"


def test_a_deleted_default_network_does_not_come_back(ec2, image, refusal):
    for subnet in ec2.describe_subnets()["Subnets"]:
        ec2.delete_subnet(SubnetId=subnet["SubnetId"])
    request = {"ImageId": image, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
    assert refusal(ec2.run_instances, **request)[0] == "MissingInput"
    (gateway,) = ec2.describe_internet_gateways()["InternetGateways"]
    vpc = gateway["Attachments"][0]["VpcId"]
    ec2.detach_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"], VpcId=vpc)
    ec2.delete_vpc(VpcId=vpc)
    assert ec2.describe_vpcs()["Vpcs"] == []
    assert refusal(ec2.run_instances, **request) == ("VPCIdNotSpecified", "No default VPC for this user")


def test_a_client_token_gets_the_same_instances_again(ec2, run, refusal, image):
    first, second = run(ClientToken="once"), run(ClientToken="once")
    assert [each["InstanceId"] for each in first] == [each["InstanceId"] for each in second]
    code, message = refusal(
        ec2.run_instances, ImageId=image, InstanceType="t3.small", MinCount=1, MaxCount=1, ClientToken="once"
    )
    assert code == "IdempotentParameterMismatch"
    assert message == (
        "Arguments on this idempotent request are inconsistent with arguments used in previous request(s)."
    )


@pytest.mark.parametrize(
    ("others", "code", "message"),
    [
        ({"ImageId": "linux"}, "InvalidAMIID.Malformed", 'Invalid id: "linux" (expecting "ami-...")'),
        ({"InstanceType": "t99.huge"}, "InvalidParameterValue", "Invalid value 't99.huge' for InstanceType."),
        ({"KeyName": "lost"}, "InvalidKeyPair.NotFound", "The key pair 'lost' does not exist"),
        (
            {"SubnetId": "subnet-12345678"},
            "InvalidSubnetID.NotFound",
            "The subnet ID 'subnet-12345678' does not exist",
        ),
        (
            {"SecurityGroupIds": ["sg-12345678"]},
            "InvalidGroup.NotFound",
            "The security group 'sg-12345678' does not exist",
        ),
        (
            {"Placement": {"AvailabilityZone": "us-east-9z"}},
            "InvalidParameterValue",
            "Invalid availability zone: [us-east-9z]",
        ),
        (
            {"IamInstanceProfile": {"Name": "lost"}},
            "InvalidParameterValue",
            "Value (lost) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
        ),
        (
            {"TagSpecifications": [{"ResourceType": "vpc", "Tags": []}]},
            "InvalidParameterValue",
            "'vpc' is not a valid taggable resource type for this operation.",
        ),
    ],
)
def test_what_does_not_exist_is_refused(ec2, image, refusal, others, code, message):
    request = {"ImageId": image, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1} | others
    assert refusal(ec2.run_instances, **request) == (code, message)
    assert ec2.describe_instances()["Reservations"] == []


def test_an_image_runs_on_its_own_architecture_only(ec2, image, refusal):
    code, message = refusal(ec2.run_instances, ImageId=image, InstanceType="t4g.micro", MinCount=1, MaxCount=1)
    assert code == "InvalidParameterValue"
    assert message.startswith("The architecture 'arm64' of the specified instance type does not match")


def test_an_instance_gets_the_volumes_of_its_image_and_of_the_call(ec2, run):
    (instance,) = run(
        BlockDeviceMappings=[
            {"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 20}},
            {"DeviceName": "/dev/sdb", "Ebs": {"VolumeSize": 5, "VolumeType": "gp3", "DeleteOnTermination": False}},
        ],
        TagSpecifications=[{"ResourceType": "volume", "Tags": [{"Key": "disk", "Value": "yes"}]}],
    )
    volumes = ec2.describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": [instance["InstanceId"]]}])
    assert [(each["Size"], each["State"]) for each in volumes["Volumes"]] == [(20, "in-use"), (5, "in-use")]
    assert all(each["Tags"] == [{"Key": "disk", "Value": "yes"}] for each in volumes["Volumes"])
    ec2.terminate_instances(InstanceIds=[instance["InstanceId"]])
    (left,) = ec2.describe_volumes()["Volumes"]
    assert (left["Size"], left["State"], left["Attachments"]) == (5, "available", [])


def test_network_interfaces_say_where_an_instance_is(ec2, run):
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc)["GroupId"]
    interface = {
        "DeviceIndex": 0,
        "SubnetId": subnet,
        "Groups": [group],
        "AssociatePublicIpAddress": True,
        "PrivateIpAddress": "10.0.1.77",
    }
    (instance,) = run(NetworkInterfaces=[interface])
    assert (instance["PrivateIpAddress"], instance["VpcId"]) == ("10.0.1.77", vpc)
    assert "PublicIpAddress" in instance
    assert instance["PublicDnsName"] == ""  # the VPC gives no names
    (found,) = ec2.describe_network_interfaces(Filters=[{"Name": "group-id", "Values": [group]}])["NetworkInterfaces"]
    assert found["Attachment"]["InstanceId"] == instance["InstanceId"]


def test_names_of_groups_do_not_go_with_a_subnet(ec2, run, image, refusal):
    ec2.create_security_group(GroupName="web", Description="web")
    (instance,) = run(SecurityGroups=["web"])
    assert [each["GroupName"] for each in instance["SecurityGroups"]] == ["web"]
    request = {"ImageId": image, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
    assert refusal(ec2.run_instances, **request, SecurityGroups=["web"], SubnetId=instance["SubnetId"]) == (
        "InvalidParameterCombination",
        "The parameter groupName cannot be used with the parameter subnet",
    )


def test_what_is_not_simulated_inside_a_parameter_warns(run):
    with pytest.warns(UnsupportedParameter, match=r"`Placement\.HostId` of ec2:RunInstances"):
        run(Placement={"HostId": "h-1"})


def test_stop_and_start(ec2, run, refusal):
    (instance,) = run()
    ids = [instance["InstanceId"]]
    (change,) = ec2.stop_instances(InstanceIds=ids)["StoppingInstances"]
    assert change["PreviousState"] == {"Code": 16, "Name": "running"}
    assert change["CurrentState"] == {"Code": 64, "Name": "stopping"}
    ec2.get_waiter("instance_stopped").wait(InstanceIds=ids)
    stopped = ec2.describe_instances(InstanceIds=ids)["Reservations"][0]["Instances"][0]
    assert stopped["StateReason"]["Code"] == "Client.UserInitiatedShutdown"
    assert "PublicIpAddress" not in stopped
    assert stopped["PrivateIpAddress"] == instance["PrivateIpAddress"]
    assert ec2.describe_instance_status(InstanceIds=ids)["InstanceStatuses"] == []
    (status,) = ec2.describe_instance_status(InstanceIds=ids, IncludeAllInstances=True)["InstanceStatuses"]
    assert status["InstanceStatus"]["Status"] == "not-applicable"
    assert refusal(ec2.reboot_instances, InstanceIds=ids)[0] == "IncorrectInstanceState"
    (change,) = ec2.start_instances(InstanceIds=ids)["StartingInstances"]
    assert change["CurrentState"] == {"Code": 0, "Name": "pending"}
    started = ec2.describe_instances(InstanceIds=ids)["Reservations"][0]["Instances"][0]
    assert started["PublicIpAddress"] != instance["PublicIpAddress"]
    ec2.reboot_instances(InstanceIds=ids)


def test_a_terminated_instance_stays_visible_and_cannot_be_started(ec2, run, refusal):
    (instance,) = run()
    ids = [instance["InstanceId"]]
    (change,) = ec2.terminate_instances(InstanceIds=ids)["TerminatingInstances"]
    assert change["CurrentState"] == {"Code": 32, "Name": "shutting-down"}
    ec2.get_waiter("instance_terminated").wait(InstanceIds=ids)
    gone = ec2.describe_instances(InstanceIds=ids)["Reservations"][0]["Instances"][0]
    assert (gone["NetworkInterfaces"], gone["SecurityGroups"]) == ([], [])
    assert "VpcId" not in gone
    assert ec2.describe_network_interfaces()["NetworkInterfaces"] == []
    assert ec2.describe_volumes()["Volumes"] == []
    for function, done in ((ec2.start_instances, "started"), (ec2.stop_instances, "stopped")):
        assert refusal(function, InstanceIds=ids) == (
            "IncorrectInstanceState",
            f"The instance '{ids[0]}' is not in a state from which it can be {done}.",
        )


def test_unknown_and_malformed_ids(ec2, refusal):
    assert refusal(ec2.terminate_instances, InstanceIds=["i-12345678"]) == (
        "InvalidInstanceID.NotFound",
        "The instance ID 'i-12345678' does not exist",
    )
    assert refusal(ec2.describe_instances, InstanceIds=["i-12345678", "i-12345679"]) == (
        "InvalidInstanceID.NotFound",
        "The instance IDs 'i-12345678, i-12345679' do not exist",
    )
    assert refusal(ec2.stop_instances, InstanceIds=["i-xyz"]) == (
        "InvalidInstanceID.Malformed",
        'Invalid id: "i-xyz"',
    )


def test_an_arn_is_no_id(ec2, refusal):
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    arn = f"arn:aws:ec2:us-east-1:123456789012:vpc/{vpc}"
    assert refusal(ec2.create_subnet, VpcId=arn, CidrBlock="172.31.128.0/24") == (
        "InvalidVpcID.NotFound",
        f"The vpc ID '{arn}' does not exist",
    )


def test_termination_protection(ec2, run, refusal):
    ids = [run(DisableApiTermination=True)[0]["InstanceId"]]
    assert refusal(ec2.terminate_instances, InstanceIds=ids) == (
        "OperationNotPermitted",
        f"The instance '{ids[0]}' may not be terminated. Modify its 'disableApiTermination' instance attribute and "
        "try again.",
    )
    ec2.modify_instance_attribute(InstanceId=ids[0], DisableApiTermination={"Value": False})
    ec2.terminate_instances(InstanceIds=ids)


def test_attributes_of_a_stopped_instance_can_be_changed(ec2, run, refusal):
    script = b"#!/bin/sh\necho hello"
    instance_id = run(UserData=script.decode())[0]["InstanceId"]

    def attribute(name: str) -> dict:
        return ec2.describe_instance_attribute(InstanceId=instance_id, Attribute=name)

    assert base64.b64decode(attribute("userData")["UserData"]["Value"]) == script
    assert refusal(ec2.modify_instance_attribute, InstanceId=instance_id, InstanceType={"Value": "t3.large"}) == (
        "IncorrectInstanceState",
        f"The instance '{instance_id}' is not in the 'stopped' state.",
    )
    ec2.stop_instances(InstanceIds=[instance_id])
    ec2.modify_instance_attribute(InstanceId=instance_id, InstanceType={"Value": "t3.large"})
    ec2.modify_instance_attribute(InstanceId=instance_id, UserData={"Value": b"changed"})
    assert attribute("instanceType")["InstanceType"]["Value"] == "t3.large"
    assert base64.b64decode(attribute("userData")["UserData"]["Value"]) == b"changed"
    group = ec2.create_security_group(GroupName="other", Description="other")["GroupId"]
    ec2.modify_instance_attribute(InstanceId=instance_id, Groups=[group])
    assert attribute("groupSet")["Groups"] == [{"GroupId": group, "GroupName": "other"}]


def test_an_instance_profile_is_looked_up_in_iam(ec2, run):
    iam = boto3.client("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam.create_role(
        RoleName="app", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    )
    profile = iam.create_instance_profile(InstanceProfileName="app")["InstanceProfile"]
    iam.add_role_to_instance_profile(InstanceProfileName="app", RoleName="app")
    by_name = run(IamInstanceProfile={"Name": "app"})[0]["IamInstanceProfile"]
    by_arn = run(IamInstanceProfile={"Arn": profile["Arn"]})[0]["IamInstanceProfile"]
    assert by_name == by_arn == {"Arn": profile["Arn"], "Id": profile["InstanceProfileId"]}


def test_dry_run_changes_nothing(ec2, image, refusal):
    assert refusal(ec2.run_instances, ImageId=image, MinCount=1, MaxCount=1, DryRun=True) == (
        "DryRunOperation",
        "Request would have succeeded, but DryRun flag is set.",
    )
    assert refusal(ec2.describe_regions, DryRun=True)[0] == "DryRunOperation"
    assert ec2.describe_instances()["Reservations"] == []


def test_boto3s_resources(resource, image):
    (instance,) = resource.create_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1)
    instance.wait_until_running()
    instance.reload()
    assert instance.state["Name"] == "running"
    assert instance.tags is None
    instance.create_tags(Tags=[{"Key": "Name", "Value": "web"}])
    assert [each.id for each in resource.instances.filter(Filters=[{"Name": "tag:Name", "Values": ["web"]}])] == [
        instance.id
    ]
    assert instance.vpc.is_default
    assert [each.size for each in instance.volumes.all()] == [8]
    assert [each.status for each in instance.network_interfaces] == ["in-use"]
    instance.stop()
    instance.wait_until_stopped()
    instance.terminate()
    instance.wait_until_terminated()


def test_regions_are_apart(run):
    run()
    assert boto3.client("ec2", region_name="eu-west-1").describe_instances()["Reservations"] == []


def test_an_image_that_is_not_known_here_is_assumed() -> None:
    with mock_aws():
        ec2 = boto3.client("ec2", region_name="us-east-1")
        with pytest.warns(UnsupportedParameter, match="the image `ami-12345678` is not known here"):
            made = ec2.run_instances(ImageId="ami-12345678", InstanceType="t4g.micro", MinCount=1, MaxCount=1)
        assert made["Instances"][0]["ImageId"] == "ami-12345678"
        assert ec2.describe_images(ImageIds=["ami-12345678"])["Images"][0]["Architecture"] == "arm64"


def test_what_aws_says_of_every_instance(ec2, run):
    """Source: published outputs of `aws ec2 run-instances` and `describe-instances`, 2021 to 2025."""
    (instance,) = run()
    assert instance["StateReason"] == {"Code": "pending", "Message": "pending"}
    (found,) = ec2.describe_instances()["Reservations"][0]["Instances"]
    assert "StateReason" not in found
    assert found["CapacityReservationSpecification"] == {"CapacityReservationPreference": "open"}
    assert found["HibernationOptions"] == {"Configured": False}
    assert found["EnclaveOptions"] == {"Enabled": False}
    assert found["MaintenanceOptions"] == {"AutoRecovery": "default", "RebootMigration": "default"}
    assert found["PrivateDnsNameOptions"]["HostnameType"] == "ip-name"
    assert found["CurrentInstanceBootMode"] in ("legacy-bios", "uefi")
    hibernating = [{"Name": "hibernation-options.configured", "Values": ["true"]}]
    assert ec2.describe_instances(Filters=hibernating)["Reservations"] == []
