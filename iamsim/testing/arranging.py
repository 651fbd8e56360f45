"""Users and roles, made through IAM's API in a line each; unchecked, as arrangements are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from botocore.exceptions import ClientError

from iamsim.arn import Arn
from iamsim.errors import UsageError
from iamsim.policy import PolicyType
from iamsim.policy.validation import validate
from iamsim.testing.account_root import client_of_root
from iamsim.testing.acting import Actor, as_role, as_user, unchecked
from iamsim.testing.active import ACTIVE
from iamsim.testing.given_policies import Given, GivenPolicy, document_text, given_policies
from iamsim.testing.saml import SamlProvider
from iamsim.testing.web_identity import BUILT_IN, IdentityProvider

PoliciesGiven = Given | Sequence[Given] | None
Who = str | Actor | IdentityProvider | SamlProvider
Trusted = Who | Mapping[str, Any] | Path | Sequence[Who]


def user(
    name: str,
    policies: PoliciesGiven = None,
    *,
    boundary: Given | None = None,
    groups: str | Sequence[str] | Mapping[str, PoliciesGiven] = (),
    tags: Mapping[str, str] | None = None,
    path: str = "/",
    account: str | None = None,
) -> Actor:
    """Make an IAM user, and act as it with the Actor that comes back.

    Documents become inline policies, ARNs are attached. `groups` are joined, and made where they are missing:
    `["readers"]`, or `{"readers": policies}`.
    """
    iam = client_of_root("iam", account or ACTIVE.simulator.cloud.account)
    with _arranging(f"user(`{name}`)"):
        iam.create_user(**_entity("UserName", name, boundary, tags, path, iam))
        _give(iam, "user", name, given_policies(policies))
        names = [groups] if isinstance(groups, str) else groups
        named: Mapping[str, PoliciesGiven] = names if isinstance(names, Mapping) else dict.fromkeys(names)
        for group, of_group in named.items():
            try:
                iam.get_group(GroupName=group)
            except iam.exceptions.NoSuchEntityException:
                iam.create_group(GroupName=group)
            _give(iam, "group", group, given_policies(of_group, f"groups[{group!r}]"))
            iam.add_user_to_group(GroupName=group, UserName=name)
    return as_user(name, account=account)


def role(
    name: str,
    policies: PoliciesGiven = None,
    *,
    trusts: Trusted | None = None,
    boundary: Given | None = None,
    tags: Mapping[str, str] | None = None,
    path: str = "/",
    max_session_duration_s: int | None = None,
    account: str | None = None,
) -> Actor:
    """Make an IAM role, and act as a session of it with the Actor that comes back.

    `trusts` is a service, an account, an ARN, an Actor, an identity provider, a list of them, a `Principal` element or
    a whole trust policy, also as a file; without it the role trusts its own account.
    """
    home = account or ACTIVE.simulator.cloud.account
    iam = client_of_root("iam", home)
    with _arranging(f"role(`{name}`)"):
        options = _entity("RoleName", name, boundary, tags, path, iam)
        if max_session_duration_s is not None:
            options["MaxSessionDuration"] = max_session_duration_s
        iam.create_role(AssumeRolePolicyDocument=json.dumps(_trust(trusts or home)), **options)
        _give(iam, "role", name, given_policies(policies))
    return as_role(name, account=account)


@contextmanager
def _arranging(what: str) -> Iterator[None]:
    """Unchecked; what IAM refuses is a mistake in the test, and says so."""
    try:
        with unchecked():
            yield
    except ClientError as error:
        refused = error.response["Error"]
        raise UsageError(f"{what}: {error.operation_name}: {refused['Code']}: {refused['Message']}") from error


def _entity(
    member: str, name: str, boundary: Given | None, tags: Mapping[str, str] | None, path: str, iam: Any
) -> dict[str, Any]:
    """The members that CreateUser and CreateRole share."""
    members: dict[str, Any] = {member: name, "Path": path}
    if tags:
        members["Tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
    boundaries = given_policies(boundary, "boundary")
    if len(boundaries) > 1:
        raise UsageError(f"`boundary` is {len(boundaries)} policies: it must be one")
    for given in boundaries:
        members["PermissionsBoundary"] = given.arn or _managed(iam, given, f"{name}-boundary")
    return members


def _managed(iam: Any, given: GivenPolicy, name: str) -> str:
    """The ARN of a managed policy, since a boundary can be nothing else: made, or made earlier from the same text."""
    called = given.name or name
    try:
        with _saving(given, called):
            return str(iam.create_policy(PolicyName=called, PolicyDocument=given.text)["Policy"]["Arn"])
    except iam.exceptions.EntityAlreadyExistsException:
        own = iam.get_paginator("list_policies").paginate(Scope="Local").search("Policies")
        there = next(each for each in own if each["PolicyName"] == called)
        version = iam.get_policy_version(PolicyArn=there["Arn"], VersionId=there["DefaultVersionId"])["PolicyVersion"]
        if given.text is None or version["Document"] != json.loads(given.text):
            raise
        return str(there["Arn"])


@contextmanager
def _saving(given: GivenPolicy, called: str) -> Iterator[None]:
    """Where IAM refuses the document, the error says what is wrong with it, and where."""
    try:
        yield
    except ClientError as error:
        found = next((each for each in validate(given.text or "", PolicyType.IDENTITY) if each.is_error), None)
        if found is None or error.response["Error"]["Code"] != found.code:
            raise
        detail = f" ({found.detail})" if found.detail else ""
        place = f"line {found.line}, column {found.column}"
        raise UsageError(f"policy `{called}`, {place}: {found.message}{detail}") from error


def _give(iam: Any, kind: str, name: str, policies: Sequence[GivenPolicy]) -> None:
    """Attach managed policies, and put the others inline."""
    whose = {f"{kind.capitalize()}Name": name}
    for number, policy in enumerate(policies, 1):
        if policy.arn is not None:
            getattr(iam, f"attach_{kind}_policy")(PolicyArn=policy.arn, **whose)
        else:
            called = policy.name or f"policy-{number}"
            with _saving(policy, called):
                getattr(iam, f"put_{kind}_policy")(PolicyName=called, PolicyDocument=policy.text, **whose)


def _trust(trusts: Trusted) -> Mapping[str, Any]:
    """The trust policy that `trusts` says in short, or is."""
    if isinstance(trusts, Path) or (isinstance(trusts, str) and trusts.lstrip().startswith("{")):
        return cast("dict[str, Any]", json.loads(document_text(trusts)))
    if isinstance(trusts, str) and trusts.endswith((".json", ".yaml", ".yml")):
        return _trust(Path(trusts))
    if isinstance(trusts, Mapping):
        if "Statement" in trusts:
            return trusts
        principal: Any = trusts
    else:
        principal = {}
        for each in [trusts] if isinstance(trusts, Who) else trusts:
            kind, value = _trusted(each)
            principal.setdefault(kind, []).append(value)
    federated = "Federated" in principal
    assume = ["sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"] if federated else []
    assume += ["sts:AssumeRole"] if principal.keys() - {"Federated"} else []
    actions = [*assume, "sts:TagSession", "sts:SetSourceIdentity"]
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": principal, "Action": actions}]}


def _trusted(who: Who) -> tuple[str, str]:
    text = who if isinstance(who, str) else who.arn
    if text in BUILT_IN or (Arn.looks_like(text) and Arn.parse(text).type in ("oidc-provider", "saml-provider")):
        return "Federated", text
    if isinstance(who, Actor) and who.principal.entity_arn:
        text = who.principal.entity_arn  # of a session the role
    if text.isdigit() and len(text) == 12:
        return "AWS", f"arn:aws:iam::{text}:root"
    if Arn.looks_like(text) or text == "*":
        return "AWS", text
    if text.endswith((".amazonaws.com", ".amazonaws.com.cn")):
        return "Service", text
    raise UsageError(f"`trusts` has `{text}`: give a service (`lambda.amazonaws.com`), an account's number, or an ARN")
