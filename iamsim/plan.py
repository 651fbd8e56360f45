"""What any call of any AWS service must be allowed: actions, resources and condition keys, without running the call.

The answer comes from the code that enforces IAM, in a cloud in which nothing is. What depends on state is answered as
if there were none: an entity has the path `/`, an id that AWS would make is `*`. Where a service's mock cannot answer
without state, the layers below it do.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from threading import Lock
from typing import Any
from urllib.parse import unquote

from botocore.model import OperationNotFoundError

from iamsim.arn import Arn
from iamsim.authorization.access import asked_by, required, with_keys
from iamsim.authorization.outline import known_access, rules_of
from iamsim.authorization.planned.ec2_rules import complete_launch
from iamsim.authorization.planned.s3_access_points import through_access_points, with_stand_ins
from iamsim.authorization.principal_keys import add_principal_keys
from iamsim.authorization.unknown import UnknownAction
from iamsim.cloud import Cloud
from iamsim.errors import ApiError, NotMocked, UsageError
from iamsim.kit.backend import MockBackend
from iamsim.kit.call import Call
from iamsim.kit.loader import load_service, without_mock
from iamsim.policy.principal import Principal, PrincipalKind
from iamsim.reference.called_region import called_region
from iamsim.reference.default_access import PASS_ROLE
from iamsim.reference.input_shape import shaped
from iamsim.reference.key_support import has_resource_owner
from iamsim.reference.service_model import did_you_mean, global_region, loader, service_model
from iamsim.reference.values import ACCOUNT, Setting
from iamsim.request import HttpRequest, Operation, Params, Required
from iamsim.tools.principals import principal_named

NO_ACCOUNT = "000000000000"
DEFAULT_REGION = "us-east-1"
OF_THE_CALLER = ("aws:Principal", "aws:userid", "aws:username", "aws:MultiFactor", "s3:TlsVersion")
GLOBAL_REGION = "us-east-1"
REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d+")
MADE_ID = re.compile(r"(?<=/)(?:subnet|sg|vpc|eni|vol|igw|rtb|i|ami|snap|key)-[0-9a-f]{8,}$")
HTTP = HttpRequest("POST", "localhost", "/")
OWNED_BY_ANYONE = frozenset({"bedrock", "ec2", "ssm"})  # services whose ARNs without account say nothing of the owner
NAMED_BUCKETS = ("Bucket", "CopySource")
HAVE_UNIQUE_IDS = (PrincipalKind.USER, PrincipalKind.ROLE_SESSION)  # which no ARN says, and aws:userid begins with
_LOCK = Lock()


def plan(
    service: str,
    operation: str,
    params: dict[str, Any],
    *,
    account: str = NO_ACCOUNT,
    region: str = DEFAULT_REGION,
    principal: str | None = None,
) -> list[dict[str, Any]]:
    """The checks of one call, in the order in which a denial is reported; [] for a call that needs no permission.

    `service` and `operation` are botocore's names, `params` the input with the member names of its model. The context
    holds what the call itself gives, and what follows from `principal`, an ARN, if it is given. Raises UsageError for
    names that botocore does not know.
    """
    model = _operation_model(service, operation)
    _check_place(account, region)
    region = called_region(model.service_model, region)
    setting = Setting.of(account, region)
    shape = model.input_shape
    given = shaped(shape, params) if shape is not None else _no_input(operation, params)
    caller = _principal(principal, setting)
    protocol = model.service_model.protocol
    asked = Operation(service, operation, protocol, region, setting.partition, model)
    checks = checks_of(asked, given, caller, setting)
    keys = _caller_keys(caller, account) if principal is not None else {}
    shared = {"aws:RequestedRegion": global_region(service, setting.partition) or region or GLOBAL_REGION}
    return [
        {
            "action": each.action,
            "resource": each.resource,
            "context": shared | keys | _owner_keys(each, setting) | _own(each.context),
        }
        for each in checks
    ]


def _check_place(account: str, region: str) -> None:
    """Raises UsageError for what cannot be an account or a region."""
    if not ACCOUNT.fullmatch(account):
        raise UsageError(f"`{account}` is no account: give its 12 digits")
    if not REGION.fullmatch(region):
        raise UsageError(f"`{region}` is no region: give one such as `eu-west-1`")


def why_none(service: str, operation: str) -> str:
    """Why an operation's plan is empty, or only assumed; "" where it is neither."""
    access = known_access(service, operation)
    if access.needed:
        return ""
    return access.reason + (f"; {access.assumed} on * is assumed" if access.assumed else "")


def checks_of(
    operation: Operation, params: Params, caller: Principal, setting: Setting, http: HttpRequest = HTTP
) -> list[Required]:
    """What the call needs where nothing is known of any state; only names of the input are sure to be botocore's."""
    if caller.account not in ("", setting.account):
        caller = replace(caller, account=setting.account)  # the resources are those of the account that was asked for
    cloud = _cloud(setting.account)
    given, points = with_stand_ins(params) if operation.service == "s3" else (params, {})
    with _LOCK:
        buckets = _put_buckets(cloud, operation, given)
        try:
            call = MockBackend(cloud).locate(operation, given, caller, http)
            checks = _required(call)
        except ApiError:  # the mock misses a member, or what only state has
            service = without_mock(operation.service)
            checks = _required(Call(operation, params, caller, http, cloud, service.definition, service=service))
        else:
            _without_state(call, checks)
            if points:
                through_access_points(checks, points, params.get("CopySource"))
        finally:
            for bucket in buckets:
                cloud.resources.delete(bucket)
    for check in checks:
        if check.action == PASS_ROLE and not check.resource.startswith("arn:"):
            check.resource = setting.arn("iam", f"role/{check.resource}", region="")
    return checks


