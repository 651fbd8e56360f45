"""How calls name IAM's entities: by name without the path, which the ARN has."""

from __future__ import annotations

from iamsim.kit import Arn, Call, identity

from .account import arn_of

CREATED_BY = {
    "user": "CreateUser",
    "group": "CreateGroup",
    "role": "CreateRole",
    "instance-profile": "CreateInstanceProfile",
    "policy": "CreatePolicy",
    "mfa": "CreateVirtualMFADevice",
    "server-certificate": "UploadServerCertificate",
}


def named_or_new(call: Call, kind: str, name: str) -> Arn:
    """The ARN of the entity that has that name; of one to be created, with the path that it will have.

    A name that nobody has is taken to be at `/` (O section 5).
    """
    if call.operation.name == CREATED_BY[kind]:
        return call.make_arn(kind, path=call.params.get("Path", "/"), name=name)
    return arn_of(call, kind, name) or call.make_arn(kind, path="/", name=name)


@identity("user-name")
def from_user_name(call: Call, name: str) -> Arn:
    return named_or_new(call, "user", name)


@identity("group-name")
def from_group_name(call: Call, name: str) -> Arn:
    return named_or_new(call, "group", name)


@identity("role-name")
def from_role_name(call: Call, name: str) -> Arn:
    return named_or_new(call, "role", name)


@identity("instance-profile-name")
def from_instance_profile_name(call: Call, name: str) -> Arn:
    return named_or_new(call, "instance-profile", name)


@identity("policy-name")
def from_policy_name(call: Call, name: str) -> Arn:
    return named_or_new(call, "policy", name)


@identity("mfa-name")
def from_mfa_name(call: Call, name: str) -> Arn:
    return named_or_new(call, "mfa", name)


@identity("server-certificate-name")
def from_server_certificate_name(call: Call, name: str) -> Arn:
    return named_or_new(call, "server-certificate", name)


@identity("serial-number")
def from_serial_number(call: Call, serial: str) -> Arn:
    """A virtual device's serial number is its ARN."""
    return Arn.parse(serial) if Arn.looks_like(serial) else call.make_arn("mfa", path="/", name=serial)


@identity("issuer")
def from_issuer(call: Call, url: str) -> Arn:
    """An OpenID Connect provider is called by its URL without the scheme."""
    return call.make_arn("oidc-provider", name=url.split("://", 1)[-1].rstrip("/"))
