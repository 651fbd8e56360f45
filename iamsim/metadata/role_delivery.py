"""Credentials of a role, handed to the instance or container that runs under it.

Source: EC2 user guide, iam-roles-for-amazon-ec2; ECS developer guide, task-iam-roles; K-55.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any

from iamsim.arn import Arn
from iamsim.cloud import Cloud, Credential
from iamsim.kit.backend import MockBackend
from iamsim.policy.principal import Principal, PrincipalKind, Session
from iamsim.reference.service_model import service_model
from iamsim.request import Call, HttpRequest, Operation

LASTS_S = 6 * 3600
RENEWED_S = 15 * 60  # before the end; AWS promises five minutes at least
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


class RoleDelivery:
    """Issues the credentials, and gives the same ones until they are about to end.

    `check` raises AccessDenied if IAM is enforced and the role does not trust the service.
    """

    def __init__(self, cloud: Cloud, check: Callable[[Call], None]) -> None:
        self._cloud = cloud
        self._check = check
        self._issued: dict[tuple[str, ...], Credential] = {}

    def credentials(
        self, role: Any, service: str, session_name: str, context: Mapping[str, str], http: HttpRequest, region: str
    ) -> Credential:
        """Credentials of a session of IAM's `role`, which `service` takes on. Raises AccessDenied."""
        key = (str(role.arn), role.unique_id, service, session_name, *context.values())
        issued, now = self._issued.get(key), self._cloud.clock.now()
        is_kept = issued is not None and self._cloud.credentials.get(issued.access_key_id) is issued
        if issued is not None and is_kept and now < (issued.expires_at or 0) - RENEWED_S:
            return issued
        self._check(self._assume_role(role.arn, service, session_name, http, region))
        self._issued[key] = issued = self._issue(role, session_name, context, now)
        return issued

    def _assume_role(self, role: Arn, service: str, session_name: str, http: HttpRequest, region: str) -> Call:
        model = service_model("sts").operation_model("AssumeRole")
        operation = Operation("sts", "AssumeRole", "query", region, role.partition, model)
        params = {"RoleArn": str(role), "RoleSessionName": session_name}
        return MockBackend(self._cloud).locate(operation, params, Principal.service(service), http)

    def _issue(self, role: Any, session_name: str, context: Mapping[str, str], now: float) -> Credential:
        arn, clock = role.arn, self._cloud.clock
        principal = Principal(
            kind=PrincipalKind.ROLE_SESSION,
            account=arn.account,
            arn=f"arn:{arn.partition}:sts::{arn.account}:assumed-role/{arn.name}/{session_name}",
            user_id=f"{role.unique_id}:{session_name}",
            entity_arn=str(arn),
            entity_id=role.unique_id,
            session=Session(issued_at=now, expires_at=now + LASTS_S, context=dict(context)),
        )
        issued = Credential(
            access_key_id=clock.new_unique_id("ASIA"),
            secret_access_key=clock.new_token(40, ALPHABET),
            principal=principal,
            session_token="IQoJb3JpZ2luX2Vj" + clock.new_token(340, ALPHABET),
            expires_at=now + LASTS_S,
        )
        self._cloud.credentials[issued.access_key_id] = issued
        return issued


def written(seconds: float) -> str:
    """`2024-01-31T12:00:00Z`."""
    return datetime.fromtimestamp(int(seconds), tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
