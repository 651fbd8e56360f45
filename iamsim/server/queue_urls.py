"""The URLs of SQS queues as this server gives them: they name the server, as AWS's name the endpoint that was called.

SDKs may send a queue's calls to the host of its URL (that for JavaScript does, if its endpoint comes from the
environment): with AWS's host there, such calls would leave for AWS.
"""

from __future__ import annotations

import re

from iamsim.protocol.hosts import read_host
from iamsim.request import HttpRequest, HttpResponse

TARGETS = tuple(
    f"AmazonSQS.{name}" for name in ("CreateQueue", "GetQueueUrl", "ListQueues", "ListDeadLetterSourceQueues")
)
XML_ROOTS = tuple(f"<{target.partition('.')[2]}Response".encode() for target in TARGETS)
AWS_QUEUE_HOST = re.compile(rb"https://sqs\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?(?=/)")


def name_this_server(http: HttpRequest, response: HttpResponse) -> None:
    """Let the queue URLs in `response`, if it is one that gives any, name the host that `http` called."""
    body = response.body
    if not isinstance(body, bytes) or response.status != 200:
        return
    if http.headers.get("x-amz-target") not in TARGETS and not body.startswith(XML_ROOTS):
        return
    if read_host(http.host).partition:  # the client called AWS's host, and gets here some other way
        return
    here = f"{http.scheme}://{http.host}".encode("latin-1", "replace")
    response.body = AWS_QUEUE_HOST.sub(lambda _: here, body)
    response.headers["Content-Length"] = str(len(response.body))
