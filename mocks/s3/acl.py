"""Access control lists: who may do what with a bucket or an object. Source: S3 User Guide, acl-overview; R-133."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from iamsim.kit import NotMocked, error

from .failures import InvalidRequest, invalid_argument, malformed_xml

UnresolvableGrantByEmailAddress = error("UnresolvableGrantByEmailAddress", status=400)

GROUPS = {
    "http://acs.amazonaws.com/groups/global/AllUsers": "AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers": "AuthenticatedUsers",
    "http://acs.amazonaws.com/groups/s3/LogDelivery": "LogDelivery",
}
URIS = {group: uri for uri, group in GROUPS.items()}
PUBLIC_GROUPS = frozenset({"AllUsers", "AuthenticatedUsers"})
ANONYMOUS_ID = "65a011a29cdf8ec533ec3d1ccaae921c"  # the canonical id of who signs nothing
PERMISSIONS = ("FULL_CONTROL", "WRITE", "WRITE_ACP", "READ", "READ_ACP")
MAX_GRANTS = 100

CANNED: Mapping[str, tuple[tuple[str, str], ...]] = {  # grants beyond the owner's own
    "private": (),
    "public-read": (("AllUsers", "READ"),),
    "public-read-write": (("AllUsers", "READ"), ("AllUsers", "WRITE")),
    "authenticated-read": (("AuthenticatedUsers", "READ"),),
    "aws-exec-read": (),
    "log-delivery-write": (("LogDelivery", "WRITE"), ("LogDelivery", "READ_ACP")),
    "bucket-owner-read": (("bucket owner", "READ"),),
    "bucket-owner-full-control": (("bucket owner", "FULL_CONTROL"),),
}
GRANT_MEMBERS = {
    "GrantFullControl": "FULL_CONTROL",
    "GrantRead": "READ",
    "GrantReadACP": "READ_ACP",
    "GrantWrite": "WRITE",
    "GrantWriteACP": "WRITE_ACP",
}
ON_BUCKET = {  # permission -> actions. Source: R-133
    "READ": ("s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"),
    "WRITE": ("s3:PutObject", "s3:DeleteObject"),
    "READ_ACP": ("s3:GetBucketAcl",),
    "WRITE_ACP": ("s3:PutBucketAcl",),
}
ON_OBJECT = {
    "READ": ("s3:GetObject", "s3:GetObjectVersion"),
    "READ_ACP": ("s3:GetObjectAcl", "s3:GetObjectVersionAcl"),
    "WRITE_ACP": ("s3:PutObjectAcl", "s3:PutObjectVersionAcl"),
}


@dataclass(frozen=True)
class Grant:
    """One permission for an account, given by its number, or for a group, given by its name."""

    grantee: str
    permission: str


@dataclass(frozen=True)
class Acl:
    """The owner, an account, and the grants."""

    owner: str
    grants: tuple[Grant, ...]

    @property
    def is_public(self) -> bool:
        """Whether anything is granted to everybody, or to everybody with an AWS account (R-135)."""
        return any(grant.grantee in PUBLIC_GROUPS for grant in self.grants)

    def described(self) -> dict[str, Any]:
        """As GetBucketAcl and GetObjectAcl answer."""
        return {
            "Owner": owner(self.owner),
            "Grants": [{"Grantee": _grantee(each.grantee), "Permission": each.permission} for each in self.grants],
        }

    def document(self, arn: str, *, is_bucket: bool, without_public: bool) -> str | None:
        """The resource policy that grants the same on the resource `arn`; None if it grants nothing to others."""
        statements = []
        for grant in self.grants:
            if without_public and grant.grantee in PUBLIC_GROUPS:
                continue
            actions = _actions(grant.permission, ON_BUCKET if is_bucket else ON_OBJECT)
            resources = [arn, f"{arn}/*"] if is_bucket else [arn]
            statement: dict[str, Any] = {"Effect": "Allow", "Action": actions, "Resource": resources}
            if grant.grantee in PUBLIC_GROUPS:
                statement["Principal"] = "*"
                if grant.grantee == "AuthenticatedUsers":
                    statement["Condition"] = {"StringNotEquals": {"aws:PrincipalType": "Anonymous"}}
            elif grant.grantee == "LogDelivery":
                statement["Principal"] = {"Service": "logging.s3.amazonaws.com"}
            elif grant.grantee and grant.grantee != self.owner:
                partition = arn.split(":")[1]
                statement["Principal"] = {"AWS": f"arn:{partition}:iam::{grant.grantee}:root"}
            if actions and "Principal" in statement:
                statements.append(statement)
        return json.dumps({"Version": "2012-10-17", "Statement": statements}) if statements else None


def private(account: str) -> Acl:
    """Full control for the owner, and nothing else."""
    return Acl(account, (Grant(account, "FULL_CONTROL"),))


def acl_in(params: Mapping[str, Any], account: str, bucket_owner: str) -> Acl | None:
    """The list that an operation's parameters ask for, of an owner `account`; None if they say nothing."""
    headers = [member for member in GRANT_MEMBERS if member in params]
    body = params.get("AccessControlPolicy")
    if sum((bool(headers), "ACL" in params, body is not None)) > 1:
        raise InvalidRequest("Specifying both Canned ACLs and Header Grants is not allowed")
    if "ACL" in params:
        return _canned(params["ACL"], account, bucket_owner)
    if headers:
        grants = [Grant(grantee, GRANT_MEMBERS[member]) for member in headers for grantee in _in_header(params[member])]
        return Acl(account, _checked(grants))
    return None if body is None else _in_body(body, account)


