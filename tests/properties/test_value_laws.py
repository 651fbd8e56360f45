"""What callers write for a resource: its name, its ARN and their spellings all mean the same ARN."""

from __future__ import annotations

import re
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from iamsim.reference.service_authorization import prefixes, service
from iamsim.reference.values import Setting, arn_of, copy_source, in_template, partition_of

OWN = re.compile(r"\$\{(?!Partition\}|Region\}|Account\})[^}]*\}")
REGIONS = (
    *("us-east-1", "eu-west-3", "ap-southeast-2", "cn-north-1", "us-gov-east-1", "us-iso-east-1", "us-isob-east-1"),
    "eusc-de-east-1",
)


def of_one_name(template: str) -> bool:
    """Whether the template ends in the one variable that it has of its own."""
    return len(OWN.findall(template)) == 1 and template.endswith("}") and "*" not in template


TEMPLATES = sorted(
    {
        template
        for prefix in prefixes()
        for kind in getattr(service(prefix), "resource_types", {}).values()
        for template in kind.templates
        if of_one_name(template) and template.count(":") >= 5 and template.startswith("arn:${Partition}:")
    }
)
templates = st.sampled_from(TEMPLATES)
names = st.text("abcXYZ019_-", min_size=1, max_size=20)
accounts = st.integers(10**11, 10**12 - 1).map(str)
settings = st.builds(Setting.of, accounts, st.sampled_from(REGIONS))


def test_the_templates_are_many() -> None:
    assert len(TEMPLATES) > 1_000


@given(names, templates, settings)
def test_the_arn_of_an_arn_is_that_arn(name: str, template: str, setting: Setting) -> None:
    arn = arn_of(name, template, setting)
    assert arn_of(arn, template, setting) == arn


@given(names, templates, settings, settings)
def test_an_arn_means_the_same_everywhere(name: str, template: str, setting: Setting, elsewhere: Setting) -> None:
    arn = arn_of(name, template, setting)
    assert arn_of(arn, template, elsewhere) == arn


@given(names, templates, settings)
def test_a_percent_encoded_arn_is_the_arn(name: str, template: str, setting: Setting) -> None:
    arn = arn_of(name, template, setting)
    assert arn_of(quote(arn, safe=""), template, setting) == arn


@given(names, templates, settings)
def test_the_partition_follows_the_region(name: str, template: str, setting: Setting) -> None:
    assert arn_of(name, template, setting).split(":")[1] == partition_of(setting.region)


@given(names, templates, settings)
def test_a_template_without_region_or_account_gives_none(name: str, template: str, setting: Setting) -> None:
    region, account = arn_of(name, template, setting).split(":")[3:5]
    assert (region == setting.region) == ("${Region}" in template)
    assert (account == setting.account) == ("${Account}" in template)


@given(names, templates, settings)
def test_the_path_that_stands_before_a_name_may_be_written(name: str, template: str, setting: Setting) -> None:
    before = OWN.split(template.split(":", 5)[-1])[0]
    if before.endswith("/") and before != "parameter/" and "$" not in before:
        arn = arn_of(name, template, setting)
        assert arn_of(before + name, template, setting) == arn
        assert arn_of(f"/{before.removeprefix('/')}{name}", template, setting) == arn


@given(names, accounts, settings)
def test_a_partial_arn_keeps_its_account(name: str, account: str, setting: Setting) -> None:
    function = "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}"
    whole = setting._replace(account=account).arn("lambda", f"function:{name}")
    assert {
        arn_of(value, function, setting) for value in (whole, f"{account}:function:{name}", f"{account}:{name}")
    } == {whole}
    assert arn_of(f"function:{name}", function, setting) == arn_of(name, function, setting)


@given(names, accounts, settings)
def test_a_queue_s_url_is_its_arn(name: str, account: str, setting: Setting) -> None:
    queue = "arn:${Partition}:sqs:${Region}:${Account}:${QueueName}"
    url = f"https://sqs.{setting.region}.amazonaws.com/{account}/{name}"
    assert arn_of(url, queue, setting) == setting._replace(account=account).arn("sqs", name)


@given(names, st.text(st.characters(exclude_categories=["Cs"]), min_size=1), settings)
def test_a_copy_source_may_be_encoded(bucket: str, key: str, setting: Setting) -> None:
    template = "arn:${Partition}:s3:::${CopySource}"
    encoded = quote(f"{bucket}/{key}")
    assert copy_source(encoded) == (bucket, key, None)
    assert copy_source(f"/{encoded}?versionId=v") == (bucket, key, "v")
    assert in_template(encoded, template, setting) == f"arn:{setting.partition}:s3:::{bucket}/{key}"


@given(names, names, settings)
def test_a_copy_source_may_be_of_an_access_point(point: str, key: str, setting: Setting) -> None:
    arn = setting.arn("s3", f"accesspoint/{point}")
    assert copy_source(f"{arn}/object/{key}/{key}") == (arn, f"{key}/{key}", None)
    assert in_template(f"{arn}/object/{key}", "arn:${Partition}:s3:::${CopySource}", setting) == f"{arn}/object/{key}"
