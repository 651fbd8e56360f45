"""VPCs, subnets, network interfaces and security groups."""

from __future__ import annotations

import pytest

SSH = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "us"}]}


@pytest.fixture
def vpc(ec2) -> str:
    """The id of a VPC that is not the default one."""
    return str(ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"])


@pytest.fixture
def group(ec2, vpc) -> str:
    """The id of a security group in it."""
    return str(ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc)["GroupId"])


def test_a_vpc_has_tags_and_attributes(ec2):
    tags = [{"ResourceType": "vpc", "Tags": [{"Key": "Name", "Value": "main"}]}]
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16", TagSpecifications=tags)["Vpc"]
    assert (vpc["IsDefault"], vpc["InstanceTenancy"]) == (False, "default")
    ec2.get_waiter("vpc_available").wait(VpcIds=[vpc["VpcId"]])
    (found,) = ec2.describe_vpcs(Filters=[{"Name": "tag:Name", "Values": ["main"]}])["Vpcs"]
    assert found["VpcId"] == vpc["VpcId"]

    def hostnames() -> bool:
        reply = ec2.describe_vpc_attribute(VpcId=vpc["VpcId"], Attribute="enableDnsHostnames")
        return reply["EnableDnsHostnames"]["Value"]

    assert hostnames() is False
    ec2.modify_vpc_attribute(VpcId=vpc["VpcId"], EnableDnsHostnames={"Value": True})
    assert hostnames() is True


@pytest.mark.parametrize(
    ("block", "code", "message"),
    [
        ("10.0.0.0/8", "InvalidVpc.Range", "The CIDR '10.0.0.0/8' is invalid."),
        ("10.0.0.0/29", "InvalidVpc.Range", "The CIDR '10.0.0.0/29' is invalid."),
        (
            "10.0.0",
            "InvalidParameterValue",
            "Value (10.0.0) for parameter cidrBlock is invalid. This is not a valid CIDR block.",
        ),
    ],
)
def test_blocks_that_no_vpc_has(ec2, refusal, block, code, message):
    assert refusal(ec2.create_vpc, CidrBlock=block) == (code, message)


def test_subnets_share_a_vpcs_block(ec2, vpc, refusal):
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24", AvailabilityZone="us-east-1b")["Subnet"]
    assert (subnet["AvailableIpAddressCount"], subnet["AvailabilityZoneId"]) == (251, "use1-az2")
    assert refusal(ec2.create_subnet, VpcId=vpc, CidrBlock="10.0.1.128/25") == (
        "InvalidSubnet.Conflict",
        "The CIDR '10.0.1.128/25' conflicts with another subnet",
    )
    assert refusal(ec2.create_subnet, VpcId=vpc, CidrBlock="10.1.0.0/24") == (
        "InvalidSubnet.Range",
        "The CIDR '10.1.0.0/24' is invalid.",
    )
    assert refusal(ec2.create_subnet, VpcId="vpc-12345678", CidrBlock="10.1.0.0/24") == (
        "InvalidVpcID.NotFound",
        "The vpc ID 'vpc-12345678' does not exist",
    )
    ec2.modify_subnet_attribute(SubnetId=subnet["SubnetId"], MapPublicIpOnLaunch={"Value": True})
    (found,) = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
    assert found["MapPublicIpOnLaunch"] is True


def test_what_is_used_cannot_be_deleted(ec2, vpc, group, run, refusal):
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    instance = run(SubnetId=subnet, SecurityGroupIds=[group])[0]["InstanceId"]
    assert refusal(ec2.delete_security_group, GroupId=group) == (
        "DependencyViolation",
        f"resource {group} has a dependent object",
    )
    assert refusal(ec2.delete_subnet, SubnetId=subnet) == (
        "DependencyViolation",
        f"The subnet '{subnet}' has dependencies and cannot be deleted.",
    )
    assert refusal(ec2.delete_vpc, VpcId=vpc) == (
        "DependencyViolation",
        f"The vpc '{vpc}' has dependencies and cannot be deleted.",
    )
    ec2.terminate_instances(InstanceIds=[instance])
    ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_security_group(GroupId=group)
    ec2.delete_vpc(VpcId=vpc)
    assert refusal(ec2.describe_vpcs, VpcIds=[vpc])[0] == "InvalidVpcID.NotFound"
    groups = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
    assert groups["SecurityGroups"] == []


