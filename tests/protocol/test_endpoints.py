"""Every endpoint that botocore's own rules make, in every partition, is known again: service, operation, region.

One operation of each service, and one for each set of parameters that its rules take from operations.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from botocore.hooks import HierarchicalEmitter
from botocore.regions import EndpointRulesetResolver

from iamsim.errors import ApiError
from iamsim.protocol import identify, parse
from iamsim.reference.partitions import partition_of
from iamsim.reference.service_model import loader, service_model
from iamsim.request import HttpRequest
from tests.protocol.samples import OMIT, Samples
from tests.protocol.test_laws import cannot_be_told_apart
from tests.protocol.wire import SCOPE, client, serializer, services

ACCOUNT = "123456789012"
REGIONS = {  # none is where a partition has its global services
    "aws": "eu-west-1",
    "aws-cn": "cn-north-1",
    "aws-eusc": "eusc-de-east-1",
    "aws-iso": "us-iso-west-1",
    "aws-iso-b": "us-isob-west-1",
    "aws-iso-e": "eu-isoe-west-1",
    "aws-iso-f": "us-isof-east-1",
    "aws-us-gov": "us-gov-east-1",
}


@cache
def partitions() -> Any:
    return loader().load_data("partitions")


def chosen_operations(model: Any) -> list[Any]:
    """The first operation, and the first of each kind of what the endpoint rules read from an operation."""
    kinds: dict[str, Any] = {}
    for name in sorted(model.operation_names):
        operation = model.operation_model(name)
        static = {each.name: each.value for each in operation.static_context_parameters}
        dynamic = sorted(each.name for each in operation.context_parameters)
        kinds.setdefault(str((static, dynamic)), operation)
    return list(kinds.values())


def switches(rules: Any, region: str) -> Iterator[dict[str, Any]]:
    """What botocore knows of a client, with each combination of the switches that the service's rules have."""
    names = [name for name in ("UseFIPS", "UseDualStack", "AccountId") if name in rules["parameters"]]
    for chosen in product((False, True), repeat=len(names)):
        on = {name for name, value in zip(names, chosen, strict=True) if value}
        yield {
            "AWS::Region": region,
            "AWS::UseFIPS": "UseFIPS" in on,
            "AWS::UseDualStack": "UseDualStack" in on,
            "AWS::Auth::AccountId": ACCOUNT if "AccountId" in on else None,
            "AWS::Auth::AccountIdEndpointMode": "preferred" if "AccountId" in on else "disabled",
        }


def sent_to(url: str, operation: Any, params: dict[str, Any]) -> HttpRequest:
    """The unsigned request in which botocore would send `params` to its endpoint `url`."""
    wire = serializer(operation.service_model.metadata["protocol"]).serialize_to_request(params, operation)
    place = urlsplit(url)
    prefix = (operation.endpoint or {}).get("hostPrefix", "").format(**params)
    whole = f"{place.scheme}://{prefix}{place.netloc}{place.path.rstrip('/')}{wire['url_path']}"
    request = AWSRequest(wire["method"], whole, params=wire["query_string"] or None, data=wire["body"]).prepare()
    parts = urlsplit(request.url)
    headers = {name.lower(): str(value) for name, value in wire["headers"].items()}
    body = request.body or b""
    body = body if isinstance(body, bytes) else body.encode()
    return HttpRequest(wire["method"], parts.netloc, parts.path or "/", parts.query, headers, body)


@pytest.mark.parametrize("service", [each for each in services() if each != "s3"])
def test_the_endpoint_of_a_service_is_known_in_every_partition(service: str) -> None:
    model = service_model(service)
    rules = loader().load_service_model(service, "endpoint-rule-set-1")
    builtins: dict[str, Any] = {}  # shared with the resolver, which is slow to make
    resolver = EndpointRulesetResolver(rules, partitions(), model, builtins, {}, HierarchicalEmitter())
    for operation in chosen_operations(model):
        if operation.has_event_stream_input:
            continue
        samples = Samples(operation.name, sends_empty=False)
        params = samples.structure(operation.input_shape) if operation.input_shape is not None else {}
        params = {} if params is OMIT else params
        if "AccountId" in params:
            params["AccountId"] = ACCOUNT
        for partition, region in REGIONS.items():
            for chosen in switches(rules, region):
                builtins.update(chosen)
                try:
                    endpoint = resolver.construct_endpoint(operation, params, {})
                except BotoCoreError:
                    continue  # the rules have none for this combination
                http = sent_to(endpoint.url, operation, params)
                scheme = (endpoint.properties.get("authSchemes") or [{}])[0]
                signed_for = scheme.get("signingRegion") or region
                name = scheme.get("signingName") or model.signing_name
                scope = SCOPE.replace("eu-west-1", signed_for).format(name)
                for headers in ({}, {"authorization": scope}):
                    http.headers = {**http.headers, **headers}
                    check(http, operation, partition, signed_for if headers else "", (http.host, service))


