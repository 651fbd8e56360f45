"""How S3 answers a posted form: 204, or what the form's `success_action_status` and `success_action_redirect` ask for.

Source: Amazon S3 API reference, RESTObjectPOST.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from botocore.model import OperationModel

from iamsim.errors import ApiError
from iamsim.protocol.s3_address import s3_address
from iamsim.protocol.s3_form import read_form
from iamsim.protocol.xml_output import element
from iamsim.request import HttpRequest, HttpResponse


def form_model(put_object: Any, http: HttpRequest) -> Any:
    """The model of PutObject as this form calls it; its `http` traits say how the answer has to look."""
    form = _fields(http)
    status = form.get("success_action_status")
    traits = {
        "method": "POST",
        "requestUri": "/{Bucket}",
        "responseCode": int(status) if status in ("200", "201") else 204,
        "form": {
            "Bucket": s3_address(http.host, http.path).bucket,
            "Key": form.get("key", ""),
            "Location": f"{http.scheme}://{http.host}{http.path.rstrip('/')}/{quote(form.get('key', ''))}",
            "Redirect": form.get("success_action_redirect") or form.get("redirect") or "",
        },
    }
    service = put_object.service_model
    description = service._service_description["operations"]["PutObject"]
    return OperationModel({**description, "http": traits}, service, "PutObject")


def answer_form(asked: Mapping[str, str], response: HttpResponse) -> HttpResponse:
    """The answer to a PutObject, as the form asked for it."""
    etag = response.headers.get("ETag", "")
    response.headers["Location"] = asked["Location"]
    if asked["Redirect"]:
        arguments = urlencode({"bucket": asked["Bucket"], "key": asked["Key"], "etag": etag})
        response.status = 303
        response.headers["Location"] = f"{asked['Redirect']}{'&' if '?' in asked['Redirect'] else '?'}{arguments}"
    elif response.status == 201:
        fields = {name: asked[name] for name in ("Location", "Bucket", "Key")} | {"ETag": etag}
        inner = "".join(element(name, value) for name, value in fields.items())
        response.body = f'<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse>{inner}</PostResponse>'.encode()
        response.headers |= {"Content-Type": "application/xml", "Content-Length": str(len(response.body))}
    return response


def _fields(http: HttpRequest) -> Mapping[str, str]:
    try:
        form = read_form(http)
    except ApiError:  # said again when it is parsed
        return {}
    return {**form.fields, "key": form.key}