def test_an_internet_gateway_is_of_one_vpc(ec2, vpc, refusal):
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    default = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]["VpcId"]
    assert refusal(ec2.attach_internet_gateway, InternetGatewayId=gateway, VpcId=default) == (
        "Resource.AlreadyAssociated",
        f"resource {gateway} is already attached to network {vpc}",
    )
    other = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    assert refusal(ec2.attach_internet_gateway, InternetGatewayId=other, VpcId=vpc) == (
        "InvalidParameterValue",
        f"Network {vpc} already has an internet gateway attached",
    )
    assert refusal(ec2.delete_internet_gateway, InternetGatewayId=gateway) == (
        "DependencyViolation",
        f"The internetGateway '{gateway}' has dependencies and cannot be deleted.",
    )
    assert refusal(ec2.delete_vpc, VpcId=vpc)[0] == "DependencyViolation"
    found = ec2.describe_internet_gateways(Filters=[{"Name": "attachment.vpc-id", "Values": [vpc]}])
    assert [each["InternetGatewayId"] for each in found["InternetGateways"]] == [gateway]
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    assert refusal(ec2.detach_internet_gateway, InternetGatewayId=gateway, VpcId=vpc) == (
        "Gateway.NotAttached",
        f"resource {gateway} is not attached to network {vpc}",
    )
    ec2.delete_internet_gateway(InternetGatewayId=gateway)


def test_routes_and_the_subnets_that_use_them(ec2, vpc, refusal):
    (main,) = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
    assert main["Associations"][0]["Main"] is True
    assert [(each["DestinationCidrBlock"], each["GatewayId"]) for each in main["Routes"]] == [("10.0.0.0/16", "local")]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    everywhere = {"RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0"}
    ec2.create_route(**everywhere, GatewayId=gateway)
    assert refusal(ec2.create_route, **everywhere, GatewayId=gateway) == (
        "RouteAlreadyExists",
        "The route identified by 0.0.0.0/0 already exists.",
    )
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    association = ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)["AssociationId"]
    (found,) = ec2.describe_route_tables(Filters=[{"Name": "association.subnet-id", "Values": [subnet]}])["RouteTables"]
    assert [each["State"] for each in found["Routes"]] == ["active", "active"]
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    (found,) = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
    assert [each["State"] for each in found["Routes"]] == ["active", "blackhole"]
    assert refusal(ec2.delete_route_table, RouteTableId=table)[0] == "DependencyViolation"
    ec2.disassociate_route_table(AssociationId=association)
    ec2.delete_route(**everywhere)
    assert refusal(ec2.delete_route, **everywhere)[0] == "InvalidRoute.NotFound"
    ec2.delete_route_table(RouteTableId=table)
    assert refusal(ec2.delete_route_table, RouteTableId=main["RouteTableId"])[0] == "DependencyViolation"


def test_a_network_interface_by_itself(ec2, vpc, run, refusal):
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    made = ec2.create_network_interface(SubnetId=subnet, PrivateIpAddress="10.0.1.9")["NetworkInterface"]
    assert (made["PrivateIpAddress"], made["Status"]) == ("10.0.1.9", "available")
    interface = made["NetworkInterfaceId"]
    assert refusal(ec2.create_network_interface, SubnetId=subnet, PrivateIpAddress="10.0.1.9") == (
        "InvalidIPAddress.InUse",
        "Address 10.0.1.9 is in use.",
    )
    assert refusal(ec2.create_network_interface, SubnetId=subnet, PrivateIpAddress="10.9.1.9") == (
        "InvalidParameterValue",
        "Address 10.9.1.9 does not fall within the subnet's address range",
    )
    (instance,) = run(NetworkInterfaces=[{"DeviceIndex": 0, "NetworkInterfaceId": interface}])
    assert refusal(ec2.delete_network_interface, NetworkInterfaceId=interface) == (
        "InvalidNetworkInterface.InUse",
        f"Network interface '{interface}' is currently in use.",
    )
    ec2.terminate_instances(InstanceIds=[instance["InstanceId"]])
    ec2.delete_network_interface(NetworkInterfaceId=interface)
    assert refusal(ec2.describe_network_interfaces, NetworkInterfaceIds=[interface])[0] == (
        "InvalidNetworkInterfaceID.NotFound"
    )


def test_a_new_group_lets_everything_out_and_nothing_in(ec2, group, vpc, refusal):
    (found,) = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    assert found["IpPermissions"] == []
    (egress,) = found["IpPermissionsEgress"]
    assert (egress["IpProtocol"], egress["IpRanges"]) == ("-1", [{"CidrIp": "0.0.0.0/0"}])
    assert refusal(ec2.create_security_group, GroupName="web", Description="again", VpcId=vpc) == (
        "InvalidGroup.Duplicate",
        f"The security group 'web' already exists for VPC '{vpc}'",
    )


