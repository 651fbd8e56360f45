"""Which services there are, and by which names a request can mean one: hosts, signing names, target prefixes.

`services.json` beside this file holds what all of botocore's models say, since reading them all takes seconds.
`python -m iamsim.protocol.catalog` writes it anew. A service that an installed botocore has and the file has not is
read from its model when nothing else fits.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from botocore.exceptions import DataNotFoundError, UnknownServiceError

from iamsim.protocol.hosts import Host, read_host, without_fips
from iamsim.reference.service_model import loader

FILE = Path(__file__).with_name("services.json")

LEGACY_HOSTS = {"sqs": ["queue"], "s3": ["s3-external-1", "s3express"]}
LEGACY_PROTOCOLS = {"sqs": ["query"], "cloudwatch": ["query"]}


@dataclass(frozen=True, slots=True)
class Service:
    """How requests name one service."""

    name: str  # botocore's
    version: str  # of the API, such as `2012-11-05`
    target: str  # what stands before the operation in `X-Amz-Target`; '' if the service has none
    protocols: tuple[str, ...]
    signing: tuple[str, ...]  # the names in a credential scope
    hosts: tuple[str, ...]  # what stands before the region, such as `monitoring` or `data-ats.iot`


@dataclass(slots=True)
class Catalog:
    """The services by each of their names."""

    by_name: dict[str, Service] = field(default_factory=dict)
    by_target: dict[str, list[Service]] = field(default_factory=dict)
    by_signing: dict[str, list[Service]] = field(default_factory=dict)
    by_host: dict[str, list[Service]] = field(default_factory=dict)

    def add(self, service: Service) -> None:
        self.by_name[service.name] = service
        if service.target:
            self.by_target.setdefault(service.target, []).append(service)
        for name in service.signing:
            self.by_signing.setdefault(name, []).append(service)
        for stem in service.hosts:
            self.by_host.setdefault(stem, []).append(service)

    def at(self, host: Host) -> tuple[list[Service], str]:
        """The services behind a host, and what stands before their name in it: a bucket, an account, a host prefix."""
        if host.partition:
            for index in range(len(host.labels)):
                stem = ".".join(host.labels[index:])
                if found := self.by_host.get(stem) or self.by_host.get(without_fips(stem)):
                    return found, ".".join(host.labels[:index])
        return [], ""


@lru_cache(maxsize=1)
def catalog() -> Catalog:
    """The services of `services.json`."""
    catalog = Catalog()
    for name, facts in json.loads(FILE.read_text())["services"].items():
        version, target, *names = facts
        catalog.add(Service(name, version, target, *(tuple(each.split()) for each in names)))
    return catalog


@lru_cache(maxsize=1)
def newer_services() -> Catalog:
    """The services that the installed botocore has and the file has not. Reads their models."""
    known = catalog().by_name
    found = Catalog()
    for name in loader().list_available_services("service-2"):
        if name not in known:
            found.add(read_service(name))
    return found


def read_service(name: str) -> Service:
    """What botocore's data says about one service."""
    reader = loader()
    model = reader.load_service_model(name, "service-2")
    metadata = model["metadata"]
    stems = {metadata["endpointPrefix"], *LEGACY_HOSTS.get(name, [])}
    signing = {metadata.get("signingName", metadata["endpointPrefix"])}
    try:
        rules = reader.load_service_model(name, "endpoint-rule-set-1")
    except (DataNotFoundError, UnknownServiceError):
        rules = {}
    fixed = _fixed_parameters(model)
    for kind, value in _endpoints(rules):
        if kind == "signingName":
            signing.add(value)
        else:
            stems |= {stem for url in _filled(value, fixed) if (stem := _stem(url))}
    prefixes = {operation.get("endpoint", {}).get("hostPrefix", "") for operation in model["operations"].values()}
    glued = {prefix for prefix in prefixes if prefix.endswith("-")}  # `sync-` makes `sync-states` of `states`
    stems |= {prefix + stem for prefix in glued for stem in stems}
    protocols = list(metadata.get("protocols", [metadata["protocol"]]))
    protocols += [each for each in LEGACY_PROTOCOLS.get(name, []) if each not in protocols]
    target = metadata.get("targetPrefix", "")
    return Service(name, metadata["apiVersion"], target, tuple(protocols), tuple(sorted(signing)), tuple(sorted(stems)))


def _endpoints(rules: Any) -> Iterator[tuple[str, str]]:
    """Every URL template and signing name of an endpoint rule set."""
    if isinstance(rules, dict):
        for key, value in rules.items():
            if key in ("url", "signingName") and isinstance(value, str):
                yield key, value
            else:
                yield from _endpoints(value)
    elif isinstance(rules, list):
        for value in rules:
            yield from _endpoints(value)


def _fixed_parameters(model: Any) -> dict[str, set[str]]:
    """The parameters of a rule set that operations fix, with their values: `OperationType` is `control` or `data`."""
    found: dict[str, set[str]] = {}
    for operation in model["operations"].values():
        for name, fixed in operation.get("staticContextParams", {}).items():
            if isinstance(fixed["value"], str):
                found.setdefault(name, set()).add(fixed["value"])
    return found


def _filled(url: str, fixed: dict[str, set[str]]) -> list[str]:
    """The URL template once for each value of the fixed parameters in it."""
    urls = [url]
    for name, values in fixed.items():
        if f"{{{name}}}" in url:
            urls = [each.replace(f"{{{name}}}", value) for each in urls for value in sorted(values)]
    return urls


def _stem(url: str) -> str:
    """`monitoring` of `https://monitoring-fips.{Region}.{PartitionResult#dnsSuffix}`; '' if the host is not AWS's."""
    url = re.sub(r"\{[^}]*#dnsSuffix\}", "amazonaws.com", url)
    url = re.sub(r"\{[^}]*#dualStackDnsSuffix\}", "api.aws", url)
    url = re.sub(r"\{(Region|[^}]*#region|[^}]*#implicitGlobalRegion)\}", "us-east-1", url)
    host = read_host(url.partition("://")[2].partition("/")[0])
    if not host.partition:
        return ""
    return without_fips(".".join(label for label in host.labels if "{" not in label and label != "dualstack"))


def write(services: Iterable[Service]) -> None:
    """Write `services.json`, one service a line."""
    lines = [
        f"  {json.dumps(each.name)}: "
        + json.dumps([each.version, each.target, *(" ".join(n) for n in (each.protocols, each.signing, each.hosts))])
        for each in services
    ]
    FILE.write_text('{"services": {\n' + ",\n".join(lines) + "\n}}\n")


if __name__ == "__main__":
    write([read_service(name) for name in loader().list_available_services("service-2")])
