"""GetAccountSummary: how many of everything there are, and may be. Source: IAM API reference; IAM quotas."""

from __future__ import annotations

from iamsim.kit import Call, Reply, operation

from .account import QUOTAS, account_of
from .managed_policy import ManagedPolicy
from .user import User


@operation
def get_account_summary(call: Call) -> Reply:
    """The root user has neither keys nor MFA here; it does have a password."""
    account, users = account_of(call), call.all(User)
    return {
        "SummaryMap": {
            "Users": len(users),
            "UsersQuota": QUOTAS["user"][1],
            "Groups": account.count("group"),
            "GroupsQuota": QUOTAS["group"][1],
            "Roles": account.count("role"),
            "RolesQuota": QUOTAS["role"][1],
            "InstanceProfiles": account.count("instance-profile"),
            "InstanceProfilesQuota": QUOTAS["instance-profile"][1],
            "Policies": account.count("policy"),
            "PoliciesQuota": QUOTAS["policy"][1],
            "PolicyVersionsInUse": sum(len(policy.versions) for policy in call.all(ManagedPolicy)),
            "PolicyVersionsInUseQuota": 10_000,
            "ServerCertificates": account.count("server-certificate"),
            "ServerCertificatesQuota": QUOTAS["server-certificate"][1],
            "Providers": account.count("oidc-provider") + account.count("saml-provider"),
            "MFADevices": account.count("mfa"),
            "MFADevicesInUse": sum(len(user.mfa_enabled_at) for user in users),
            "AccountMFAEnabled": 0,
            "AccountAccessKeysPresent": 0,
            "AccountPasswordPresent": 1,
            "AccountSigningCertificatesPresent": 0,
            "AccessKeysPerUserQuota": 2,
            "GroupsPerUserQuota": 10,
            "SigningCertificatesPerUserQuota": 2,
            "AttachedPoliciesPerGroupQuota": 10,
            "AttachedPoliciesPerRoleQuota": 10,
            "AttachedPoliciesPerUserQuota": 10,
            "UserPolicySizeQuota": 2_048,
            "GroupPolicySizeQuota": 5_120,
            "RolePolicySizeQuota": 10_240,
            "PolicySizeQuota": 6_144,
            "AssumeRolePolicySizeQuota": 2_048,
            "VersionsPerPolicyQuota": 5,
            "GlobalEndpointTokenVersion": account.token_version,
        }
    }


@operation
def set_security_token_service_preferences(call: Call, *, global_endpoint_token_version: str) -> None:
    account_of(call).token_version = 2 if global_endpoint_token_version == "v2Token" else 1
