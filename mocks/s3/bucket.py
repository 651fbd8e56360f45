"""A bucket: its owner, its settings and what is in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from iamsim.kit import Resource

from .acl import Acl
from .contents import Contents
from .upload import Upload

BLOCK_ALL = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}


@dataclass
class Bucket(Resource, kind="bucket"):
    """One bucket. Its ARN names no account and no region; its name is unique among all accounts and regions.

    `configurations` holds what was put, by the names of `configuration.py`; `listed` the kinds with an id of their own.
    `tags` are those that policies see: none unless attribute-based access control is on.
    """

    owner: str = field(kw_only=True)  # the account
    region: str = field(kw_only=True)
    created_at: float = field(kw_only=True)  # seconds since the epoch
    acl: Acl = field(kw_only=True)
    policy_text: str | None = None  # as it was put
    policy_in_force: str | None = None  # the same, with canonical user ids as the accounts that they stand for
    versioning: str | None = None  # None until it is set for the first time
    has_object_lock: bool = False
    configurations: dict[str, Any] = field(default_factory=dict)
    listed: dict[str, dict[str, Any]] = field(default_factory=dict)
    contents: Contents = field(default_factory=Contents)
    uploads: dict[str, Upload] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The bucket's name."""
        return self.arn.resource

    @property
    def account(self) -> str:
        """The owner."""
        return self.owner

    @property
    def policy(self) -> str | None:
        """The bucket policy."""
        return self.policy_in_force

    @property
    def restricts_public_access(self) -> bool:
        """Whether a public policy counts only for the owner's account (R-134)."""
        return self.blocks("RestrictPublicBuckets")

    @property
    def is_versioned(self) -> bool:
        """Whether versioning was ever set."""
        return self.versioning is not None

    @property
    def ownership(self) -> str:
        """Who owns what is uploaded; without ownership controls it is the uploader (R-131)."""
        rules = self.configurations.get("ownership controls", {}).get("Rules")
        return str(rules[0]["ObjectOwnership"]) if rules else "ObjectWriter"

    @property
    def has_acls(self) -> bool:
        """Whether access control lists have an effect (R-131)."""
        return self.ownership != "BucketOwnerEnforced"

    def blocks(self, switch: str) -> bool:
        """Whether a switch of Block Public Access is on (R-134)."""
        return bool(self.configurations.get("public access block", {}).get(switch))

    def show_tags(self) -> None:
        """Let policies see the tags if attribute-based access control is on; to be called after a change of either."""
        is_on = self.configurations.get("abac", {}).get("Status") == "Enabled"
        pairs = self.configurations.get("tagging", {}).get("TagSet", [])
        self.tags = {pair["Key"]: pair["Value"] for pair in pairs} if is_on else {}