def _required(call: Call) -> list[Required]:
    """What the call needs; of an action that nobody knows, its likely name on `*` (O-8)."""
    try:
        return required(call)
    except UnknownAction as unknown:
        return [with_keys(call, Required(str(unknown.access.assumed)))]


def _without_state(call: Call, checks: list[Required]) -> None:
    """Mend what a mock says in an empty cloud: ids that it has made up, keys that state would give."""
    service, name = call.operation.service, call.operation.name
    mend = getattr(rules_of(service), "without_state", None)
    if mend is not None:
        mend(asked_by(call)[0], checks)
    if service == "ec2":
        _forget_made_ids(checks, str(call.params))
        if name == "RunInstances":
            complete_launch(asked_by(call)[0], checks)


def _own(context: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in context.items() if not key.startswith(OF_THE_CALLER) and value != ""}


def _owner_keys(check: Required, setting: Setting) -> dict[str, str]:
    """aws:ResourceAccount: the account in the ARN, else the call's own but for what may be AWS's or another's."""
    parts = check.resource.split(":", 5)
    if len(parts) < 6 or not has_resource_owner(check.action.lower()):
        return {}
    owner = parts[4] or check.context.get("s3:ResourceAccount") or setting.account
    is_own = bool(parts[4]) or parts[2] not in OWNED_BY_ANYONE
    return {"aws:ResourceAccount": owner} if is_own and ACCOUNT.fullmatch(owner) else {}


def _put_buckets(cloud: Cloud, operation: Operation, params: Params) -> list[Any]:
    """Buckets of the names in the call, for as long as it is looked at: S3's rules ask the bucket for its settings."""
    if operation.service != "s3" or operation.name == "CreateBucket":
        return []
    names = {unquote(params[member]).lstrip("/").split("/")[0] for member in NAMED_BUCKETS if member in params}
    if any(name.startswith("arn:") for name in names):
        return []
    model = _some_bucket(cloud.account, operation.region)
    made = []
    for name in sorted(names):
        arn = Arn(operation.partition, "s3", "", "", name)
        made.append(cloud.resources.save(replace(model, arn=arn)))
    return made


def _forget_made_ids(checks: list[Required], given: str) -> None:
    """`*` for the ids of what an account has from the start, such as its default VPC, unless the call names them."""
    for check in checks:
        check.resource = _without_made_id(check.resource, given)
        for key, value in list(check.context.items()):
            if not isinstance(value, str):
                continue
            if value.startswith("arn:"):
                check.context[key] = _without_made_id(value, given)
            elif key.endswith(("ID", "Zone", "ZoneId")) and value not in given:
                del check.context[key]


def _without_made_id(arn: str, given: str) -> str:
    match = MADE_ID.search(arn)
    return arn[: match.start()] + "*" if match is not None and match[0] not in given else arn


@lru_cache(maxsize=64)
def _cloud(account: str) -> Cloud:
    return Cloud(account=account)


@lru_cache(maxsize=64)
def _some_bucket(account: str, region: str) -> Any:
    """A bucket as CreateBucket makes it."""
    cloud, model = Cloud(account=account), service_model("s3").operation_model("CreateBucket")
    operation = Operation("s3", "CreateBucket", "rest-xml", region, "aws", model)
    backend = MockBackend(cloud)
    params: dict[str, Any] = {"Bucket": "some-bucket"}
    if region != DEFAULT_REGION:
        params["CreateBucketConfiguration"] = {"LocationConstraint": region}
    call: Call = backend.locate(operation, params, Principal.root(account), HTTP)
    backend.run(call)
    return next(iter(cloud.resources.everywhere(load_service("s3").classes["bucket"])))


@lru_cache(maxsize=4096)
def _operation_model(service: str, operation: str) -> Any:
    """botocore's model of the operation. Raises UsageError that says what may have been meant."""
    try:
        model = service_model(service)
    except NotMocked as failure:
        known = loader().list_available_services("service-2")
        raise UsageError(f"{failure.message}{did_you_mean(service, known)}") from None
    try:
        return model.operation_model(operation)
    except OperationNotFoundError:
        raise UsageError(
            f"{service} has no operation `{operation}`{did_you_mean(operation, model.operation_names)}"
        ) from None


def _no_input(operation: str, params: dict[str, Any]) -> dict[str, Any]:
    if params:
        raise UsageError(f"{operation} takes no parameters; given: {', '.join(sorted(params))}")
    return {}


@lru_cache(maxsize=256)
def _principal(text: str | None, setting: Setting) -> Principal:
    """Who calls: some user of the account unless one is named. Raises UsageError for what is no principal."""
    if text is not None:
        return principal_named(text, "")
    arn = setting.arn("iam", "user/*", region="")
    return Principal(PrincipalKind.USER, setting.account, arn, "AIDA", entity_arn=arn)


def _caller_keys(principal: Principal, account: str) -> dict[str, Any]:
    """The keys that follow from the principal's ARN alone (context-keys section 6)."""
    keys: dict[str, Any] = {}
    add_principal_keys(keys, principal, _cloud(account), 0)
    if principal.kind in HAVE_UNIQUE_IDS:
        del keys["aws:userid"]
    return keys
