"""Which operation of which service a request calls."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache
from urllib.parse import unquote_plus

from botocore.exceptions import UnknownServiceError

from iamsim.errors import ApiError
from iamsim.protocol.body import uncompressed
from iamsim.protocol.catalog import Catalog, Service, catalog, newer_services
from iamsim.protocol.hosts import read_host, without_fips
from iamsim.protocol.malformed import Malformed
from iamsim.protocol.query_model import query_model
from iamsim.protocol.routes import read_query, routes_of
from iamsim.protocol.s3_address import s3_address, template_of
from iamsim.protocol.s3_form import is_form
from iamsim.protocol.s3_form_answer import form_model
from iamsim.protocol.scope import Scope, scope_of
from iamsim.reference.partitions import partition_of
from iamsim.reference.service_model import service_model
from iamsim.request import HttpRequest, Operation

RPC_PATH = re.compile(r"/service/([^/]+)/operation/([^/]+)")
ACTION = re.compile(rb"(?:^|&)Action=([^&]*)")
VERSION = re.compile(rb"(?:^|&)Version=([^&]*)")
QUERY_PROTOCOLS = {"query", "ec2"}
REST_PROTOCOLS = {"rest-json", "rest-xml"}
AMZ_CBOR_TYPE = "application/x-amz-cbor-"  # the JSON protocol in CBOR, which SDKs for Java speak to Kinesis
DEFAULT_REGION = "us-east-1"
LARGEST_UNTYPED_FORM = 1 << 20  # bytes


class UnknownOperation(ApiError):
    """No operation fits the request. `protocol` is the one that the request seems to speak."""

    def __init__(self, message: str, *, code: str, status: int, protocol: str) -> None:
        super().__init__(message, code=code, status=status)
        self.protocol = protocol


def identify(http: HttpRequest) -> Operation:
    """The operation that the request calls, by its credential scope, host name and form.

    Needs no signature. Raises ApiError (`UnknownOperationException`, `InvalidAction`, ...) if nothing fits.
    """
    scope = scope_of(http)
    if target := http.headers.get("x-amz-target"):
        in_cbor = http.headers.get("content-type", "").startswith(AMZ_CBOR_TYPE)
        return _by_target(target, "amz-cbor" if in_cbor else "json", scope, http.host)
    if "/service/" in http.path and (rpc := RPC_PATH.search(http.path)):
        return _by_rpc_path(rpc[1], rpc[2], scope, http.host)
    if action := _action(http):
        action_name, version = action
        if found := _by_action(action_name, version, scope, http.host):
            return found
    return _by_path(http, scope)


@lru_cache(maxsize=8192)
def _operation(service: str, name: str, protocol: str, region: str, partition: str) -> Operation:
    model = query_model(service) if protocol == "query" else service_model(service)
    return Operation(service, name, protocol, region, partition, model.operation_model(name))


def _make(service: Service, name: str, protocol: str, scope: Scope, host: str) -> Operation:
    place = read_host(host)
    region = scope.region or place.region or DEFAULT_REGION
    partition = partition_of(region) if scope.region or not place.partition else place.partition
    return _operation(service.name, name, protocol, region, partition)


def _candidates(names: Catalog, scope: Scope, host: str) -> list[Service]:
    """The services that host and scope can mean, the likeliest first.

    Of services that share a host and a version (rds, docdb, neptune), the one that has the host's name comes first.
    """
    place = read_host(host)
    behind, _ = names.at(place)
    signed = names.by_signing.get(scope.service, [])
    found = [each for each in behind if each in signed] or signed or behind
    names_of_it = {scope.service, without_fips(place.labels[-1])}
    return sorted(found, key=lambda each: each.name not in names_of_it)


def _has(service: Service, name: str) -> bool:
    return name in _operation_names(service.name)


@cache
def _operation_names(service: str) -> frozenset[str]:
    """Empty for a service that the installed botocore does not have."""
    try:
        return frozenset(service_model(service).operation_names)
    except UnknownServiceError:
        return frozenset()


def _fitting(services: list[Service], likely: list[Service], name: str) -> Service | None:
    """The first of `services` that has the operation; those that host or scope speak for come first."""
    for service in sorted(services, key=lambda each: each not in likely):
        if _has(service, name):
            return service
    return None


@lru_cache(maxsize=4096)
def _by_target(target: str, protocol: str, scope: Scope, host: str) -> Operation:
    prefix, _, name = target.rpartition(".")
    for names in (catalog, newer_services):
        services = names().by_target.get(prefix) or names().by_target.get(prefix.rpartition(".")[2], [])
        if service := _fitting(services, _candidates(names(), scope, host), name):
            return _make(service, name, protocol, scope, host)
        if services:
            break
    raise UnknownOperation("", code="UnknownOperationException", status=400, protocol=protocol)


@lru_cache(maxsize=4096)
def _by_rpc_path(target: str, name: str, scope: Scope, host: str) -> Operation:
    for names in (catalog, newer_services):
        services = names().by_target.get(target, [])
        if service := _fitting(services, _candidates(names(), scope, host), name):
            return _make(service, name, "smithy-rpc-v2-cbor", scope, host)
        if services:
            break
    raise UnknownOperation("", code="UnknownOperationException", status=404, protocol="smithy-rpc-v2-cbor")


def _action(http: HttpRequest) -> tuple[str, str] | None:
    """The `Action` and `Version` parameters of the query string or of a form."""
    text = http.query.encode("utf-8", "replace")
    found = ACTION.search(text)
    if found is None and _may_be_form(http):
        try:
            text = uncompressed(http)
        except Malformed as problem:
            raise UnknownOperation(str(problem), code="MalformedInput", status=400, protocol="query") from None
        found = ACTION.search(text)
    if found is None:
        return None
    version = VERSION.search(text)
    return _text(found[1]), _text(version[1]) if version else ""


def _may_be_form(http: HttpRequest) -> bool:
    """Whether the body is a form, or a small one of which nothing is said."""
    content_type = http.headers.get("content-type")
    if content_type is None and "content-encoding" not in http.headers:
        return http.method == "POST" and isinstance(http.body, bytes) and len(http.body) < LARGEST_UNTYPED_FORM
    return content_type is not None and content_type.startswith("application/x-www-form-urlencoded")


def _text(value: bytes) -> str:
    return unquote_plus(value.decode("ascii", "replace"))


@lru_cache(maxsize=4096)
def _by_action(action: str, version: str, scope: Scope, host: str) -> Operation | None:
    """The operation of a query or EC2 request; None if neither host nor scope is of a service that speaks so."""
    for names in (catalog, newer_services):
        likely = _candidates(names(), scope, host)
        services = [each for each in likely if not QUERY_PROTOCOLS.isdisjoint(each.protocols)]
        if not likely:  # no signature and a host of one's own: the version tells the service
            everyone = names().by_name.values()
            services = [
                each for each in everyone if each.version == version and not QUERY_PROTOCOLS.isdisjoint(each.protocols)
            ]
        exact = [each for each in services if each.version == version]
        if not exact and len(services) == 1 and (version or services[0].name == "sqs"):
            exact = services  # an older client: services keep answering earlier versions
        if service := _fitting(exact, likely, action):
            protocol = next(each for each in service.protocols if each in QUERY_PROTOCOLS)
            return _make(service, action, protocol, scope, host)
        if likely and not services:
            return None
        if services:
            break
    protocol = "ec2" if any(each.name == "ec2" for each in services) else "query"
    message = f"The action {action} is not valid for this web service."
    if protocol == "query":
        message = f"Could not find operation {action} for version {version or 'NO_VERSION_SPECIFIED'}"
    raise UnknownOperation(message, code="InvalidAction", status=400, protocol=protocol)


def _by_path(http: HttpRequest, scope: Scope) -> Operation:
    """The operation of a REST request: the first likely service that has such a route."""
    likely, services = _rest_services(scope, http.host)
    query = read_query(http.query)
    for service in services:
        if _operation_names(service.name) and (name := _route(service, http, scope, query)):
            protocol = next(each for each in service.protocols if each in REST_PROTOCOLS)
            operation = _make(service, name, protocol, scope, http.host)
            if name == "PutObject" and http.method == "POST":
                return replace(operation, model=form_model(operation.model, http))
            return operation
    if http.path == "/" and any(not QUERY_PROTOCOLS.isdisjoint(each.protocols) for each in likely[:1]):
        raise _no_route(likely[0])  # another of the same name speaks REST
    first = services[0] if services else likely[0] if likely else None
    raise _no_route(first)


@lru_cache(maxsize=4096)
def _rest_services(scope: Scope, host: str) -> tuple[list[Service], list[Service]]:
    """The services that host and scope can mean, and those of them that speak REST."""
    likely = _candidates(catalog(), scope, host)
    if not likely and (scope.service or read_host(host).partition):
        likely = _candidates(newer_services(), scope, host)
    services = [each for each in likely if not REST_PROTOCOLS.isdisjoint(each.protocols)]
    services.sort(key=lambda each: each.name == "s3")  # any path is one of S3's
    if not likely and not read_host(host).partition:  # an unsigned request to a host of one's own: S3, or a sign-in
        services = [catalog().by_name[name] for name in ("s3", "sso-oidc")]
    return likely, services


def _route(service: Service, http: HttpRequest, scope: Scope, query: Mapping[str, list[str]]) -> str | None:
    routes = routes_of(service.name)
    if service.name == "s3":
        address = s3_address(http.host, http.path)
        if address.bucket and not address.key and "delete" not in query and is_form(http):
            return "PutObject"
        if http.method == "GET" and not address.bucket and scope.service == "s3express":
            return "ListDirectoryBuckets"
        group = routes.groups.get((http.method, template_of(address, http.path)))
        return group.choose(query, http.headers) if group else None
    if name := routes.find(http.method, http.path, query, http.headers):
        return name
    if service.name == "cloudsearchdomain" and http.method == "POST":  # searches come as a form too
        return routes.find("GET", http.path, {**query, "format": ["sdk"], "pretty": ["true"]}, http.headers)
    return None


def _no_route(service: Service | None) -> UnknownOperation:
    if service is None:
        return UnknownOperation("", code="UnknownOperationException", status=404, protocol="rest-json")
    if service.name == "s3":
        message = "The specified method is not allowed against this resource."
        return UnknownOperation(message, code="MethodNotAllowed", status=405, protocol="s3")
    if "rest-xml" in service.protocols:
        message = "Unable to find operation."
        return UnknownOperation(message, code="UnknownOperationException", status=404, protocol="rest-xml")
    if not QUERY_PROTOCOLS.isdisjoint(service.protocols):
        message = "Missing Action"
        return UnknownOperation(message, code="MissingAction", status=400, protocol=service.protocols[0])
    return UnknownOperation("", code="UnknownOperationException", status=404, protocol=service.protocols[0])