def test_rules_have_ids(ec2, group, refusal):
    reply = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[SSH])
    (rule,) = reply["SecurityGroupRules"]
    assert (rule["CidrIpv4"], rule["FromPort"], rule["Description"]) == ("10.0.0.0/8", 22, "us")
    assert refusal(ec2.authorize_security_group_ingress, GroupId=group, IpPermissions=[SSH]) == (
        "InvalidPermission.Duplicate",
        'the specified rule "peer: 10.0.0.0/8, TCP, from port: 22, to port: 22, ALLOW" already exists',
    )
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
    assert [each["IsEgress"] for each in rules] == [True, False]
    ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[rule["SecurityGroupRuleId"]])
    assert ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"] == []


def test_rules_of_the_same_ports_are_described_together(ec2, group):
    other = {"IpProtocol": "6", "FromPort": 22, "ToPort": 22, "Ipv6Ranges": [{"CidrIpv6": "2001:db8::/32"}]}
    own = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[SSH, other, own])
    ssh, everything = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]
    assert ssh["IpRanges"] == [{"CidrIp": "10.0.0.0/8", "Description": "us"}]
    assert ssh["Ipv6Ranges"] == [{"CidrIpv6": "2001:db8::/32"}]
    assert everything["UserIdGroupPairs"] == [{"GroupId": group, "UserId": "123456789012"}]
    assert "FromPort" not in everything
    wanted = [{"Name": "ip-permission.cidr", "Values": ["10.0.0.0/8"]}]
    assert [each["GroupId"] for each in ec2.describe_security_groups(Filters=wanted)["SecurityGroups"]] == [group]


def test_revoking_what_is_not_there(ec2, group, refusal):
    assert refusal(ec2.revoke_security_group_ingress, GroupId=group, IpPermissions=[SSH]) == (
        "InvalidPermission.NotFound",
        "The specified rule does not exist in this security group.",
    )
    in_default = ec2.create_security_group(GroupName="loose", Description="in the default VPC")["GroupId"]
    reply = ec2.revoke_security_group_ingress(GroupId=in_default, IpPermissions=[SSH])
    assert reply["UnknownIpPermissions"][0]["IpRanges"] == [{"CidrIp": "10.0.0.0/8"}]


def test_egress(ec2, group):
    everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[everything])
    ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[SSH])
    (left,) = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissionsEgress"]
    assert left["FromPort"] == 22


def test_a_rule_without_ip_permissions_and_a_group_by_name(ec2):
    ec2.create_security_group(GroupName="named", Description="in the default VPC")
    ec2.authorize_security_group_ingress(
        GroupName="named", IpProtocol="tcp", FromPort=80, ToPort=80, CidrIp="1.2.3.4/16"
    )
    (group,) = ec2.describe_security_groups(GroupNames=["named"])["SecurityGroups"]
    assert group["IpPermissions"][0]["IpRanges"] == [{"CidrIp": "1.2.0.0/16"}]
    ec2.delete_security_group(GroupName="named")


@pytest.mark.parametrize(
    ("permission", "message"),
    [
        (
            {"IpProtocol": "tcp", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]},
            "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.",
        ),
        (
            {"IpProtocol": "tcp", "FromPort": 9, "ToPort": 1, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]},
            "Invalid TCP/UDP port range (9:1)",
        ),
        (
            {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "everywhere"}]},
            "CIDR block everywhere is malformed",
        ),
        ({"IpProtocol": "xyz"}, "Invalid value 'xyz' for IP protocol. Unknown protocol."),
    ],
)
def test_rules_that_cannot_be(ec2, group, refusal, permission, message):
    assert refusal(ec2.authorize_security_group_ingress, GroupId=group, IpPermissions=[permission]) == (
        "InvalidParameterValue",
        message,
    )


def test_the_default_group_stays(ec2, refusal):
    (group,) = ec2.describe_security_groups(GroupNames=["default"])["SecurityGroups"]
    assert refusal(ec2.delete_security_group, GroupId=group["GroupId"]) == (
        "CannotDelete",
        f'the specified group: "{group["GroupId"]}" name: "default" cannot be deleted by a user',
    )
    assert refusal(ec2.delete_security_group, GroupId="sg-12345678") == (
        "InvalidGroup.NotFound",
        "The security group 'sg-12345678' does not exist",
    )


def test_boto3s_resources(resource):
    vpc = resource.create_vpc(CidrBlock="10.5.0.0/16")
    vpc.wait_until_available()
    subnet = vpc.create_subnet(CidrBlock="10.5.1.0/24")
    group = vpc.create_security_group(GroupName="g", Description="g")
    group.authorize_ingress(IpPermissions=[SSH])
    group.reload()
    assert group.ip_permissions[0]["ToPort"] == 22
    assert [each.id for each in vpc.subnets.all()] == [subnet.id]
    assert {each.group_name for each in vpc.security_groups.all()} == {"default", "g"}
    group.delete()
    subnet.delete()
    vpc.delete()
