"""AssumeRoot: a short session of a member account's root user, for one of five tasks (A-68)."""

from __future__ import annotations

from dataclasses import replace

from iamsim.kit import Arn, Call, Policy, Principal, PrincipalKind, Reply, Session, operation_that_reads

from .credentials import is_global, issue
from .failures import AccessDenied, ValidationError

TASK_POLICIES = frozenset(
    {
        "IAMAuditRootUserCredentials",
        "IAMCreateRootUserPassword",
        "IAMDeleteRootUserCredentials",
        "S3UnlockBucketPolicy",
        "SQSUnlockQueuePolicy",
    }
)
TASK_PATH = "policy/root-task/"
MAX_DURATION_S = 900

# A task policy has nothing but denials: what it leaves, the root user may.
EVERYTHING = Policy.parse(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}, name="root user"
)


@operation_that_reads("TargetPrincipal", "TaskPolicyArn", "DurationSeconds", "MinimumSessionTokenSize")
def assume_root(call: Call) -> Reply:
    """Credentials of the target account's root user, limited to what the task policy allows."""
    if call.principal.kind is PrincipalKind.ROOT and call.is_enforced:
        raise AccessDenied("AssumeRoot cannot be called by a root user.")
    if is_global(call):
        raise AccessDenied("AssumeRoot is not supported at the global endpoint; use that of a Region.")
    target, arn = root_meant(call), call.params["TaskPolicyArn"].get("arn", "")
    if call.is_enforced and not _manages(call, target.account):
        raise AccessDenied(
            f"User: {call.principal.arn} is not authorized to perform: sts:AssumeRoot on resource: {target}"
        )
    parsed = Arn.parse(arn) if Arn.looks_like(arn) else None
    is_task = parsed is not None and parsed.account == "aws" and parsed.resource.startswith(TASK_PATH)
    if parsed is None or not is_task or parsed.name not in TASK_POLICIES:
        raise ValidationError(f"{arn} is not a root task policy")
    source = call.cloud.policies
    policy = source.managed_policy(arn, call.account) if source is not None else None
    if policy is None:
        raise ValidationError(f"{arn} is not a root task policy")
    now, caller = call.clock.now(), call.principal.session
    identity = caller.source_identity if caller is not None else None
    session = Session(
        issued_at=now,
        expires_at=now + (call.params.get("DurationSeconds") or MAX_DURATION_S),
        policies=(policy, EVERYTHING),
        source_identity=identity,
        context={"aws:AssumedRoot": "true"},
    )
    root = replace(Principal.root(target.account, target.partition), session=session)
    return issue(call, root) | ({"SourceIdentity": identity} if identity else {})


def _manages(call: Call, account: str) -> bool:
    """Whether the caller's is the management account of the organization that `account` is a member of.

    Where the caller is in no organization that the simulator knows, any other account counts as a member of its own.
    """
    known = call.cloud.organizations
    own = known.membership(call.account) if known is not None else None
    if known is None or own is None:
        return account != call.account
    target = known.membership(account)
    is_member = target is not None and target.organization == own.organization
    return own.is_management_account and is_member and account != call.account


def root_meant(call: Call) -> Arn:
    """The root user that TargetPrincipal names, by account id or ARN. Raises ValidationError."""
    named = call.params["TargetPrincipal"]
    if named.isdigit() and len(named) == 12:
        return Arn(call.operation.partition, "iam", "", named, "root")
    if Arn.looks_like(named) and Arn.parse(named).resource == "root":
        return Arn.parse(named)
    raise ValidationError(f"{named} is invalid")
