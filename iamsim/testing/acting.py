"""Acting as somebody: users, role sessions, services, root users, and who does not sign at all."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

import boto3
import botocore
import botocore.session
from botocore.config import Config
from botocore.credentials import Credentials

from iamsim.cloud import DEFAULT_REGION, Cloud, Credential
from iamsim.enforcement import Enforcement
from iamsim.errors import UsageError
from iamsim.policy.principal import Principal, Session
from iamsim.testing.active import ACTIVE
from iamsim.testing.stage import STAGE, UNSIGNED_AGENT, Identity
from iamsim.testing.switches import SWITCHES
from iamsim.testing.wrap import wrapped_in

if TYPE_CHECKING:
    from collections.abc import Iterator

F = TypeVar("F", bound=Callable[..., Any])
SECRET = "held-by-the-test"
SESSION_S = 43_200  # GetSessionToken's default


class Actor:
    """Somebody who calls AWS. As context manager or decorator: default clients act as them, and every call is checked.

    ```python
    with as_user("alice"):
        boto3.client("s3").get_object(Bucket="orders", Key="1")  # as alice, signed and checked
    as_user("alice").client("s3").get_object(Bucket="orders", Key="1")  # the same
    ```

    Who is meant is looked up when it is first needed, so an Actor can be made before the simulator is on.
    """

    def __init__(self, name: str, find: Callable[[], Identity]) -> None:
        self.name = name
        self._find = find
        self._found: tuple[Cloud, Identity] | None = None
        self._entered: list[ExitStack] = []

    def __repr__(self) -> str:
        return f"<{self.name}>"

    @property
    def identity(self) -> Identity:
        """The principal and its credentials. Raises UsageError if the simulator knows nobody of that name."""
        cloud = ACTIVE.simulator.cloud
        if self._found is not None and self._found[0] is cloud:
            credentials = self._found[1].credentials
            if credentials is None or credentials.access_key in cloud.credentials:
                return self._found[1]
        identity = self._find()
        if identity.credentials is not None:
            STAGE.keys.add(identity.credentials.access_key)
        else:
            STAGE.keys.add(UNSIGNED_AGENT)
        self._found = cloud, identity
        return identity

    @property
    def principal(self) -> Principal:
        """Who it is, as decisions see it."""
        return self.identity.principal

    @property
    def arn(self) -> str:
        """What GetCallerIdentity answers: for a role, the ARN of its session."""
        return self.principal.arn

    @property
    def session(self) -> Any:
        """A boto3 session with its credentials."""
        return self._session(None)

    def client(self, service: str, region_name: str | None = None, **options: Any) -> Any:
        """A boto3 client that acts so wherever it is used; its calls are checked unless a switch says otherwise."""
        return self._session(region_name).client(service, **options)

    def resource(self, service: str, region_name: str | None = None, **options: Any) -> Any:
        """A boto3 resource that acts so wherever it is used."""
        return self._session(region_name).resource(service, **options)

    def via(self, *services: str) -> Actor:
        """The same principal, whose request these services forward, first to last.

        So `cloudformation.amazonaws.com` makes what a template says with the permissions of who deploys it.
        """
        for service in services:
            check_service(service)

        def find() -> Identity:
            identity = self.identity
            if not identity.principal.account or not services:
                raise UsageError(
                    f"`{self.name}` cannot call via {', '.join(services) or 'nobody'}: no service forwards"
                )
            principal = replace(identity.principal, called_via=(*identity.principal.called_via, *services))
            held = identity.credentials.access_key if identity.credentials is not None else ""
            return Identity(principal, credentials_for(principal, held))

        return Actor(f"{self.name} via {', '.join(services)}", find)

    def environment(self, endpoint_url: str | None = None) -> dict[str, str]:
        """The environment variables with which another program acts so, through a server at `endpoint_url`.

        Raises UsageError for `anonymous`, who has no credentials.
        """
        held = self.identity.credentials
        if held is None:
            raise UsageError("`anonymous` has no credentials that another program could find in its environment")
        variables = {"AWS_ACCESS_KEY_ID": held.access_key, "AWS_SECRET_ACCESS_KEY": held.secret_key}
        region = os.environ.get("AWS_DEFAULT_REGION") or os.environ.get("AWS_REGION") or DEFAULT_REGION
        variables |= {"AWS_DEFAULT_REGION": region, "AWS_REGION": region}
        if held.token:
            variables["AWS_SESSION_TOKEN"] = held.token
        if endpoint_url is not None:
            variables["AWS_ENDPOINT_URL"] = endpoint_url
        return variables

    def __enter__(self) -> Actor:
        stack = ExitStack()
        stack.enter_context(STAGE.acting(self.identity))
        stack.enter_context(SWITCHES.set(Enforcement(0)))
        self._entered.append(stack)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._entered.pop().close()

    def __call__(self, function: F) -> F:
        if isinstance(function, type):
            raise UsageError(f"`{self.name}` decorates functions: for a class use it as context manager in its set-up")
        return wrapped_in(lambda: self, function)

    def _session(self, region: str | None) -> Any:
        region = region or os.environ.get("AWS_DEFAULT_REGION") or os.environ.get("AWS_REGION") or DEFAULT_REGION
        credentials = self.identity.credentials
        if credentials is None:
            core = botocore.session.Session()
            unsigned = Config(signature_version=botocore.UNSIGNED, user_agent_extra=UNSIGNED_AGENT)
            core.set_default_client_config(unsigned)
            return boto3.Session(botocore_session=core, region_name=region)
        return boto3.Session(credentials.access_key, credentials.secret_key, credentials.token, region_name=region)


@contextmanager
def unchecked() -> Iterator[None]:
    """Inside the block what this thread calls is not checked, whatever the switches say."""
    with SWITCHES.in_this_thread(Enforcement(None)):
        yield


def check_service(name: str) -> None:
    """Raises UsageError for what is no service principal."""
    if not name.endswith((".amazonaws.com", ".amazonaws.com.cn")):
        raise UsageError(f"`{name}` is no service principal: give a name such as `sns.amazonaws.com`")


def credentials_for(principal: Principal, beside: str = "") -> Credentials:
    """Long-term credentials that the simulator takes for `principal`'s, made if there are none.

    `beside` tells principals apart that are alike in all that their names say.
    """
    cloud = ACTIVE.simulator.cloud
    named = (principal.arn, principal.entity_id, principal.source_arn, principal.source_account)
    more = (principal.service_names, principal.called_via, beside)
    digest = sha256(f"{named} {more}".encode()).digest()
    key = "AKIA" + base64.b32encode(digest)[:16].decode()
    cloud.credentials.setdefault(key, Credential(key, SECRET, principal))
    return Credentials(key, SECRET)


def as_user(name: str, *, mfa: bool = False, account: str | None = None) -> Actor:
    """The IAM user of that name or ARN; with `mfa` in a session that GetSessionToken gives for a second factor."""

    def find() -> Identity:
        from iamsim.testing.known_principals import user_principal

        principal = user_principal(name, account)
        if mfa:
            now = ACTIVE.simulator.cloud.clock.now()
            principal = replace(principal, session=Session(issued_at=now, expires_at=now + SESSION_S, mfa_at=now))
        return Identity(principal, credentials_for(principal, "mfa" if mfa else ""))

    return Actor(f"user {name}", find)


def as_role(
    name: str,
    *,
    session_name: str = "session",
    tags: Mapping[str, str] | None = None,
    policy: Mapping[str, Any] | str | Path | None = None,
    policy_arns: Sequence[str] = (),
    source_identity: str | None = None,
    mfa: bool = False,
    keys: Mapping[str, Any] | None = None,
    duration_s: int | None = None,
    account: str | None = None,
) -> Actor:
    """A session of the role of that name or ARN, with session tags and session policies.

    `mfa`: it was assumed with a second factor. `keys` are condition keys that AWS services put into the sessions that
    they make, such as `{"lambda:SourceFunctionArn": ...}` or `{"ec2:RoleDelivery": "2.0"}`.

    The role's trust policy is not asked: to test that, call AssumeRole as the one who is trusted.
    """

    def find() -> Identity:
        from iamsim.testing.account_root import client_of_root
        from iamsim.testing.given_policies import document_text
        from iamsim.testing.known_principals import role_arn

        arn = role_arn(name, account)
        options: dict[str, Any] = {
            "Tags": [{"Key": key, "Value": value} for key, value in (tags or {}).items()],
            "Policy": None if policy is None else document_text(policy),
            "PolicyArns": [{"arn": each} for each in policy_arns],
            "SourceIdentity": source_identity,
            "DurationSeconds": duration_s,
        }
        given = {key: value for key, value in options.items() if value}
        with unchecked():
            made = client_of_root("sts", arn).assume_role(RoleArn=arn, RoleSessionName=session_name, **given)
        issued = made["Credentials"]
        credential = ACTIVE.simulator.cloud.credentials[issued["AccessKeyId"]]
        credential.is_for_default_regions = False  # an older boto3 asks the global endpoint
        session = credential.principal.session
        if session is not None and (mfa or keys):
            given_at = session.issued_at if mfa else None
            session = replace(session, mfa_at=given_at, context=dict(session.context) | dict(keys or {}))
            credential.principal = replace(credential.principal, session=session)
        held = Credentials(issued["AccessKeyId"], issued["SecretAccessKey"], issued["SessionToken"])
        return Identity(credential.principal, held)

    return Actor(f"role {name}", find)


def as_service(
    name: str, *, source_arn: str | None = None, source_account: str | None = None, names: Sequence[str] = ()
) -> Actor:
    """The AWS service `name`, such as `sns.amazonaws.com`, acting for the resource `source_arn`.

    `source_account` is needed where the ARN has no account, as a bucket's. `names` are all names of the service, where
    it has more than one.
    """
    check_service(name)
    owner = source_arn.split(":")[4] if source_arn and source_arn.count(":") >= 5 else None
    principal = Principal.service(
        name, source_arn=source_arn, source_account=source_account or owner or None, service_names=tuple(names)
    )
    return Actor(f"service {name}", lambda: Identity(principal, credentials_for(principal)))


def as_root(account: str | None = None) -> Actor:
    """The root user of `account`, else of the simulator's own."""

    def find() -> Identity:
        principal = Principal.root(account or ACTIVE.simulator.cloud.account)
        return Identity(principal, credentials_for(principal))

    return Actor(f"root of {account or 'the account'}", find)


def anonymous() -> Actor:
    """Who does not sign requests."""
    return Actor("anonymous", lambda: Identity(Principal.anonymous(), None))
