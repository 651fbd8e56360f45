"""Requests that nobody should send, and what must hold of every answer to them."""

from __future__ import annotations

import json
import random
from datetime import datetime, timezone
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ParamValidationError

from iamsim import Simulator
from iamsim.clock import Clock
from iamsim.enforcement import Enforcement
from iamsim.kit.loader import load_service
from iamsim.protocol import cbor
from iamsim.protocol.cbor_output import CborWriters
from iamsim.protocol.event_stream import message
from iamsim.reference.service_model import service_model
from iamsim.request import HttpRequest, HttpResponse
from tests.authentication.signing import botocore_at
from tests.protocol.wire import protocols_of, request_of

NOW = 1_700_000_000
MOCKED = ("dynamodb", "ec2", "iam", "s3", "sqs", "sts")
OTHERS = ("cloudwatch", "kms", "lambda", "route53", "sns", "s3control")  # every protocol, also without a mock
JUNK = (
    *("", "x", "0", "-1", "99999999999999999999", "1e999", "NaN", "true", "null", "{}", "[]", '{"a":', "a" * 300),
    *(
        "\0",
        "é",
        "\udcff",
        "漢🎈",
        "%",
        "%zz",
        "../..",
        "a b",
        "'",
        '"',
        "<",
        "&",
        "*",
        "?",
        ":",
        "/",
        "//",
        "\r\n",
        "\t",
    ),
    *("arn:aws:iam::123456789012:user/alice", "arn:aws:s3:::bucket/*", "arn:aws:::", "arn:", "${aws:username}", "${"),
    *("https://sqs.us-east-1.amazonaws.com/123456789012/queue", "http://[", "2020-01-01T00:00:00Z", "bytes=5-1"),
    *("attribute_exists(id)", "SET a = :b", "#a.b[0] = :c", "((((((", "id = :id AND", "size(a) > :n"),
)
KNOWN = {  # members that name what is there
    **dict.fromkeys(["Bucket", "BucketName"], "bucket"),
    **dict.fromkeys(["Key"], "key"),
    **dict.fromkeys(["QueueName"], "queue"),
    **dict.fromkeys(["QueueUrl"], "https://sqs.us-east-1.amazonaws.com/123456789012/queue"),
    **dict.fromkeys(["TableName"], "table"),
    **dict.fromkeys(["UserName"], "alice"),
    **dict.fromkeys(["RoleName"], "role"),
    **dict.fromkeys(["RoleArn"], "arn:aws:iam::123456789012:role/role"),
    **dict.fromkeys(
        ["PolicyDocument", "Policy", "AssumeRolePolicyDocument"], '{"Version":"2012-10-17","Statement":[]}'
    ),
}
SIGN_HEADERS = ("authorization", "x-amz-date", "x-amz-content-sha256", "host", "x-amz-security-token")


class World:
    """A small cloud, rebuilt when asked to, in which time stands still."""

    def __init__(self, *, enforced: bool) -> None:
        self.simulator = Simulator(clock=Clock(at=NOW), enforcement=lambda: self.enforcement)
        self.enforcement = Enforcement(None)
        for service, name, params in START:
            self.call(service, name, params)
        answer = self.call("iam", "CreateAccessKey", {"UserName": "alice"})
        body = answer.body if isinstance(answer.body, bytes) else b""
        values = {each.tag.rpartition("}")[2]: each.text or "" for each in ElementTree.fromstring(body).iter()}
        self.credentials = Credentials(values["AccessKeyId"], values["SecretAccessKey"])
        self.enforcement = Enforcement(0 if enforced else None)

    def call(self, service: str, name: str, params: dict[str, Any]) -> HttpResponse:
        """The answer to a call that must succeed."""
        answer = self.simulator.handle(well_formed(service, name, protocols_of(service)[0], params))
        assert answer.status < 300, (name, answer)
        return answer

    def check(self, http: HttpRequest) -> HttpResponse:
        """The answer to `http`, which is one whatever `http` is."""
        answer = self.simulator.handle(http)
        body = answer.body if isinstance(answer.body, bytes) else b"".join(answer.body)
        assert 200 <= answer.status < 600
        assert all(isinstance(value, str) for pair in answer.headers.items() for value in pair)
        assert not any("\n" in value or "\r" in value for value in answer.headers.values())
        if answer.status >= 400 and (body or http.method != "HEAD"):
            assert error_code(answer, body)
        return answer


