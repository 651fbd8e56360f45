"""What depends on a service's state is asked of it, and has a sensible answer where there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from iamsim.authorization.access import required
from iamsim.cloud import Cloud
from iamsim.kit.backend import MockBackend
from iamsim.plan import plan
from iamsim.policy.principal import Principal
from iamsim.reference.service_model import service_model
from iamsim.request import HttpRequest, Operation

from .conftest import HOME, REGION

WHERE = f"{REGION}:{HOME}"
SUBSCRIPTION = f"arn:aws:sns:{WHERE}:t:1234"

CASES: list[tuple[str, str, dict[str, Any], tuple[str, str, str], str, str]] = [
    # service, operation, input; who is asked for which kind by which name; what is known; what it is without state
    ("kms", "Encrypt", {"KeyId": "alias/a", "Plaintext": b"x"}, ("kms", "key", "alias/a"),
     f"arn:aws:kms:{WHERE}:key/1234", f"arn:aws:kms:{WHERE}:key/*"),
    ("secretsmanager", "GetSecretValue", {"SecretId": "s"}, ("secretsmanager", "secret", "s"),
     f"arn:aws:secretsmanager:{WHERE}:secret:s-AbCdEf", f"arn:aws:secretsmanager:{WHERE}:secret:s-??????"),
    ("sns", "Unsubscribe", {"SubscriptionArn": SUBSCRIPTION}, ("sns", "topic", SUBSCRIPTION),
     f"arn:aws:sns:{WHERE}:other", f"arn:aws:sns:{WHERE}:t"),
    ("ecs", "RunTask", {"taskDefinition": "f"}, ("ecs", "task-definition", "f"),
     f"arn:aws:ecs:{WHERE}:task-definition/f:7", f"arn:aws:ecs:{WHERE}:task-definition/f:*"),
    ("athena", "GetQueryResults", {"QueryExecutionId": "q"}, ("athena", "workgroup", "q"),
     f"arn:aws:athena:{WHERE}:workgroup/analysts", f"arn:aws:athena:{WHERE}:workgroup/*"),
    ("swf", "RecordActivityTaskHeartbeat", {"taskToken": "t"}, ("swf", "domain", "t"),
     f"arn:aws:swf::{HOME}:/domain/d", f"arn:aws:swf::{HOME}:/domain/*"),
]  # fmt: skip


@dataclass
class Knows:
    """A service that knows one name, and notes what it is asked."""

    kind: str
    name: str
    arn: str

    def arn_meant(self, kind: str, name: str, *, account: str, region: str) -> str | None:
        assert (account, region) == (HOME, REGION)
        return self.arn if (kind, name) == (self.kind, self.name) else None


def resources(service: str, operation: str, params: dict[str, Any], sources: Callable[..., Any] | None) -> list[str]:
    cloud = Cloud(account=HOME, resource_sources=sources)
    asked = Operation(service, operation, "", REGION, "aws", service_model(service).operation_model(operation))
    call = MockBackend(cloud).locate(asked, params, Principal.root(HOME), HttpRequest("POST", "localhost", "/"))
    return [each.resource for each in required(call)]


@pytest.mark.parametrize(
    ("service", "operation", "params", "asks", "known", "unknown"),
    CASES,
    ids=[f"{each[0]}-{each[1]}" for each in CASES],
)
def test_a_name(
    service: str, operation: str, params: dict[str, Any], asks: tuple[str, str, str], known: str, unknown: str
) -> None:
    who, kind, name = asks
    there = Knows(kind, name, known)
    assert resources(service, operation, params, lambda cloud, asked: there if asked == who else None)[0] == known
    assert resources(service, operation, params, lambda cloud, asked: None)[0] == unknown
    assert resources(service, operation, params, None)[0] == unknown


def test_a_key_is_assumed_in_a_plan_only() -> None:
    params = {"Name": "s", "KmsKeyId": "1234"}
    key = f"arn:aws:kms:{WHERE}:key/1234"
    there = Knows("customer-key", "1234", key)
    assert key in resources("secretsmanager", "CreateSecret", params, None)
    assert key not in resources("secretsmanager", "CreateSecret", params, lambda cloud, asked: None)
    assert key in resources("secretsmanager", "CreateSecret", params, lambda cloud, asked: there)


def test_an_instance_profile_is_the_role_in_it() -> None:
    params = {"IamInstanceProfile": {"Name": "p"}, "InstanceId": "i-1"}
    role = f"arn:aws:iam::{HOME}:role/of/r"

    class Iam:
        def arn_meant(self, kind: str, name: str, *, account: str, region: str) -> str | None:
            known = {
                ("instance-profile", "p"): f"arn:aws:iam::{HOME}:instance-profile/of/p",
                ("role", f"arn:aws:iam::{HOME}:instance-profile/of/p"): role,
            }
            return known.get((kind, name))

    found = resources("ec2", "AssociateIamInstanceProfile", params, lambda cloud, asked: Iam())
    assert found == [f"arn:aws:ec2:{WHERE}:instance/i-1", role]
    planned = plan("ec2", "AssociateIamInstanceProfile", params, account=HOME)
    assert planned[1]["resource"] == f"arn:aws:iam::{HOME}:role/*"
    assert planned[1]["context"]["iam:AssociatedResourceArn"] == f"arn:aws:ec2:{WHERE}:instance/i-1"
