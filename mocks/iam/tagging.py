"""TagUser, UntagUser, ListUserTags, and so for every noun that can be tagged."""

from __future__ import annotations

from iamsim.kit import Call, Reply, operation

from . import tags as tagged
from .instance_profile import InstanceProfile
from .managed_policy import own_policy
from .mfa_device import MfaDevice
from .oidc_provider import OidcProvider
from .role import Role, modifiable
from .saml_provider import SamlProvider
from .server_certificate import ServerCertificate
from .tags import TagList
from .user import User


@operation
def tag_user(call: Call, user: User, *, tags: TagList) -> None:
    tagged.tag(user, tags)


@operation
def untag_user(call: Call, user: User, *, tag_keys: list[str]) -> None:
    tagged.untag(user, tag_keys)


@operation
def list_user_tags(call: Call, user: User) -> Reply:
    return tagged.listed(call, user)


@operation
def tag_role(call: Call, role: Role, *, tags: TagList) -> None:
    tagged.tag(modifiable(role), tags)


@operation
def untag_role(call: Call, role: Role, *, tag_keys: list[str]) -> None:
    tagged.untag(modifiable(role), tag_keys)


@operation
def list_role_tags(call: Call, role: Role) -> Reply:
    return tagged.listed(call, role)


@operation
def tag_policy(call: Call, *, policy_arn: str, tags: TagList) -> None:
    tagged.tag(own_policy(call, policy_arn), tags)


@operation
def untag_policy(call: Call, *, policy_arn: str, tag_keys: list[str]) -> None:
    tagged.untag(own_policy(call, policy_arn), tag_keys)


@operation
def list_policy_tags(call: Call, *, policy_arn: str) -> Reply:
    return tagged.listed(call, own_policy(call, policy_arn))


@operation
def tag_instance_profile(call: Call, profile: InstanceProfile, *, tags: TagList) -> None:
    tagged.tag(profile, tags)


@operation
def untag_instance_profile(call: Call, profile: InstanceProfile, *, tag_keys: list[str]) -> None:
    tagged.untag(profile, tag_keys)


@operation
def list_instance_profile_tags(call: Call, profile: InstanceProfile) -> Reply:
    return tagged.listed(call, profile)


@operation
def tag_mfa_device(call: Call, device: MfaDevice, *, tags: TagList) -> None:
    tagged.tag(device, tags)


@operation
def untag_mfa_device(call: Call, device: MfaDevice, *, tag_keys: list[str]) -> None:
    tagged.untag(device, tag_keys)


@operation
def list_mfa_device_tags(call: Call, device: MfaDevice) -> Reply:
    return tagged.listed(call, device)


@operation
def tag_server_certificate(call: Call, certificate: ServerCertificate, *, tags: TagList) -> None:
    tagged.tag(certificate, tags)


@operation
def untag_server_certificate(call: Call, certificate: ServerCertificate, *, tag_keys: list[str]) -> None:
    tagged.untag(certificate, tag_keys)


@operation
def list_server_certificate_tags(call: Call, certificate: ServerCertificate) -> Reply:
    return tagged.listed(call, certificate)


@operation
def tag_open_id_connect_provider(call: Call, provider: OidcProvider, *, tags: TagList) -> None:
    tagged.tag(provider, tags)


@operation
def untag_open_id_connect_provider(call: Call, provider: OidcProvider, *, tag_keys: list[str]) -> None:
    tagged.untag(provider, tag_keys)


@operation
def list_open_id_connect_provider_tags(call: Call, provider: OidcProvider) -> Reply:
    return tagged.listed(call, provider)


@operation
def tag_saml_provider(call: Call, provider: SamlProvider, *, tags: TagList) -> None:
    tagged.tag(provider, tags)


@operation
def untag_saml_provider(call: Call, provider: SamlProvider, *, tag_keys: list[str]) -> None:
    tagged.untag(provider, tag_keys)


@operation
def list_saml_provider_tags(call: Call, provider: SamlProvider) -> Reply:
    return tagged.listed(call, provider)
