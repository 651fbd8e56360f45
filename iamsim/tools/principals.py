"""Principals as people write them: an ARN, a service's name, an identity provider or `anonymous`."""

from __future__ import annotations

from iamsim.arn import Arn
from iamsim.errors import UsageError
from iamsim.policy import Principal, PrincipalKind

FEDERATED_ACTIONS = frozenset({"sts:assumerolewithsaml", "sts:assumerolewithwebidentity"})
KINDS = {
    "user": PrincipalKind.USER,
    "role": PrincipalKind.ROLE_SESSION,
    "assumed-role": PrincipalKind.ROLE_SESSION,
    "federated-user": PrincipalKind.FEDERATED_USER,
}
SOME_SESSION = "session"  # the session name of a principal that is given as a role


def principal_named(text: str, action: str) -> Principal:
    """The principal that `text` names, asking for `action`. A role's ARN means some session of that role.

    Raises UsageError for what is none.
    """
    if text == "anonymous":
        return Principal.anonymous()
    is_provider = text.startswith("arn:") and (":oidc-provider/" in text or ":saml-provider/" in text)
    if is_provider or (action.lower() in FEDERATED_ACTIONS and not text.startswith("arn:")):
        return Principal(PrincipalKind.IDENTITY_PROVIDER, "", text, text)
    if not text.startswith("arn:"):
        if text.count(".") < 1:
            raise UsageError(
                f"`{text}` is no principal: give an ARN, a service such as `sns.amazonaws.com`, or `anonymous`"
            )
        return Principal.service(text)
    return _from_arn(text)


def _from_arn(text: str) -> Principal:
    try:
        arn = Arn.parse(text)
    except ValueError:
        raise UsageError(f"`{text}` is not an ARN: it has six parts, `arn:partition:iam::account:resource`") from None
    if arn.resource == "root":
        return Principal.root(arn.account, arn.partition)
    kind = KINDS.get(arn.type)
    if kind is None or arn.service not in ("iam", "sts"):
        raise UsageError(
            f"`{text}` is no principal: only users, roles, role sessions, federated users and account roots call AWS"
        )
    name = arn.name
    if arn.type == "role":
        session = f"arn:{arn.partition}:sts::{arn.account}:assumed-role/{name}/{SOME_SESSION}"
        return Principal(kind, arn.account, session, f"AROA:{SOME_SESSION}", entity_arn=text)
    if arn.type == "assumed-role":
        role = arn.resource.split("/")[1]
        entity = f"arn:{arn.partition}:iam::{arn.account}:role/{role}"
        return Principal(kind, arn.account, text, f"AROA:{name}", entity_arn=entity)
    if arn.type == "federated-user":
        return Principal(kind, arn.account, text, f"{arn.account}:{name}")
    return Principal(kind, arn.account, text, "AIDA", entity_arn=text)
