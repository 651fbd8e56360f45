"""AWS CodeBuild: builds and reports are decided on by their project or group. Source: SAR of CodeBuild."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check


def batch_get_builds(asked: Asked) -> Iterator[Check]:
    """The project of each build; an id is `PROJECT:UUID`, whole or at the end of an ARN."""
    ids = asked.get("ids") or [asked.get("id") or "*"]
    names = dict.fromkeys(str(each).rpartition("/")[2].partition(":")[0] for each in ids)
    for name in names:
        yield asked.check(asked.arn(f"project/{name}"))


batch_get_build_batches = batch_get_sandboxes = batch_delete_builds = batch_get_builds
stop_build = stop_build_batch = stop_sandbox = batch_get_builds
retry_build = retry_build_batch = delete_build_batch = batch_get_builds


def batch_get_reports(asked: Asked) -> Iterator[Check]:
    """The group of each report; `report/GROUP:UUID` is one."""
    arns = asked.get("reportArns") or [asked.get("reportArn") or "*"]
    groups = dict.fromkeys(str(each).rpartition("/")[2].partition(":")[0] for each in arns)
    for name in groups:
        yield asked.check(asked.arn(f"report-group/{name}"))


delete_report = describe_test_cases = describe_code_coverages = batch_get_reports


def batch_get_fleets(asked: Asked) -> Iterator[Check]:
    """Each fleet, whose ARN ends in an id."""
    for name in asked.get("names") or [asked.get("name") or "*"]:
        yield asked.check(asked.named(name if str(name).startswith("arn:") else f"{name}:*", "fleet/"))


create_fleet = batch_get_fleets
