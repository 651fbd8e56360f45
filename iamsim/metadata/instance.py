"""The metadata service of one instance: requests with a token (version 2) and without (version 1), and the answers.

Source: EC2 user guide, instancedata-data-retrieval, configuring-instance-metadata-service, iam-roles-for-amazon-ec2.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from iamsim.cloud import Cloud
from iamsim.errors import ApiError
from iamsim.kit.loader import load_service
from iamsim.machine import Machine
from iamsim.metadata.role_delivery import RoleDelivery, written
from iamsim.metadata.tree import look_up
from iamsim.request import HttpRequest, HttpResponse

EC2 = "ec2.amazonaws.com"
TOKEN_PATH = "/latest/api/token"
TOKEN, TTL = "x-aws-ec2-metadata-token", "x-aws-ec2-metadata-token-ttl-seconds"  # headers
LONGEST_TTL_S = 21_600
VERSION = re.compile(r"latest|1\.0|20\d\d-\d\d-\d\d")  # of the service's paths; what they show is the same here
UNTRUSTED = (
    "EC2 cannot assume the role {}. Please see documentation at https://docs.aws.amazon.com/IAM/latest/UserGuide/"
    "troubleshoot_iam-ec2.html#troubleshoot_iam-ec2_errors-info-doc."
)
TITLES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed"}


class _Refused(Exception):
    def __init__(self, status: int) -> None:
        self.status = status


class _Token(NamedTuple):
    expires_at: float
    ttl_s: int


class InstanceMetadata:
    """Answers for one instance; remembers the tokens that it gave."""

    def __init__(self, instance_id: str, cloud: Cloud, delivery: RoleDelivery) -> None:
        self.id = instance_id
        self._cloud = cloud
        self._delivery = delivery
        self._tokens: dict[str, _Token] = {}

    def answer(self, machine: Machine, http: HttpRequest) -> HttpResponse:
        """The answer to one request on the instance, which is `machine` as it is now."""
        try:
            if machine.options["HttpEndpoint"] != "enabled":
                raise _Refused(403)
            if http.method == "PUT":
                return self._new_token(http)
            if http.method not in ("GET", "HEAD"):
                raise _Refused(405)
            version = self._version(machine, http)
            return self._told(machine, http, version)
        except _Refused as refused:
            return _page(refused.status)

    def _new_token(self, http: HttpRequest) -> HttpResponse:
        if http.path != TOKEN_PATH:
            raise _Refused(405)
        if "x-forwarded-for" in http.headers:  # through a proxy somebody else might have asked
            raise _Refused(403)
        wanted = http.headers.get(TTL, "")
        if not wanted.isdecimal() or not 1 <= int(wanted[:9]) <= LONGEST_TTL_S:
            raise _Refused(400)
        now, ttl = self._cloud.clock.now(), int(wanted)
        self._tokens = {token: each for token, each in self._tokens.items() if each.expires_at > now}
        made = "AQAEA" + self._cloud.clock.new_token(50, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef0123456789-_") + "=="
        self._tokens[made] = _Token(now + ttl, ttl)
        answer = _text(made)
        answer.headers["X-Aws-Ec2-Metadata-Token-Ttl-Seconds"] = str(ttl)
        return answer

    def _version(self, machine: Machine, http: HttpRequest) -> str:
        """`1.0` for a request without a token, `2.0` for one with. Raises _Refused for a wrong or missing one."""
        given = http.headers.get(TOKEN)
        if given is None:
            if machine.options["HttpTokens"] == "required":
                raise _Refused(401)
            return "1.0"
        token = self._tokens.get(given)
        if token is None or token.expires_at <= self._cloud.clock.now():
            raise _Refused(401)
        return "2.0"

    def _told(self, machine: Machine, http: HttpRequest, version: str) -> HttpResponse:
        _, api_version, *rest = http.path.split("/", 2)
        if not api_version:
            return _text("1.0\nlatest")
        if not VERSION.fullmatch(api_version):
            raise _Refused(404)
        path = rest[0] if rest else ""
        if path.rstrip("/") == "user-data":
            if machine.user_data is None:
                raise _Refused(404)
            return HttpResponse(200, {"Content-Type": "application/octet-stream"}, machine.user_data)
        leaves = {f"meta-data/{name}": value for name, value in machine.categories.items()}
        leaves["dynamic/instance-identity/document"] = json.dumps(machine.identity, indent=2)
        if machine.user_data is not None:
            leaves["user-data"] = ""
        leaves |= self._of_the_role(machine, http, version, path)
        text = look_up(leaves, path)
        if text is None:
            raise _Refused(404)
        return _text(text)

    def _of_the_role(self, machine: Machine, http: HttpRequest, version: str, path: str) -> dict[str, str]:
        """What the instance is told of its profile and role; the credentials are only made if they are asked for."""
        role = self._role(machine)
        if machine.profile is None or role is None:
            return {}
        now = self._cloud.clock.now()
        at = f"meta-data/iam/security-credentials/{role.arn.name}"
        info = {
            "Code": "Success",
            "LastUpdated": written(now),
            "InstanceProfileArn": str(machine.profile),
            "InstanceProfileId": machine.profile_id,
        }
        credentials = self._credentials(machine, role, http, version) if path.rstrip("/") == at else {}
        return {"meta-data/iam/info": json.dumps(info, indent=2), at: json.dumps(credentials, indent=2)}

    def _role(self, machine: Machine) -> Any:
        if machine.profile is None:
            return None
        kind = load_service("iam").classes["instance-profile"]
        profile: Any = self._cloud.resources.find(kind, machine.profile)
        return profile.roles[0] if profile is not None and profile.roles else None

    def _credentials(self, machine: Machine, role: Any, http: HttpRequest, version: str) -> Mapping[str, Any]:
        context = {  # K-55
            "ec2:SourceInstanceARN": str(machine.arn),
            "ec2:RoleDelivery": version,
            "aws:Ec2InstanceSourceVpc": machine.vpc_id,
            "aws:Ec2InstanceSourcePrivateIPv4": machine.private_ip,
        }
        now = self._cloud.clock.now()
        try:
            issued = self._delivery.credentials(role, EC2, self.id, context, http, machine.arn.region)
        except ApiError:
            refusal = {"Code": "AssumeRoleUnauthorizedAccess", "LastUpdated": written(now)}
            return refusal | {"Message": UNTRUSTED.format(role.arn.name)}
        session = issued.principal.session
        return {
            "Code": "Success",
            "LastUpdated": written(session.issued_at if session else now),
            "Type": "AWS-HMAC",
            "AccessKeyId": issued.access_key_id,
            "SecretAccessKey": issued.secret_access_key,
            "Token": issued.session_token,
            "Expiration": written(issued.expires_at or 0),
        }


def _text(text: str) -> HttpResponse:
    return HttpResponse(200, {"Content-Type": "text/plain"}, text.encode())


def _page(status: int) -> HttpResponse:
    """An error as the service shows it: a page for people."""
    title = TITLES[status]
    text = (
        '<?xml version="1.0" encoding="iso-8859-1"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"\n'
        '\t"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">\n <head>\n'
        f"  <title>{status} - {title}</title>\n </head>\n <body>\n  <h1>{status} - {title}</h1>\n </body>\n</html>\n"
    )
    return HttpResponse(status, {"Content-Type": "text/html"}, text.encode())