def canonical_id(account: str) -> str:
    """The canonical user id of `account`: 64 hexadecimal digits, of which the last twelve are its number."""
    if not account:
        return ANONYMOUS_ID
    return hashlib.sha256(f"canonical user id of {account}".encode()).hexdigest()[:52] + account


def account_of(user_id: str) -> str | None:
    """The account of that canonical user id; None if it is of nobody."""
    account = user_id[-12:]
    return account if account.isdigit() and canonical_id(account) == user_id else None


def owner(account: str) -> dict[str, str]:
    """An account as S3's answers name owners and initiators."""
    return {"ID": canonical_id(account)}


def _actions(permission: str, table: Mapping[str, Sequence[str]]) -> list[str]:
    if permission == "FULL_CONTROL":
        return [action for actions in table.values() for action in actions]
    return list(table.get(permission, ()))


def _canned(name: str, account: str, bucket_owner: str) -> Acl:
    if name not in CANNED:
        raise invalid_argument("", "x-amz-acl", name)
    if name == "aws-exec-read":
        raise NotMocked("iamsim does not simulate the canned ACL aws-exec-read, whose grantee is Amazon EC2")
    grants = [Grant(account, "FULL_CONTROL")]
    for grantee, permission in CANNED[name]:
        grant = Grant(bucket_owner if grantee == "bucket owner" else grantee, permission)
        if grant not in grants:
            grants.append(grant)
    return Acl(account, tuple(grants))


def _in_header(text: str) -> list[str]:
    grantees = []
    for item in text.split(","):
        kind, _, value = item.strip().partition("=")
        value = value.strip().strip('"')
        if kind == "id":
            grantees.append(_known(value))
        elif kind == "uri":
            grantees.append(_group(value))
        elif kind == "emailAddress":
            raise _no_address()
        else:
            raise invalid_argument("Argument format not recognized", "x-amz-grant", text)
    return grantees


def _in_body(body: Mapping[str, Any], account: str) -> Acl:
    owner_id = body.get("Owner", {}).get("ID")
    if owner_id is not None and owner_id != canonical_id(account):
        raise invalid_argument("Invalid id", "CanonicalUser/ID", owner_id)
    grants = []
    for grant in body.get("Grants", ()):
        grantee, permission = grant.get("Grantee", {}), grant.get("Permission")
        if permission not in PERMISSIONS:
            raise malformed_xml()
        if "URI" in grantee:
            grants.append(Grant(_group(grantee["URI"]), permission))
        elif "EmailAddress" in grantee:
            raise _no_address()
        elif "ID" in grantee:
            grants.append(Grant(_known(grantee["ID"]), permission))
        else:
            raise malformed_xml()
    return Acl(account, _checked(grants))


def _checked(grants: list[Grant]) -> tuple[Grant, ...]:
    if len(grants) > MAX_GRANTS:
        raise InvalidRequest(f"An access control list has at most {MAX_GRANTS} grants.")
    return tuple(dict.fromkeys(grants))


def _known(user_id: str) -> str:
    account = account_of(user_id)
    if account is None:
        raise invalid_argument("Invalid id", "CanonicalUser/ID", user_id)
    return account


def _group(uri: str) -> str:
    if uri not in GROUPS:
        raise invalid_argument("Invalid group uri", "Group/URI", uri)
    return GROUPS[uri]


def _no_address() -> Exception:
    return UnresolvableGrantByEmailAddress("The e-mail address you provided does not match any account on record.")


def _grantee(grantee: str) -> dict[str, str]:
    if grantee in URIS:
        return {"Type": "Group", "URI": URIS[grantee]}
    return {"Type": "CanonicalUser", **owner(grantee)}
