"""Roles, their trust policies, instance profiles, service-linked roles and identity providers."""

from __future__ import annotations

import json
from typing import Any

from tests.mocks.iam.documents import ACCOUNT, ADMIN, OTHER_ACCOUNT, allow, policy, refused, trust

EC2 = trust({"Service": "ec2.amazonaws.com"})


def test_a_role_as_created_and_read(iam: Any) -> None:
    created = iam.create_role(
        RoleName="r", Path="/x/", AssumeRolePolicyDocument=EC2, Description="d", MaxSessionDuration=7200
    )["Role"]
    assert created["RoleId"].startswith("AROA")
    assert created["Arn"] == f"arn:aws:iam::{ACCOUNT}:role/x/r"
    assert (created["Description"], created["MaxSessionDuration"]) == ("d", 7200)
    assert created["AssumeRolePolicyDocument"] == json.loads(EC2)
    assert iam.get_role(RoleName="r")["Role"] == created | {"RoleLastUsed": {}}
    assert iam.list_roles(PathPrefix="/x/")["Roles"] == [created]
    iam.update_role(RoleName="r", Description="e", MaxSessionDuration=3600)
    assert iam.get_role(RoleName="r")["Role"]["Description"] == "e"
    assert iam.update_role_description(RoleName="r", Description="f")["Role"]["Description"] == "f"
    with refused("EntityAlreadyExists", "Role with name R already exists.", 409):
        iam.create_role(RoleName="R", AssumeRolePolicyDocument=EC2)
    with refused("NoSuchEntity", "The role with name s cannot be found.", 404):
        iam.get_role(RoleName="s")


def test_account_ids_in_trust_policies_become_arns(iam: Any) -> None:
    document = trust({"AWS": [ACCOUNT, OTHER_ACCOUNT]})
    role = iam.create_role(RoleName="r", AssumeRolePolicyDocument=document)["Role"]
    principal = role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]
    assert principal == {"AWS": [f"arn:aws:iam::{ACCOUNT}:root", f"arn:aws:iam::{OTHER_ACCOUNT}:root"]}


def test_trust_policies_are_checked(iam: Any) -> None:
    missing = f"arn:aws:iam::{ACCOUNT}:user/missing"
    for document, message in (
        ("{", "This policy contains invalid Json"),
        (
            trust({"AWS": ACCOUNT}, "s3:GetObject"),
            "Trust Policy statement actions can only be sts:AssumeRole, sts:AssumeRoleWithSAML,  and "
            "sts:AssumeRoleWithWebIdentity",
        ),
        (trust({"AWS": missing}), f'Invalid principal in policy: "AWS":"{missing}"'),
        (trust("*"), 'AssumeRolepolicy contained an invalid principal: "STAR":"*".'),
        (trust({"AWS": ACCOUNT}, Resource="*"), "Has prohibited field Resource."),
    ):
        with refused("MalformedPolicyDocument", message, 400):
            iam.create_role(RoleName="r", AssumeRolePolicyDocument=document)
    assert iam.list_roles()["Roles"] == []
    with refused("LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048", 409):
        iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust({"AWS": [ACCOUNT] * 200}))


def test_a_trusted_user_is_followed_and_shows_as_its_id_when_it_is_gone(iam: Any) -> None:
    user = iam.create_user(UserName="alice")["User"]
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust({"AWS": user["Arn"]}))
    iam.update_user(UserName="alice", NewUserName="alicia")
    assert _trusted(iam) == f"arn:aws:iam::{ACCOUNT}:user/alicia"
    iam.delete_user(UserName="alicia")
    iam.create_user(UserName="alicia")
    assert _trusted(iam) == user["UserId"]


def _trusted(iam: Any) -> Any:
    return iam.get_role(RoleName="r")["Role"]["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["AWS"]


def test_a_role_is_deleted_when_it_has_nothing_left(iam: Any) -> None:
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=EC2)
    iam.create_instance_profile(InstanceProfileName="i")
    iam.add_role_to_instance_profile(InstanceProfileName="i", RoleName="r")
    iam.attach_role_policy(RoleName="r", PolicyArn=ADMIN)
    iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=allow("*"))
    with refused("DeleteConflict", "Cannot delete entity, must remove roles from instance profile first.", 409):
        iam.delete_role(RoleName="r")
    iam.remove_role_from_instance_profile(InstanceProfileName="i", RoleName="r")
    with refused("DeleteConflict", "Cannot delete entity, must detach all policies first."):
        iam.delete_role(RoleName="r")
    iam.detach_role_policy(RoleName="r", PolicyArn=ADMIN)
    with refused("DeleteConflict", "Cannot delete entity, must delete policies first."):
        iam.delete_role(RoleName="r")
    iam.delete_role_policy(RoleName="r", PolicyName="p")
    iam.delete_role(RoleName="r")
    assert iam.list_roles()["Roles"] == []


