"""SimpleDB's clients sign among the parameters of the body."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

import pytest
from botocore.auth import SigV2Auth
from botocore.awsrequest import AWSRequest

from iamsim.authentication import access_key_of, authenticate
from iamsim.errors import ApiError
from iamsim.request import HttpRequest

from .signing import ALICE, KEY, NOW, SESSION, TEMPORARY_KEY, a_cloud, credentials, operation

CALLED = operation("sdb", "GetAttributes")


def sent(key: str = KEY) -> HttpRequest:
    request = AWSRequest(method="POST", url="https://sdb.amazonaws.com/")
    parameters = {"Action": "GetAttributes", "DomainName": "a b/~é*", "AWSAccessKeyId": key}
    parameters |= {"SignatureVersion": "2", "SignatureMethod": "HmacSHA256", "Timestamp": "2015-08-30T12:36:00Z"}
    signer = SigV2Auth(credentials(key))
    if signer.credentials.token:
        parameters["SecurityToken"] = signer.credentials.token
    parameters["Signature"] = signer.calc_signature(request, parameters)[1]
    return HttpRequest("POST", "sdb.amazonaws.com", "/", body=urlencode(parameters).encode())


@pytest.mark.parametrize(("key", "principal"), [(KEY, ALICE), (TEMPORARY_KEY, SESSION)])
def test_accepted(key: str, principal: object) -> None:
    assert authenticate(sent(key), CALLED, a_cloud()) == principal
    assert access_key_of(sent(key)) == key


@pytest.mark.parametrize(
    ("http", "at", "code"),
    [
        (replace(sent(), body=sent().read().replace(b"GetAttributes", b"PutAttributes")), NOW, "SignatureDoesNotMatch"),
        (replace(sent(), host="sdb.eu-west-1.amazonaws.com"), NOW, "SignatureDoesNotMatch"),
        (sent(), NOW + 301, "SignatureDoesNotMatch"),
        (replace(sent(), body=b"Action=ListDomains"), NOW, "MissingAuthenticationToken"),
    ],
)
def test_refused(http: HttpRequest, at: float, code: str) -> None:
    with pytest.raises(ApiError) as caught:
        authenticate(http, CALLED, a_cloud(at))
    assert caught.value.code == code