TRUST = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}'
ALLOW = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
START: list[tuple[str, str, dict[str, Any]]] = [
    ("iam", "CreateUser", {"UserName": "alice"}),
    ("iam", "PutUserPolicy", {"UserName": "alice", "PolicyName": "all", "PolicyDocument": ALLOW}),
    ("iam", "CreateRole", {"RoleName": "role", "AssumeRolePolicyDocument": TRUST}),
    ("s3", "CreateBucket", {"Bucket": "bucket"}),
    ("s3", "PutObject", {"Bucket": "bucket", "Key": "key", "Body": b"hello"}),
    ("sqs", "CreateQueue", {"QueueName": "queue"}),
    ("sqs", "SendMessage", {"QueueUrl": KNOWN["QueueUrl"], "MessageBody": "hello"}),
    (
        "dynamodb",
        "CreateTable",
        {
            "TableName": "table",
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "BillingMode": "PAY_PER_REQUEST",
        },
    ),
]


def error_code(answer: HttpResponse, body: bytes) -> str:
    """The code of an error as a client reads it."""
    kind = answer.headers.get("Content-Type", "")
    if "xml" in kind:
        found = ElementTree.fromstring(body).find(".//{*}Code")
        assert found is not None
        return found.text or ""
    if "cbor" in kind:
        return str(cbor.loads(body)["__type"])
    read = json.loads(body)
    return str(read.get("__type") or answer.headers["x-amzn-ErrorType"])


@cache
def operations(service: str) -> list[str]:
    """Those that are there, and for a service without a mock all."""
    if service in MOCKED:
        return sorted(load_service(service).functions)
    return sorted(service_model(service).operation_names)


def well_formed(service: str, name: str, protocol: str, params: dict[str, Any]) -> HttpRequest:
    """The request in which botocore sends `params` in us-east-1."""
    http = request_of(service_model(service).operation_model(name), protocol, params)
    http.headers["authorization"] = http.headers["authorization"].replace("eu-west-1", "us-east-1")
    http.host = http.host.replace("eu-west-1", "us-east-1")
    return http


def nearly_right(pick: random.Random, services: tuple[str, ...] = MOCKED) -> HttpRequest:
    """A request that the model of its operation allows, in a shape that nobody would give it."""
    service = pick.choice(services)
    name = pick.choice(operations(service))
    model = service_model(service).operation_model(name)
    shape = model.input_shape
    params = _structure(pick, shape, 0) if shape is not None else {}
    try:
        http = well_formed(service, name, pick.choice(protocols_of(service)), params)
        return in_cbor(http, shape, params) if "x-amz-target" in http.headers and pick.random() < 0.2 else http
    except (ValueError, KeyError, AttributeError, TypeError, ParamValidationError):  # botocore's own limits
        return well_formed("sts", "GetCallerIdentity", "query", {})


def in_cbor(http: HttpRequest, shape: Any, params: dict[str, Any]) -> HttpRequest:
    """A request of the JSON protocol as SDKs for Java send it to some services."""
    writer = CborWriters(in_milliseconds=True).writer(shape) if shape is not None else None
    http.body = cbor.dumps(writer(params) if writer is not None else {})
    http.headers["content-type"] = "application/x-amz-cbor-1.1"
    return http


def events(pick: random.Random) -> HttpRequest:
    """A request that streams events, each in the message that signs it or by itself."""
    kinds = ("ConfigurationEvent", "AudioInputEvent", "TextInputEvent", "initial-request", "none", "é", "x\n")
    body = b""
    for _ in range(pick.randint(0, 4)):
        named = {":message-type": pick.choice(("event", "exception", "")), ":event-type": pick.choice(kinds)}
        payload = pick.choice(('{"text":"hello"}', '{"audioChunk":"aGk="}', "{}", "", *JUNK))
        sent = message(named, payload.encode("utf-8", "surrogateescape"))
        body += message({":chunk-signature": b"x" * 32}, sent) if pick.random() < 0.3 else sent
    path = "/bots/BOT/botAliases/ALIAS/botLocales/en_US/sessions/me/conversation"
    return HttpRequest("POST", "runtime-v2-lex.us-east-1.amazonaws.com", path, "", {}, body)


def _structure(pick: random.Random, shape: Any, depth: int) -> dict[str, Any]:
    if shape.is_document_type:
        return {"a": [1, None]}
    params = {}
    for name, member in shape.members.items():
        in_path = member.serialization.get("location") == "uri"
        needed = name in shape.required_members and pick.random() < 0.97
        if in_path or needed or pick.random() < (0.25 if depth < 4 else 0):
            params[name] = _value(pick, member, name, depth + 1)
    return params


