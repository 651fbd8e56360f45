"""Policies and requests made to be slow, each of a size: what is asked grows in proportion to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from iamsim.policy import Access, Policies, Policy, PolicySyntaxError, PolicyType, Principal, PrincipalKind, evaluate
from iamsim.policy.document import Document
from iamsim.policy.glob import matcher, pieces_of

ALICE_ARN = "arn:aws:iam::111111111111:user/alice"
ALICE = Principal(PrincipalKind.USER, "111111111111", ALICE_ARN, "AIDA", entity_arn=ALICE_ARN)


def text_of(**members: Any) -> str:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **members}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def deciding(text: str, action: str = "s3:GetObject", resource: str = "arn:aws:s3:::b/k", **context: Any) -> Any:
    """Reading `text` anew, deciding once, and explaining it."""

    def run() -> None:
        policy = Policy(Document(text), name="hostile")
        evaluate(Access(ALICE, action, resource, context=context), Policies(identity=(policy,))).explain()

    return run


def refusing(text: str) -> Any:
    def run() -> None:
        try:
            Document(text)
        except PolicySyntaxError:
            return
        raise AssertionError("this is no policy")

    return run


def matching(pattern: str, text: str) -> Any:
    def run() -> None:
        assert not matcher(pieces_of(pattern))(text)

    return run


def several(template: str, size: int) -> list[str]:
    return [template.format(number) for number in range(size)]


Hostile = Callable[[int], Callable[[], None]]

CASES: dict[str, Hostile] = {
    # patterns; each fails only after everything was looked at
    "many stars": lambda size: matching("*a" * size + "*b*", "a" * 2 * size),
    "many stars, nothing fits": lambda size: matching("*a*b" * size + "*", "ab" * (size - 1) + "a" * size),
    "many question marks": lambda size: matching("*" + "?" * size + "b*", "a" * 2 * size),
    "stars and question marks": lambda size: matching("*a?" * size + "*b*", "a" * 3 * size),
    "a long needle": lambda size: matching("*" + "a" * size + "b*", "a" * 3 * size),
    "needles with holes": lambda size: matching("*" + "a?" * 20 + "b*", "a" * size),
    "needles with many holes": lambda size: matching("*" + "a?" * 500 + "b*", "a" * size),
    "a pattern of variables": lambda size: deciding(
        text_of(Resource="arn:aws:s3:::b/" + "${aws:username}*" * size), **{"aws:username": "k"}
    ),
    # long lists
    "many actions": lambda size: deciding(text_of(Action=several("s3:Get{}", size))),
    "many action patterns": lambda size: deciding(text_of(Action=several("s3:*{}*", size))),
    "many resources": lambda size: deciding(text_of(Resource=several("arn:aws:s3:::c/{}", size))),
    "many resource patterns": lambda size: deciding(text_of(Resource=several("arn:aws:s3:::*/*{}", size))),
    "many ARN patterns": lambda size: deciding(text_of(Resource=several("arn:aws:*:*:*:{}*k", size))),
    "many variables": lambda size: deciding(text_of(Resource=several("arn:aws:s3:::${{x}}/{}", size)), x="b"),
    "many condition values": lambda size: deciding(
        text_of(Condition={"StringLike": {"k": several("*{}*", size), "l": several("${{k}}{}", size)}}), k="x", l="y"
    ),
    "many values on both sides": lambda size: deciding(
        text_of(Condition={"ForAllValues:StringEquals": {"k": several("{}", size)}}), k=several("{}", size)
    ),
    "many addresses": lambda size: deciding(
        text_of(Condition={"IpAddress": {"k": several("10.0.0.0/8", size)}}), k="192.0.2.1"
    ),
    "many keys": lambda size: deciding(text_of(Condition={"StringEquals": dict.fromkeys(several("k{}", size), "x")})),
    "many statements": lambda size: deciding(
        json.dumps({"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::c"}] * size})
    ),
    "a large context": lambda size: deciding(
        text_of(Condition={"StringEquals": {"K7": "x"}}), **dict.fromkeys(several("k{}", size), "y")
    ),
    # long texts
    "a long action": lambda size: deciding(text_of(Action="s3:" + "a" * size), "s3:" + "b" * size),
    "a long resource": lambda size: deciding(
        text_of(Resource="arn:aws:s3:::" + "a" * size + "*b"), resource="arn:aws:s3:::" + "a" * 2 * size
    ),
    "a long value": lambda size: deciding(
        text_of(Condition={"ArnLike": {"k": "arn:aws:iam::*:" + "*a" * 99 + "*c*"}}), k="arn:aws:iam::1:" + "ab" * size
    ),
    "long numbers, dates and addresses": lambda size: deciding(
        text_of(Condition={"NumericEquals": {"k": 1}, "DateEquals": {"k": "2026-01-01"}, "IpAddress": {"k": "::/0"}}),
        k="1" * size,
    ),
    "a long Sid": lambda size: deciding(text_of(Sid="a" * size)),
    "half a variable": lambda size: deciding(text_of(Resource="arn:aws:s3:::b/" + "${a, '" * size)),
    # documents that are none
    "deep lists": lambda size: refusing("[" * size + "]" * size),
    "deep objects": lambda size: refusing('{"Statement":' * size + "1" + "}" * size),
    "a deep condition": lambda size: refusing(
        '{"Statement":{"Effect":"Allow","Condition":' + '{"a":' * 200 + "[" + "1," * size + "1]" + "}" * 200 + "}}"
    ),
    "an unknown member of great length": lambda size: refusing(json.dumps({"Statement": [], "a" * size: 1})),
    "much that is wrong": lambda size: validating(text_of(Action=several("Get{}", size), Resource=several("{}", size))),
}  # fmt: skip


def validating(text: str) -> Any:
    def run() -> None:
        assert Policy.parse(text).validate(PolicyType.IDENTITY)

    return run


LONG_TEXTS = {  # those whose size is the length of a text rather than of a list
    "many question marks", "a long needle", "needles with holes", "needles with many holes",
    "a long action", "a long resource", "a long value",
    "long numbers, dates and addresses", "a long Sid", "half a variable", "deep lists", "deep objects",
    "an unknown member of great length",
}  # fmt: skip
