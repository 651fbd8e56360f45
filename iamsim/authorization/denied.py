"""The refusal that a caller sees, in the words and the code of the service that it called."""

from __future__ import annotations

from iamsim.arn import Arn
from iamsim.errors import ApiError
from iamsim.policy import Evaluation, PolicyType
from iamsim.policy.encoded_message import encode_authorization_message
from iamsim.policy.principal import PrincipalKind
from iamsim.request import Operation

# Source: errors-and-authentication section 2. Protocol -> code and status; then the services that differ.
BY_PROTOCOL = {
    "query": ("AccessDenied", 403),
    "ec2": ("UnauthorizedOperation", 403),
    "rest-xml": ("AccessDenied", 403),
    "json": ("AccessDeniedException", 400),
    "rest-json": ("AccessDeniedException", 403),
    "smithy-rpc-v2-cbor": ("AccessDeniedException", 400),
}
BY_SERVICE = {
    "sns": ("AuthorizationError", 403),
    "sqs": ("AccessDenied", 403),
    "cloudwatch": ("AccessDenied", 403),
    "iot-data": ("ForbiddenException", 403),
    "mq": ("ForbiddenException", 403),
    "kafka": ("ForbiddenException", 403),
    "resource-groups": ("ForbiddenException", 403),
}
UNSIGNED_STS = ("AssumeRoleWithSAML", "AssumeRoleWithWebIdentity")

# Services that leave the resource out where it is not a single one (section 1.4).
WITHOUT_RESOURCE = frozenset(
    {"s3", "ec2", "sts", "secretsmanager", "cloudwatch", "cloudtrail", "codebuild", "cloudfront"}
)

# What services name where an action takes no resource: all that it could be about (section 1.4).
IN_PLACE_OF_ALL = {
    "eks:ListClusters": "cluster/*",
    "events:ListEventBuses": "event-bus/*",
    "sns:ListPlatformApplications": "*",
    "sns:ListSubscriptions": "*",
    "sns:ListTopics": "*",
}

# IAM names its entities in words, but by ARN where one is made or passed (section 1.4).
IAM_WORDS = {"user": "user", "role": "role", "group": "group", "instance-profile": "instance profile"}
IAM_BY_ARN = frozenset(
    {
        "iam:CreateGroup",
        "iam:CreateInstanceProfile",
        "iam:CreatePolicy",
        "iam:CreateRole",
        "iam:CreateServiceLinkedRole",
        "iam:CreateUser",
        "iam:PassRole",
    }
)

# Services that name the managed policy whose explicit deny decided, and the types of policy that they name.
NAMING_POLICIES = frozenset({"apigateway", "ec2", "iam", "s3", "sqs"})
NAMED_TYPES = frozenset({PolicyType.IDENTITY, PolicyType.BOUNDARY, PolicyType.SCP, PolicyType.RCP})


class AccessDenied(ApiError):
    """A call that its policies do not allow. `evaluation` says why."""

    def __init__(self, evaluation: Evaluation, operation: Operation, message: str) -> None:
        code, status = code_and_status(operation)
        super().__init__(message, code=code, status=status)
        self.evaluation = evaluation


def code_and_status(operation: Operation) -> tuple[str, int]:
    """The error code and the HTTP status with which the operation's service refuses."""
    return BY_SERVICE.get(operation.service) or BY_PROTOCOL[operation.model.service_model.protocol]


def denied(evaluation: Evaluation, operation: Operation) -> AccessDenied:
    """The refusal for `evaluation`, which was needed for `operation`."""
    return AccessDenied(evaluation, operation, message(evaluation, operation))


def message(evaluation: Evaluation, operation: Operation) -> str:
    """`User: ... is not authorized to perform: ...`, as the operation's service words it (section 1)."""
    access = evaluation.access
    service = operation.service
    if service == "sts" and operation.name in UNSIGNED_STS:
        return f"Not authorized to perform sts:{operation.name}"
    if service == "s3" and not _may_know(evaluation):
        return "Access Denied"
    action = _spelled(access.action)
    resource = _resource(evaluation, operation)
    on_resource = f" on resource: {resource}" if resource else ""
    text = (
        f"User: {access.principal.arn} is not authorized to perform: {action}{on_resource} {evaluation.reason(action)}"
        f"{_culprit(evaluation, service)}"
    )
    if service == "ec2":
        text = f"You are not authorized to perform this operation. {text}"
        if resource:  # Describe* carry no blob
            text += f". Encoded authorization failure message: {encode_authorization_message(evaluation)}"
    return text


def _culprit(evaluation: Evaluation, service: str) -> str:
    """The ARN of the managed policy that denied, for callers of its account or organization (A-6); else ""."""
    policy = evaluation.deciding_policy if service in NAMING_POLICIES else None
    if policy is None or policy.arn is None or evaluation.deciding_type not in NAMED_TYPES:
        return ""
    arn = Arn.parse(policy.arn)
    if arn.service == "organizations":  # ...:policy/o-.../service_control_policy/p-...
        organization = evaluation.request.context().get("aws:principalorgid")
        is_own = organization is not None and f"/{organization}/" in arn.resource
    else:
        is_own = arn.account in ("aws", evaluation.access.principal.account)
    return f": {policy.arn}" if is_own else ""


def _may_know(evaluation: Evaluation) -> bool:
    """Whether the caller belongs to the bucket's account, or to its organization and no VPC endpoint denies (A-10)."""
    access, context = evaluation.access, evaluation.request.context()
    if access.principal.kind is PrincipalKind.ANONYMOUS:
        return False
    if access.principal.account == access.resource_account:
        return True
    organization = context.get("aws:principalorgid")
    is_of_one = organization is not None and organization == context.get("aws:resourceorgid")
    return is_of_one and evaluation.deciding_type is not PolicyType.VPC_ENDPOINT


def _spelled(action: str) -> str:
    """SQS writes its actions in lower case, SNS its prefix in capitals (section 1.1)."""
    if action.startswith("sqs:"):
        return action.lower()
    return action.replace("sns:", "SNS:", 1) if action.startswith("sns:") else action


def _resource(evaluation: Evaluation, operation: Operation) -> str:
    service, action, resource = operation.service, evaluation.access.action, evaluation.access.resource
    if action == "iam:ListPolicies":
        return "policy path /"  # Observed: 2015 to 2026, in published reports
    if resource == "*":
        if (everything := IN_PLACE_OF_ALL.get(action)) is not None:
            account = evaluation.access.principal.account
            return f"arn:{operation.partition}:{action.partition(':')[0]}:{operation.region}:{account}:{everything}"
        return "" if service in WITHOUT_RESOURCE else "*"
    if service == "s3":
        return f'"{resource}"'
    if service == "secretsmanager" and resource.endswith("-??????"):
        return resource.partition(":secret:")[2].removesuffix("-??????")  # a name is told as it was given
    if service != "iam" or action in IAM_BY_ARN or resource.endswith("/"):
        return resource
    if action.startswith("iam:Tag") and operation.name.startswith("Create"):
        return resource  # Observed: 2021 to 2023, in published reports of CreateRole with tags
    return _iam_entity(resource)


def _iam_entity(resource: str) -> str:
    """`role NAME`, `user NAME`: IAM's own words for the entity; a policy keeps its ARN, and so does any other noun."""
    arn = Arn.parse(resource)
    if arn.type == "policy":
        return f"policy {resource}"
    return f"{IAM_WORDS[arn.type]} {arn.name}" if arn.type in IAM_WORDS else resource
