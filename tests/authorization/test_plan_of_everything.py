"""Every operation of every service has a plan, or a reason why it has none."""

from __future__ import annotations

import json
from collections import Counter

from iamsim import plan as planning
from iamsim.authorization.plan import known_access
from iamsim.authorization.planned_keys import mirrors
from iamsim.plan import plan, why_none
from iamsim.reference.built_with import is_newer, services_then
from iamsim.reference.service_model import loader, service_model
from tests.conformance.minimal_input import minimal

CACHES = (service_model, known_access, mirrors, planning._operation_model)
NAME_NOTHING = {  # the minimal input has nothing in it that would have to be allowed
    ("dynamodb", "BatchExecuteStatement"),
    ("dynamodb", "ExecuteStatement"),
    ("dynamodb", "ExecuteTransaction"),
    ("dynamodb", "TransactGetItems"),
    ("dynamodb", "TransactWriteItems"),
    ("ec2", "CreateTags"),
    ("ec2", "DeleteTags"),
    ("events", "PutEvents"),
    ("s3", "DeleteObjects"),
}


def forget() -> None:
    """What has been read of botocore's models, which all at once would take a gigabyte."""
    for cache in CACHES:
        cache.cache_clear()  # type: ignore[attr-defined]
    loader()._cache.clear()


def test_every_operation_of_every_service() -> None:
    count: Counter[str] = Counter()
    for service in loader().list_available_services("service-2"):
        model = service_model(service)
        for name in model.operation_names:
            shape = model.operation_model(name).input_shape
            checks = plan(service, name, minimal(shape) if shape is not None else {})
            age = "newer" if is_newer(service, name) else "known"
            count[f"{age}, planned" if checks else f"{age}, none"] += 1
            assert checks or why_none(service, name) or (service, name) in NAME_NOTHING, f"{service}.{name}"
            json.dumps(checks)
            for check in checks:
                assert check["action"].count(":") == 1
                assert check["resource"] == "*" or check["resource"].startswith("arn:aws"), f"{service}.{name}: {check}"
                assert "${" not in check["resource"]
                assert None not in check["context"].values(), f"{service}.{name}: {check}"
        forget()
    if services_then() <= set(loader().list_available_services("service-2")):  # an older botocore has fewer
        assert count["known, planned"] > 19_500, count
    assert count["known, none"] < 250, count
