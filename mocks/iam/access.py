"""What IAM's operations must be allowed where service.yaml cannot say it. Source: operations-to-actions 5 and 8."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from iamsim.kit import Arn, Call, PrincipalKind, Required

from .access_keys import is_key_of_user
from .managed_policy import SERVICE_ROLE_PATH
from .policy_holder import PolicyHolder
from .service_linked_role import ROLES, role_arn, role_of_task

KINDS = {"Users": "user", "Groups": "group", "Roles": "role", "InstanceProfiles": "instance-profile"}
SETS_BOUNDARY = frozenset({"CreateUser", "CreateRole", "PutUserPermissionsBoundary", "PutRolePermissionsBoundary"})
HEEDS_BOUNDARY = frozenset(
    f"{verb}{kind}{what}"
    for kind in ("User", "Role")
    for verb, what in (
        ("Attach", "Policy"),
        ("Detach", "Policy"),
        ("Put", "Policy"),
        ("Delete", "Policy"),
        ("Delete", "PermissionsBoundary"),
    )
) | {"DeleteRole", "GetRole", "UpdateAssumeRolePolicy", "UpdateRole", "UpdateRoleDescription"}  # SAR: IAM


def iam_keys(call: Call) -> dict[str, Any]:
    """IAM's own condition keys. Source: context-keys section 8."""
    name, params = call.operation.name, call.params
    keys: dict[str, Any] = {}
    if name.startswith(("Attach", "Detach")) and "PolicyArn" in params:
        keys["iam:PolicyARN"] = params["PolicyArn"]
    if "AWSServiceName" in params:
        keys["iam:AWSServiceName"] = params["AWSServiceName"]
    resource = call.targets[0].resource if call.targets else None
    if name in SETS_BOUNDARY:
        if "PermissionsBoundary" in params:
            keys["iam:PermissionsBoundary"] = params["PermissionsBoundary"]
    elif name in HEEDS_BOUNDARY and isinstance(resource, PolicyHolder) and resource.boundary is not None:
        keys["iam:PermissionsBoundary"] = str(resource.boundary.arn)
    return keys


def on_user(call: Call) -> Iterator[Required]:
    """The user named, else the caller itself."""
    action = f"iam:{call.operation.name}"
    if "UserName" in call.params:
        yield Required(action, call.targets[0].arn, target=call.targets[0])
    else:
        yield _on_principal(call, action)


def on_user_of_key(call: Call) -> Iterator[Required]:
    """The user whose access key is named; a key that nobody has is nobody's."""
    credential = call.cloud.credentials.get(call.params["AccessKeyId"])
    action = f"iam:{call.operation.name}"
    if credential is not None and is_key_of_user(credential, call.account):
        target = call.target("user", Arn.parse(credential.principal.arn))
        yield Required(action, target.arn, target=target)
    else:
        yield Required(action)


def on_both_names(call: Call) -> Iterator[Required]:
    """What the entity is called now, and what it will be called."""
    action, old = f"iam:{call.operation.name}", call.targets[0]
    yield Required(action, old.arn, target=old)
    arn, params = Arn.parse(old.arn), call.params
    path, _, name = arn.resource.removeprefix(old.kind).rpartition("/")
    new_name = next((params[key] for key in params if key.startswith("New") and key.endswith("Name")), name)
    new = call.make_arn(old.kind, path=params.get("NewPath", f"{path}/"), name=new_name)
    if str(new) != old.arn:
        target = call.target(old.kind, new)
        yield Required(action, target.arn, target=target)


def below_path(call: Call) -> Iterator[Required]:
    """The noun's ARN with the path asked for, and no name."""
    name = call.operation.name
    kind = KINDS.get(name.removeprefix("List"), "server-certificate")
    yield Required(f"iam:{name}", str(call.make_arn(kind, path=call.params.get("PathPrefix", "/"), name="")))


def add_role_to_instance_profile(call: Call) -> Iterator[Required]:
    """The profile; and the role is passed to EC2 (O-35)."""
    yield Required("iam:AddRoleToInstanceProfile", call.targets[0].arn, target=call.targets[0])
    instances = f"arn:{call.operation.partition}:ec2:*:{call.account}:instance/*"
    context = {"iam:PassedToService": "ec2.amazonaws.com", "iam:AssociatedResourceArn": instances}
    yield Required("iam:PassRole", str(call.named["role"][0]), context)


def on_service_linked_role(call: Call) -> Iterator[Required]:
    """The role to be made; of a service whose role's name is not known, any."""
    service = call.params["AWSServiceName"]
    if service in ROLES:
        arn = role_arn(call, service, call.params.get("CustomSuffix"))
    else:
        arn = call.make_arn("role", path=f"{SERVICE_ROLE_PATH}{service}/", name="*")
    yield Required("iam:CreateServiceLinkedRole", str(arn))


def on_role_of_task(call: Call) -> Iterator[Required]:
    """The role that a deletion task is about."""
    arn = role_of_task(call, call.params["DeletionTaskId"])
    yield Required("iam:GetServiceLinkedRoleDeletionStatus", str(arn) if arn else "*")


def on_policy_source(call: Call) -> Iterator[Required]:
    """The user, group or role whose policies are asked about."""
    yield Required(f"iam:{call.operation.name}", call.params["PolicySourceArn"])


def _on_principal(call: Call, action: str) -> Required:
    """The caller; a role session counts as a user of the session's name.

    Observed: 2025, published reports of `iam:GetUser on resource: user SESSION-NAME`.
    """
    caller = call.principal
    if caller.kind is PrincipalKind.ROLE_SESSION:
        return Required(action, str(call.make_arn("user", path="/", name=caller.arn.rsplit("/", 1)[-1])))
    if caller.kind is PrincipalKind.USER:
        target = call.target("user", Arn.parse(caller.arn))
        return Required(action, target.arn, target=target)
    return Required(action, caller.arn)