def _value(pick: random.Random, shape: Any, name: str, depth: int) -> Any:
    kind, limits = shape.type_name, shape.metadata
    if kind == "structure":
        return _structure(pick, shape, depth) if depth < 9 else {}
    if kind == "list":
        return [
            _value(pick, shape.member, name.removesuffix("s"), depth + 1) for _ in range(pick.choice((0, 1, 1, 2, 3)))
        ]
    if kind == "map":
        keys = (_value(pick, shape.key, "", depth + 1) for _ in range(pick.choice((0, 1, 2))))
        return {key: _value(pick, shape.value, "", depth + 1) for key in keys}
    if kind in ("string", "character"):
        if name in KNOWN and pick.random() < 0.8:
            return KNOWN[name]
        if shape.serialization.get("hostLabel"):
            return "abc"
        if limits.get("enum") and pick.random() < 0.9:
            return pick.choice(limits["enum"])
        text = pick.choice(JUNK)
        in_header = shape.serialization.get("location") in ("header", "headers")
        return text.encode("ascii", "ignore").decode().strip() if in_header else text.replace("\udcff", "")
    if kind in ("integer", "long"):
        return pick.choice((0, 1, 2, -1, 10, 1000, 2**31, limits.get("min", 5), limits.get("max", 7)))
    if kind in ("float", "double"):
        return pick.choice((0.0, -1.5, 1e300, 5.0))
    if kind == "boolean":
        return pick.random() < 0.5
    if kind == "blob":
        return pick.choice((b"", b"x", b"\xff\x00", b"{}", b"hello"))
    return datetime.fromtimestamp(pick.choice((0, 1, NOW, NOW + 10**6)), tz=timezone.utc)


def mangled(pick: random.Random, http: HttpRequest) -> HttpRequest:
    """`http` with one part of it changed."""
    part = pick.choice(("method", "host", "path", "query", "header", "header", "header", "body", "body"))
    if part == "method":
        http.method = pick.choice(("GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "OPTIONS", "", "X"))
    elif part == "host":
        http.host = pick.choice(("localhost:4566", "", ":", "[::1]", "x" * 300, "bucket.s3.amazonaws.com", "..", "é"))
    elif part in ("path", "query"):
        text = getattr(http, part)
        piece = pick.choice((quote(pick.choice(JUNK), errors="surrogateescape"), pick.choice(JUNK)))
        at = pick.randint(0, len(text))
        setattr(http, part, text[:at] + piece + text[at + pick.choice((0, 0, 1, 5)) :])
    elif part == "header":
        name = pick.choice((*http.headers, *HEADERS))
        if pick.random() < 0.2:
            http.headers.pop(name, None)
        else:
            text = http.headers.get(name, "")
            at = pick.randint(0, len(text))
            http.headers[name] = text[:at] + pick.choice(JUNK) + text[at + pick.choice((0, 1, 5)) :]
    else:
        body = http.read()
        at = pick.randint(0, len(body))
        http.body = (
            body[:at] + pick.choice(JUNK).encode("utf-8", "surrogateescape") + body[at + pick.choice((0, 1, 9)) :]
        )
    return http


HEADERS = (
    *("content-type", "content-length", "content-encoding", "transfer-encoding", "range", "if-match", "expect", "date"),
    *("x-amz-target", "x-amz-date", "x-amz-content-sha256", "x-amz-decoded-content-length", "x-amz-security-token"),
    *("x-amz-copy-source", "x-amz-tagging", "x-amz-trailer", "x-amz-acl", "content-md5", "x-amz-checksum-crc32"),
    *("if-modified-since", "x-amz-copy-source-range", "x-amz-region-set", "host", "x-forwarded-for", "referer"),
)


def signed(pick: random.Random, world: World, http: HttpRequest) -> HttpRequest:
    """`http` signed by a user who may do everything; a tenth of them as a URL with the signature in its query."""
    service = http.headers["authorization"].split("/")[3]
    http.headers = {name: value for name, value in http.headers.items() if name not in SIGN_HEADERS}
    url = f"https://{http.host}{http.path}" + (f"?{http.query}" if http.query else "")
    request = AWSRequest(http.method, url, http.headers, http.read())
    with botocore_at(NOW):
        (S3SigV4Auth if service == "s3" else SigV4Auth)(world.credentials, service, "us-east-1").add_auth(request)
    http.headers = {name.lower(): str(value) for name, value in request.headers.items()}
    if pick.random() < 0.1:
        fields = dict(each.split("=", 1) for each in http.headers.pop("authorization")[17:].split(", "))
        given = {f"X-Amz-{name}": value for name, value in fields.items()}
        more = {"X-Amz-Algorithm": "AWS4-HMAC-SHA256", "X-Amz-Date": http.headers["x-amz-date"], "X-Amz-Expires": "60"}
        http.query = "&".join(filter(None, (http.query, urlencode(given | more))))
    return http
