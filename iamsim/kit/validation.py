"""Input that botocore's model refuses: lengths, ranges, patterns and enumerations, in AWS's words.

Services with generated front ends, which most are, check all of the model and list what is wrong; EC2 and SQS say only
what is missing, and leave the rest to each operation; S3 answers in XML's terms.

Source: the texts that IAM, STS and most services with generated front ends answer with; EC2 API, errors-overview; SQS
API, Common Errors; S3 API, ErrorResponses.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Sized
from functools import lru_cache
from typing import Any

from iamsim.errors import ApiError
from iamsim.request import Operation, Params

CLASSES = {r"\p{L}": r"\w", r"\p{N}": r"\d", r"\p{Z}": r"\s"}  # Java's Unicode classes -> the nearest of `re`
CODES = {  # for a service whose service.yaml says nothing else under `validation:`
    "query": "ValidationError",
    "json": "ValidationException",
    "amz-cbor": "ValidationException",
    "rest-json": "ValidationException",
    "smithy-rpc-v2-cbor": "ValidationException",
    "rest-xml": "InvalidInput",
}
PRESENCE_ONLY = frozenset({"s3", "sqs"})
NO_CODE = "none"  # in service.yaml: only what is missing is refused


def check_presence(operation: Operation, params: Params, code: str | None) -> None:
    """Raises what AWS answers to input that lacks a required member. `code` is the service's own, if any.

    Without those members nobody can say what the caller must be allowed, so this comes before (facts section 9).
    """
    shape = operation.model.input_shape
    if shape is None or not any(member not in params for member in shape.required_members):
        return
    if operation.service == "s3":
        _refuse_for_s3(shape, params)
    if operation.protocol == "ec2":
        _refuse_missing(shape, params, "The request must contain the parameter {}")
    if code == NO_CODE or operation.service in PRESENCE_ONLY:
        _refuse_missing(shape, params, "The request must contain the parameter {}.")
    validate(shape, params, code or CODES[operation.protocol])


def check_limits(operation: Operation, params: Params, code: str | None) -> None:
    """Raises what AWS answers to input that does not fit the model's limits. `code` is the service's own, if any."""
    shape = operation.model.input_shape
    if operation.service == "s3" and shape is not None:
        _refuse_incomplete_document(shape, params)
    if shape is None or operation.protocol == "ec2" or code == NO_CODE or operation.service in PRESENCE_ONLY:
        return
    validate(shape, params, code or CODES[operation.protocol])


def validate(shape: Any, params: Params, code: str) -> None:
    """Raises the error `code` for `params` that do not fit the botocore shape of an operation's input."""
    problems = list(_problems(shape, params, "", _limited(shape)))
    if problems:
        errors = "validation error" if len(problems) == 1 else "validation errors"
        raise ApiError(f"{len(problems)} {errors} detected: {'; '.join(problems)}", code=code, status=400)


def _refuse_missing(shape: Any, params: Params, text: str) -> None:
    member = next(member for member in shape.required_members if member not in params)
    raise ApiError(text.format(member), code="MissingParameter", status=400)


def _refuse_for_s3(shape: Any, params: Params) -> None:
    member = next(member for member in shape.required_members if member not in params)
    traits = shape.members[member].serialization
    where, name = traits.get("location"), traits.get("name", member)
    if where == "uri":
        if member == "Bucket":
            raise ApiError("The specified bucket is not valid.", code="InvalidBucketName", status=400)
        raise ApiError("Couldn't parse the specified URI.", code="InvalidURI", status=400)
    if where is None:
        raise ApiError("Request Body is empty", code="MissingRequestBodyError", status=400)
    what = "required header for this request" if where == "header" else "required parameter for this request"
    raise ApiError(f"Missing {what}: {name}", code="InvalidRequest", status=400)


def _refuse_incomplete_document(shape: Any, params: Params) -> None:
    payload = shape.serialization.get("payload")
    if payload in params and _lacks_a_member(shape.members[payload], params[payload]):
        text = "The XML you provided was not well-formed or did not validate against our published schema"
        raise ApiError(text, code="MalformedXML", status=400)


