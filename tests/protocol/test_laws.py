"""Two laws for every operation of every service: what botocore writes is read as it was meant, and so is what we write.

A sample of the operations with a fixed seed; `WIRE=all` runs them all, `WIRE_SEED` gives them other
values.
"""

from __future__ import annotations

import os
import random
from typing import Any

import pytest

from iamsim.protocol import identify, parse, serialize
from iamsim.protocol.catalog import catalog
from iamsim.protocol.query_model import query_model
from iamsim.protocol.routes import read_query, routes_of
from iamsim.reference.service_model import service_model
from iamsim.request import HttpRequest, Operation
from tests.protocol.samples import OMIT, Samples
from tests.protocol.wire import protocols_of, read_answer, request_of, services

SAMPLE_SIZE = 40  # services of the sample besides those of `ALWAYS`
PER_SERVICE = 8  # operations of each
ALWAYS = ["ec2", "iam", "sqs", "cloudwatch", "s3", "s3control", "route53", "lambda", "dynamodb", "sts", "logs", "rds"]

TWO_MEMBERS_OF_ONE_NAME = {"GetBucketNotification", "PutBucketNotification"}

ALL = os.environ.get("WIRE") == "all"
SEED = os.environ.get("WIRE_SEED", "")


def chosen_services() -> list[str]:
    if ALL:
        return services()
    return ALWAYS + random.Random(1).sample([each for each in services() if each not in ALWAYS], SAMPLE_SIZE)


def chosen_operations(service: str) -> list[tuple[Any, str]]:
    """Operations of the service, each with a protocol."""
    model = service_model(service)
    names = [name for name in model.operation_names if name not in TWO_MEMBERS_OF_ONE_NAME]
    if not ALL and len(names) > PER_SERVICE:
        names = random.Random(service).sample(names, PER_SERVICE)
    chosen = [(model.operation_model(name), protocol) for name in names for protocol in protocols_of(service)]
    if service == "sqs":  # old clients speak a protocol that its model has forgotten
        chosen += [(query_model(service).operation_model(name), "query") for name in names]
    return chosen


def cannot_be_told_apart(found: Operation, meant: Any, http: HttpRequest) -> bool:
    """Whether two services have the same host, scope and route, so that no request says which is meant."""
    one, other = catalog().by_name[found.service], catalog().by_name[meant.service_model.service_name]
    if not (set(one.hosts) & set(other.hosts) and set(one.signing) & set(other.signing)):
        return False
    if found.protocol == "query":
        return found.name == meant.name and one.version == other.version
    if one == other:
        return bool(meant.deprecated) or meant.name == "ListDirectoryBuckets"  # which has a host of its own
    fits = routes_of(other.name).find(http.method, http.path, read_query(http.query), http.headers) == meant.name
    return fits


@pytest.mark.parametrize("service", chosen_services())
def test_parse_reads_what_botocore_writes(service: str) -> None:
    for model, protocol in chosen_operations(service):
        if model.has_event_stream_input:
            continue
        samples = Samples(
            model.name + SEED, sends_empty=protocol not in ("query", "ec2"), binary_floats="cbor" in protocol
        )
        params = samples.structure(model.input_shape) if model.input_shape is not None else {}
        params = {} if params is OMIT else params
        http = request_of(model, protocol, params)
        operation = identify(http)
        found = (operation.service, operation.name, operation.protocol)
        if found != (service, model.name, protocol):
            assert cannot_be_told_apart(operation, model, http), (found, service, model.name, protocol, http)
        operation = Operation(service, model.name, protocol, "eu-west-1", "aws", model)
        assert _without_defaults(model, parse(operation, http), params) == params, (service, model.name, protocol)


def _without_defaults(model: Any, parsed: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:
    """What was read, without what botocore sends of its own accord: an empty document, the type of the body."""
    shape = model.input_shape
    for name, member in shape.members.items() if shape is not None else ():
        if name not in params and (
            (name == shape.serialization.get("payload") and parsed.get(name) == {})
            or member.serialization.get("name", "").lower() == "content-type"
        ):
            parsed.pop(name, None)
    return parsed


@pytest.mark.parametrize("service", chosen_services())
def test_botocore_reads_what_serialize_writes(service: str) -> None:
    for model, protocol in chosen_operations(service):
        if service == "s3" and model.name == "GetBucketLocation":
            continue  # botocore reads it outside its parser
        if model.http.get("responseCode") == 204:
            continue  # such an answer has no body
        shape = model.output_shape
        samples = Samples(model.name + SEED, sends_empty=True, binary_floats="cbor" in protocol, xml="xml" in protocol)
        payload = shape.serialization.get("payload") if shape is not None else None
        result = samples.structure(shape, always=frozenset(filter(None, [payload]))) if shape is not None else {}
        result = {} if result is OMIT else result
        operation = Operation(service, model.name, protocol, "eu-west-1", "aws", model)
        parsed = read_answer(model, protocol, serialize(operation, _sent(shape, result), "r"))
        _compare(model, result, parsed, (service, model.name, protocol))


def _sent(shape: Any, result: dict[str, Any]) -> dict[str, Any]:
    """The result as a mock gives it: events as a list of one."""
    name = shape.event_stream_name if shape is not None else None
    return {**result, name: [result[name]] if name in result else []} if name else result


def _compare(model: Any, result: dict[str, Any], parsed: dict[str, Any], where: tuple[str, ...]) -> None:
    shape = model.output_shape
    for name, member in shape.members.items() if shape is not None else ():
        location = member.serialization.get("location")
        if name == shape.event_stream_name:
            events = list(parsed.pop(name))
            expected = result.pop(name, None)
            assert events == ([expected] if expected else []), where
        elif location == "headers":
            result.setdefault(name, {})
            if not member.serialization.get("name"):  # all headers, also those of every answer
                parsed[name] = {key: value for key, value in parsed[name].items() if key in result[name]}
        elif location == "statusCode":
            parsed.pop(name, None)
            result.pop(name, None)
        elif location == "header" and member.serialization.get("name", "").lower().startswith("content-"):
            if name not in result:  # every answer says what it holds
                parsed.pop(name, None)
        elif hasattr(parsed.get(name), "read"):
            parsed[name] = parsed[name].read()
    assert parsed == result, where
