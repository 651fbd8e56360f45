"""Receipt handles: each stands for one time that a message was received."""

from __future__ import annotations

import base64
import binascii

from iamsim.kit import error

from .message import Message
from .queue import Queue

ReceiptHandleIsInvalid = error("ReceiptHandleIsInvalid")


def new_receipt(queue: Queue, message: Message) -> str:
    """The handle for the message as it has been received now."""
    return base64.b64encode(f"{queue.arn} {message.id} {message.receive_count}".encode()).decode()


def received_with(queue: Queue, receipt_handle: str) -> Message | None:
    """The message, if the handle is that of its latest receive; None if it is gone or was received again.

    Raises ReceiptHandleIsInvalid for what no receive from this queue has given.
    """
    try:
        arn, message_id, _ = base64.b64decode(receipt_handle, validate=True).decode().split(" ")
    except (ValueError, binascii.Error):
        arn = message_id = ""
    if arn != str(queue.arn):
        raise ReceiptHandleIsInvalid(f'The input receipt handle "{receipt_handle}" is not a valid receipt handle.')
    message = queue.messages.get(message_id)
    return message if message is not None and message.receipt == receipt_handle else None