def check(http: HttpRequest, meant: Any, partition: str, region: str, where: tuple[str, ...]) -> None:
    try:
        found = identify(http)
    except ApiError as failure:
        raise AssertionError(f"{where} {meant.name}: {failure.code}") from failure
    if (found.service, found.name) != (meant.service_model.service_name, meant.name):
        assert cannot_be_told_apart(found, meant, http), (where, meant.name, found.service, found.name)
    labels = http.host.split(".")
    if region:
        assert (found.region, found.partition) == (region, partition_of(region)), where
    elif REGIONS[partition] in labels:  # the host alone says it
        assert (found.region, found.partition) == (REGIONS[partition], partition), where
    elif partition != "aws-us-gov" and not http.host.endswith((".amazonaws.com", ".api.aws")):
        assert found.partition == partition, where


def bucket_names(partition: str, region: str) -> dict[str, str]:
    """The kinds of what a caller may give as a bucket, each as `parse` reads it from the request."""

    def arn(service: str, resource: str) -> str:
        return f"arn:{partition}:{service}:{region}:{ACCOUNT}:{resource}"

    zone = "use1-az4"
    return {
        "plain": "orders",
        "dotted": "orders.example",
        "access point": arn("s3", "accesspoint/data-in"),
        "object lambda": arn("s3-object-lambda", "accesspoint/data-in"),
        "outpost": arn("s3-outposts", "outpost/op-01ac5d28a6a232904/accesspoint/data-in"),
        "express": f"orders--{zone}--x-s3",
    }


NO_FIPS, NO_DUALSTACK = {"aws-cn"}, {"aws-iso-e", "aws-iso-f"}  # of S3, as botocore knows it
VARIANTS = [
    *((partition, {}) for partition in REGIONS),
    *((partition, {"use_fips_endpoint": True}) for partition in REGIONS if partition not in NO_FIPS),
    *((partition, {"use_dualstack_endpoint": True}) for partition in REGIONS if partition not in NO_DUALSTACK),
]


@pytest.mark.parametrize(("partition", "options"), VARIANTS, ids=str)
def test_what_a_caller_gives_as_a_bucket_is_known_by_its_host(partition: str, options: dict[str, bool]) -> None:
    region = REGIONS[partition]
    config = Config(
        **options, s3={"disable_s3_express_session_auth": True}, response_checksum_validation="when_required"
    )

    s3, exchange = client("s3", lambda operation, params: {}, region_name=region, config=config)
    reached = set()
    for kind, bucket in bucket_names(partition, region).items():
        try:
            s3.get_object(Bucket=bucket, Key="a/b c")
        except BotoCoreError:
            continue  # such as an outpost with dual stack
        reached.add(kind)
        operation = exchange.operation
        assert (operation.service, operation.name) == ("s3", "GetObject"), kind
        assert (operation.region, operation.partition) == (region, partition), kind
        assert exchange.params == {"Bucket": bucket, "Key": "a/b c"}, kind
        anonymous = HttpRequest("GET", exchange.http.host, exchange.http.path, exchange.http.query)
        operation = identify(anonymous)
        assert (operation.service, operation.region, operation.partition) == ("s3", region, partition), kind
        assert parse(operation, anonymous) == {"Bucket": bucket, "Key": "a/b c"}, kind
    everything = not options and partition == "aws"
    assert reached >= (bucket_names(partition, region).keys() if everything else {"plain", "dotted", "access point"})
