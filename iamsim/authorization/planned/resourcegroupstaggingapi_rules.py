"""Resource Groups Tagging API: each service's own tagging action besides its own. Source: O section 4."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.planned_tags import request_tags
from iamsim.reference.actions import action

TAGS = (
    *("TagResource", "AddTagsToResource", "CreateTags", "AddTags", "TagQueue", "AddTagsToStream", "TagDeliveryStream"),
    *("AddTagsToCertificate", "CreateOrUpdateTags", "ChangeTagsForResource", "AddTagsToVault", "Tag"),
)
UNTAGS = (
    *("UntagResource", "RemoveTagsFromResource", "DeleteTags", "RemoveTags", "UntagQueue", "RemoveTagsFromStream"),
    *("UntagDeliveryStream", "RemoveTagsFromCertificate", "ChangeTagsForResource", "RemoveTagsFromVault", "Untag"),
)
OF_S3 = "PutBucketTagging"
OF_IAM = {  # by the type in the ARN
    "instance-profile": "InstanceProfile",
    "mfa": "MFADevice",
    "oidc-provider": "OpenIDConnectProvider",
    "policy": "Policy",
    "role": "Role",
    "saml-provider": "SAMLProvider",
    "server-certificate": "ServerCertificate",
    "user": "User",
}


def forwarded(asked: Asked) -> Iterator[Check]:
    """To tag or untag each resource in its own service."""
    names = {"TagResources": TAGS, "UntagResources": UNTAGS}.get(asked.operation, ())
    for arn in asked.get("ResourceARNList") or ():
        prefix = str(arn).split(":", 3)[2] if str(arn).count(":") > 2 else ""
        wanted = (OF_S3,) if prefix == "s3" else names
        if prefix == "iam":
            verb = "Tag" if asked.operation == "TagResources" else "Untag"
            wanted = (f"{verb}{OF_IAM.get(arn.split(':', 5)[-1].partition('/')[0], '')}",)
        found = next((each for name in wanted if names and (each := action(f"{prefix}:{name}"))), None)
        if found is not None:
            yield Check(str(found), arn, request_tags(asked))
