"""K-33, K-34 and context-keys section 4, live, over every operation of every mock that takes tags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from iamsim import ApiError, Simulator
from iamsim.authorization.access import required
from iamsim.authorization.planned_tags import MAKES, tag_members
from iamsim.kit.loader import load_service, mocked_services
from iamsim.policy.principal import Principal, PrincipalKind
from iamsim.reference.tag_keys import tag_keys
from iamsim.reference.tags import PAIRS
from iamsim.request import HttpRequest, Operation, Required
from tests.conformance.minimal_input import minimal
from tests.conformance.test_every_mock import INPUT

from .conftest import HOME, REGION

USER = f"arn:aws:iam::{HOME}:user/u"
CALLER = Principal(PrincipalKind.USER, HOME, USER, "AIDA", entity_arn=USER)
HTTP = HttpRequest("POST", "localhost", "/")
# Tags of objects are S3's own keys, and those of a bucket are known to CreateBucket and TagResource only.
OF_ITS_OWN = {("s3", "PutObjectTagging"), ("s3", "PutBucketTagging")}
INSTANCE = "i-0123456789abcdef0"


def operations() -> Iterator[tuple[str, str]]:
    for service in mocked_services():
        for name in sorted(load_service(service).functions):
            if tag_members(service, name):
                yield service, name


def tagged(shape: Any, kind: str) -> Any:
    """A value of the shape that carries the tag `team=a`."""
    if shape.type_name == "map":
        return {"team": "a"}
    if shape.type_name == "structure":
        member = "Tags" if "Tags" in shape.members else "TagSet"
        return {member: tagged(shape.members[member], kind)}
    members = shape.member.members
    if "ResourceType" in members:
        return [{"ResourceType": kind, "Tags": [{"Key": "team", "Value": "a"}]}]
    key, value = next(pair for pair in PAIRS if pair[0] in members)
    return [{key: "team", value: "a"}]


def made_kind(operation: str) -> str:
    """EC2's name of what the operation makes."""
    made = {"RunInstances": "instance", "ImportKeyPair": "key-pair", "RegisterImage": "image"}
    words = "".join(f"-{each}" if each.isupper() else each for each in operation).lower().split("-")
    if operation.startswith("Authorize"):
        return "security-group-rule"
    return made.get(operation) or "-".join(words[2:])


def checks(service: str, operation: str, tags: bool) -> list[Required]:
    simulator, mock = Simulator(account=HOME), load_service(service)
    model = mock.model.operation_model(operation)
    members = model.input_shape.members
    params = minimal(model.input_shape) | INPUT.get((service, operation), {})
    if operation in ("CreateTags", "DeleteTags"):
        params["Resources"] = [INSTANCE]
    for member in tag_members(service, operation):
        params.pop(member, None)
        if tags:
            params[member] = tagged(members[member], made_kind(operation))
    backend = simulator.pipeline.backend
    if service == "s3" and operation != "CreateBucket":
        backend.run(backend.locate(asked("s3", "CreateBucket"), {"Bucket": params["Bucket"]}, CALLER, HTTP))
    return required(backend.locate(asked(service, operation), params, CALLER, HTTP))


def asked(service: str, operation: str) -> Operation:
    model = load_service(service).model.operation_model(operation)
    return Operation(service, operation, model.service_model.protocol, REGION, "aws", model)


@pytest.mark.parametrize(("service", "operation"), list(operations()))
def test_tags_of_the_request(service: str, operation: str) -> None:
    """K-33: the tags are there both in the creation and in the tagging."""
    own = f"{load_service(service).definition.prefix}:"
    found = [each for each in checks(service, operation, tags=True) if each.action.startswith(own)]
    knows = [each for each in found if "aws:RequestTag/" in tag_keys(each.action, each.resource).of_request]
    if service == "ec2":  # each type of resource has the tags that are given to it
        knows = [each for each in knows if INSTANCE in each.resource or f":{made_kind(operation)}/" in each.resource]
    assert knows or (service, operation) in OF_ITS_OWN
    for each in found:
        if each in knows:
            assert each.context["aws:RequestTag/team"] == "a", each
            assert each.context["aws:TagKeys"] == ["team"], each
        elif service != "ec2":
            assert not [key for key in each.context if key.startswith(("aws:RequestTag", "aws:TagKeys"))], each


@pytest.mark.parametrize(("service", "operation"), list(operations()))
def test_no_tags_no_keys(service: str, operation: str) -> None:
    """K-34: no tags, no aws:TagKeys; an empty list would be another thing."""
    try:
        found = checks(service, operation, tags=False)
    except (ApiError, KeyError):  # the tags are what the operation is about
        return
    for each in found:
        assert not [key for key in each.context if key.startswith(("aws:RequestTag", "aws:TagKeys"))], each


@pytest.mark.parametrize(("service", "operation"), [each for each in operations() if each[1].startswith(MAKES)])
def test_what_is_made_has_its_tags(service: str, operation: str) -> None:
    """Section 4: the tags of the request are those of the resource that a call makes; EC2's only later (section 11)."""
    own = f"{load_service(service).definition.prefix}:"
    found = [each for each in checks(service, operation, tags=True) if each.action.startswith(own)]
    if service == "ec2" or (service, operation) in OF_ITS_OWN:
        assert not [each for each in found if any("ResourceTag" in key for key in each.context)]
        return
    assert found
    for each in found:
        for before in tag_keys(each.action, each.resource).of_resource:
            assert each.context[f"{before}team"] == "a", (each, before)
