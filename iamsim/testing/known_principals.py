"""Whom a name or an ARN means, among the users and roles that the simulator knows."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from botocore.exceptions import ClientError

from iamsim.arn import Arn
from iamsim.errors import UsageError
from iamsim.kit.loader import load_service
from iamsim.policy.principal import Principal, PrincipalKind, Session
from iamsim.testing.account_root import client_of_root
from iamsim.testing.acting import Actor, unchecked
from iamsim.testing.active import ACTIVE
from iamsim.tools.principals import SOME_SESSION, principal_named

SESSION_S = 3_600


def principal_of(who: str | Actor, action: str = "") -> Principal:
    """The principal that `who` means: an Actor, an ARN, a service, `anonymous`, or the name of a user or a role.

    A role means some session of it. Raises UsageError for who is not known.
    """
    if isinstance(who, Actor):
        return who.principal
    if Arn.looks_like(who):
        arn = Arn.parse(who)
        if arn.service == "iam" and arn.type == "user":
            return user_principal(who)
        if arn.service == "iam" and arn.type == "role":
            return _session_of(_role(who, None), SOME_SESSION)
        if arn.service == "sts" and arn.type == "assumed-role":
            _, name, session = arn.resource.split("/", 2)
            return _session_of(_role(name, arn.account), session)
        return principal_named(who, action)
    if who == "anonymous" or "." in who:
        return principal_named(who, action)
    user, role = _look_up("user", who, None), _look_up("role", who, None)
    if user is not None and role is not None:
        raise UsageError(f"`{who}` is a user and a role: give `{user['Arn']}` or `{role['Arn']}`")
    if user is not None:
        return _user(user)
    if role is not None:
        return _session_of(role, SOME_SESSION)
    raise _unknown("user or role", who, None, _names("user", None) + _names("role", None))


def user_principal(name: str, account: str | None = None) -> Principal:
    """The user of that name or ARN. Raises UsageError if there is none."""
    found = _look_up("user", name, account)
    if found is None:
        raise _unknown("user", name, account, _names("user", _account(name, account)))
    return _user(found)


def role_arn(name: str, account: str | None = None) -> str:
    """The ARN of the role of that name or ARN. Raises UsageError if there is none."""
    return str(_role(name, account)["Arn"])


def _role(name: str, account: str | None) -> dict[str, Any]:
    found = _look_up("role", name, account)
    if found is None:
        raise _unknown("role", name, account, _names("role", _account(name, account)))
    return found


def _user(found: dict[str, Any]) -> Principal:
    arn, unique_id = found["Arn"], found["UserId"]
    return Principal(PrincipalKind.USER, Arn.parse(arn).account, arn, unique_id, entity_arn=arn, entity_id=unique_id)


def _session_of(role: dict[str, Any], session_name: str) -> Principal:
    """A session of the role, as AssumeRole would begin it now; no credentials are issued."""
    arn, now = Arn.parse(role["Arn"]), ACTIVE.simulator.cloud.clock.now()
    return Principal(
        kind=PrincipalKind.ROLE_SESSION,
        account=arn.account,
        arn=f"arn:{arn.partition}:sts::{arn.account}:assumed-role/{role['RoleName']}/{session_name}",
        user_id=f"{role['RoleId']}:{session_name}",
        entity_arn=role["Arn"],
        entity_id=role["RoleId"],
        session=Session(issued_at=now, expires_at=now + SESSION_S),
    )


def _account(name: str, account: str | None) -> str:
    if Arn.looks_like(name):
        return name
    return account or ACTIVE.simulator.cloud.account


def _look_up(kind: str, name: str, account: str | None) -> dict[str, Any] | None:
    """The user or role as IAM answers it; None if there is none of that name, or of that whole ARN."""
    client = client_of_root("iam", _account(name, account))
    bare = Arn.parse(name).name if Arn.looks_like(name) else name
    with unchecked():
        try:
            if kind == "user":
                found: dict[str, Any] = client.get_user(UserName=bare)["User"]
            else:
                found = client.get_role(RoleName=bare)["Role"]
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("NoSuchEntity", "ValidationError"):
                raise
            return None
    return found if bare == name or found["Arn"] == name else None


def _names(kind: str, account: str | None) -> list[str]:
    client = client_of_root("iam", _account("", account))
    with unchecked():
        pages = client.get_paginator(f"list_{kind}s").paginate()
        return [each[f"{kind.capitalize()}Name"] for page in pages for each in page[f"{kind.capitalize()}s"]]


def _unknown(kind: str, name: str, account: str | None, known: list[str]) -> UsageError:
    if kind in ("user", "role") and _look_up(other := "role" if kind == "user" else "user", name, account):
        return UsageError(f"`{name}` is a {other}: act as it with `as_{other}(...)`")
    near = get_close_matches(name.rsplit("/", 1)[-1], known, n=1)
    elsewhere = [arn for each in kind.split(" or ") for arn in _elsewhere(each, name)]
    if elsewhere:
        hint = f"there is `{elsewhere[0]}`: give that ARN, or `account=`"
    else:
        hint = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(known) or 'none'}"
    helper = kind.replace(" or ", "(...)` or `")
    where = f" in account {account}" if account else ""
    make = f"make one with IAM's API or `{helper}(...)`"
    return UsageError(f"the simulator has no {kind} `{name}`{where}: {hint} ({make})")


def _elsewhere(kind: str, name: str) -> list[str]:
    """The ARNs of users or roles of that name in all accounts."""
    cls = load_service("iam").classes[kind]
    bare = name.rsplit("/", 1)[-1]
    if not ACTIVE.simulator.is_here:
        return []
    return [str(each.arn) for each in ACTIVE.simulator.cloud.resources.everywhere(cls) if each.arn.name == bare]