def _lacks_a_member(shape: Any, value: Any) -> bool:
    """Whether a structure in `value`, however deep, is without a member that it must have."""
    if shape.type_name == "structure":
        members = shape.members
        if not all(name in value for name in shape.required_members):
            return True
        return any(_lacks_a_member(members[name], child) for name, child in value.items() if name in members)
    if shape.type_name == "list":
        return any(_lacks_a_member(shape.member, child) for child in value)
    return False


@lru_cache(maxsize=8192)  # more than the mocks have operations
def _limited(shape: Any) -> frozenset[str]:
    """The names of the shapes under `shape` that the model limits, themselves or further down."""
    inside: dict[str, set[str]] = {}
    found: set[str] = set()
    waiting = [shape]
    while waiting:
        each = waiting.pop()
        if each.name in inside:
            continue
        children = _children(each)
        inside[each.name] = {child.name for child in children}
        waiting += children
        if not LIMITS.isdisjoint(each.metadata):
            found.add(each.name)
    before = -1
    while before != len(found):
        before = len(found)
        found |= {name for name, names in inside.items() if not found.isdisjoint(names)}
    return frozenset(found)


LIMITS = {"required", "min", "max", "pattern", "enum"}


def _children(shape: Any) -> list[Any]:
    if shape.type_name == "structure":
        return list(shape.members.values())
    if shape.type_name == "list":
        return [shape.member]
    return [shape.value] if shape.type_name == "map" else []


def _problems(shape: Any, value: Any, path: str, limited: frozenset[str]) -> Iterator[str]:
    if shape.name not in limited or value is None:
        return
    kind, limits = shape.type_name, shape.metadata
    if kind == "structure":
        for name in shape.required_members:
            if name not in value:
                at = f"{path}.{_spelled(name)}" if path else _spelled(name)
                yield f"Value null at '{at}' failed to satisfy constraint: Member must not be null"
        for name, child in value.items():
            if name in shape.members:
                at = f"{path}.{_spelled(name)}" if path else _spelled(name)
                yield from _problems(shape.members[name], child, at, limited)
        return
    for constraint in _broken(kind, limits, value):
        shown = "***" if limits.get("sensitive") else _shown(value)
        yield f"Value {shown} at '{path}' failed to satisfy constraint: {constraint}"
    if kind == "list":
        for index, child in enumerate(value, 1):
            yield from _problems(shape.member, child, f"{path}.{index}.member", limited)
    elif kind == "map" and shape.value.type_name == "structure":
        for key, child in value.items():
            yield from _problems(shape.value, child, f"{path}.{key}.member", limited)


def _broken(kind: str, limits: Any, value: Any) -> Iterator[str]:
    measured: int | None = None
    what = "length"
    if kind in ("string", "list", "map", "blob"):
        measured = len(value) if isinstance(value, Sized) else None  # a file has no length
    elif kind in ("integer", "long", "float", "double"):
        measured, what = value, "value"
    if measured is not None and "min" in limits and measured < limits["min"]:
        yield f"Member must have {what} greater than or equal to {limits['min']}"
    if measured is not None and "max" in limits and measured > limits["max"]:
        yield f"Member must have {what} less than or equal to {limits['max']}"
    if kind != "string" or not isinstance(value, str):
        return
    if limits.get("pattern") and not _pattern(limits["pattern"])(value):
        yield f"Member must satisfy regular expression pattern: {limits['pattern']}"
    if limits.get("enum") and value not in limits["enum"]:
        yield f"Member must satisfy enum value set: [{', '.join(limits['enum'])}]"


@lru_cache(maxsize=1024)
def _pattern(text: str) -> Callable[[str], object]:
    """What a pattern of Java matches, by one of Python: letters are ASCII's unless it says otherwise.

    A pattern that Python cannot read matches everything.
    """
    translated = text
    for java, python in CLASSES.items():
        translated = translated.replace(java, python)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # `[[` and the like, which mean something else in Java
            return re.compile(translated, 0 if translated != text else re.ASCII).fullmatch
    except re.error:
        return _anything


def _anything(value: str) -> bool:
    """True."""
    return True


def _shown(value: Any) -> str:
    return f"'[{', '.join(map(str, value))}]'" if isinstance(value, list) else f"'{value}'"


def _spelled(member: str) -> str:
    return member[:1].lower() + member[1:]