def test_instance_profiles(iam: Any) -> None:
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=EC2)
    profile = iam.create_instance_profile(InstanceProfileName="i", Path="/x/")["InstanceProfile"]
    assert profile["InstanceProfileId"].startswith("AIPA")
    assert profile["Arn"] == f"arn:aws:iam::{ACCOUNT}:instance-profile/x/i"
    iam.add_role_to_instance_profile(InstanceProfileName="i", RoleName="r")
    assert iam.get_instance_profile(InstanceProfileName="i")["InstanceProfile"]["Roles"][0]["RoleName"] == "r"
    assert len(iam.list_instance_profiles_for_role(RoleName="r")["InstanceProfiles"]) == 1
    with refused("LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1", 409):
        iam.add_role_to_instance_profile(InstanceProfileName="i", RoleName="r")
    with refused("DeleteConflict", "Cannot delete entity, must remove roles from instance profile first."):
        iam.delete_instance_profile(InstanceProfileName="i")
    with refused("NoSuchEntity", "Instance Profile j cannot be found.", 404):
        iam.get_instance_profile(InstanceProfileName="j")
    with refused("EntityAlreadyExists", "Instance Profile i already exists."):
        iam.create_instance_profile(InstanceProfileName="i")


def test_service_linked_roles_belong_to_their_service(iam: Any) -> None:
    role = iam.create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")["Role"]
    name, service = "AWSServiceRoleForAutoScaling", "autoscaling.amazonaws.com"
    assert role["Arn"] == f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/{service}/{name}"
    attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    assert attached[0]["PolicyName"] == "AutoScalingServiceRolePolicy"
    with refused(
        "UnmodifiableEntity",
        f"Cannot perform the operation on the protected role '{name}' - this role is only modifiable by AWS",
        400,
    ):
        iam.delete_role(RoleName=name)
    with refused(
        "InvalidInput",
        f"Service role name {name} has been taken in this account, please try a different suffix.",
    ):
        iam.create_service_linked_role(AWSServiceName=service)
    task = iam.delete_service_linked_role(RoleName=name)["DeletionTaskId"]
    assert iam.get_service_linked_role_deletion_status(DeletionTaskId=task)["Status"] == "SUCCEEDED"
    assert iam.list_roles()["Roles"] == []


def test_open_id_connect_providers(iam: Any) -> None:
    url = "https://token.actions.githubusercontent.com"
    arn = iam.create_open_id_connect_provider(Url=url, ClientIDList=["sts.amazonaws.com"])["OpenIDConnectProviderArn"]
    assert arn == f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
    iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="other")
    found = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert found["ClientIDList"] == ["sts.amazonaws.com", "other"]
    assert iam.list_open_id_connect_providers()["OpenIDConnectProviderList"] == [{"Arn": arn}]
    with refused("EntityAlreadyExists", f"Provider with url {url} already exists.", 409):
        iam.create_open_id_connect_provider(Url=url)
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust({"Federated": arn}, "sts:AssumeRoleWithWebIdentity"))
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    with refused("NoSuchEntity", f"OpenIDConnect Provider not found for arn {arn}", 404):
        iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    with refused("MalformedPolicyDocument", f'Invalid principal in policy: "FEDERATED":"{arn}"'):
        iam.create_role(
            RoleName="s", AssumeRolePolicyDocument=trust({"Federated": arn}, "sts:AssumeRoleWithWebIdentity")
        )


def test_saml_providers(iam: Any) -> None:
    metadata = (
        '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp">'
        + " " * 1000
        + "</EntityDescriptor>"
    )
    arn = iam.create_saml_provider(Name="idp", SAMLMetadataDocument=metadata)["SAMLProviderArn"]
    assert arn == f"arn:aws:iam::{ACCOUNT}:saml-provider/idp"
    assert iam.get_saml_provider(SAMLProviderArn=arn)["SAMLMetadataDocument"] == metadata
    assert [each["Arn"] for each in iam.list_saml_providers()["SAMLProviderList"]] == [arn]
    with refused("InvalidInput", "Could not parse metadata"):
        iam.update_saml_provider(SAMLProviderArn=arn, SAMLMetadataDocument="x" * 1000)
    iam.delete_saml_provider(SAMLProviderArn=arn)
    with refused("NoSuchEntity", f"Manifest not found for arn {arn}"):
        iam.get_saml_provider(SAMLProviderArn=arn)


def test_server_certificates(iam: Any) -> None:
    pem = "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----"
    uploaded = iam.upload_server_certificate(ServerCertificateName="c", CertificateBody=pem, PrivateKey=pem)
    assert uploaded["ServerCertificateMetadata"]["Arn"] == f"arn:aws:iam::{ACCOUNT}:server-certificate/c"
    assert iam.get_server_certificate(ServerCertificateName="c")["ServerCertificate"]["CertificateBody"] == pem
    assert len(iam.list_server_certificates()["ServerCertificateMetadataList"]) == 1
    iam.delete_server_certificate(ServerCertificateName="c")
    with refused("NoSuchEntity", "The Server Certificate with name c cannot be found.", 404):
        iam.get_server_certificate(ServerCertificateName="c")


def test_statements_may_stand_without_brackets(iam: Any) -> None:
    document = json.dumps({"Version": "2012-10-17", "Statement": json.loads(EC2)["Statement"][0]})
    role = iam.create_role(RoleName="r", AssumeRolePolicyDocument=document)["Role"]
    assert role["AssumeRolePolicyDocument"] == json.loads(policy(json.loads(document)["Statement"]))
