"""The names of SQS's query protocol, which its model no longer has since it moved to JSON.

Source: Amazon SQS API reference, 2012-11-05, the request and response examples of the AWS query protocol.
"""

from __future__ import annotations

from typing import Any

NAMESPACE = "http://queue.amazonaws.com/doc/2012-11-05/"

LIST_NAMES = {  # list shape -> the name of one item
    "AWSAccountIdList": "AWSAccountId",
    "ActionNameList": "ActionName",
    "AttributeNameList": "AttributeName",
    "MessageSystemAttributeList": "MessageSystemAttributeName",
    "MessageAttributeNameList": "MessageAttributeName",
    "ChangeMessageVisibilityBatchRequestEntryList": "ChangeMessageVisibilityBatchRequestEntry",
    "ChangeMessageVisibilityBatchResultEntryList": "ChangeMessageVisibilityBatchResultEntry",
    "SendMessageBatchRequestEntryList": "SendMessageBatchRequestEntry",
    "SendMessageBatchResultEntryList": "SendMessageBatchResultEntry",
    "DeleteMessageBatchRequestEntryList": "DeleteMessageBatchRequestEntry",
    "DeleteMessageBatchResultEntryList": "DeleteMessageBatchResultEntry",
    "BatchResultErrorEntryList": "BatchResultErrorEntry",
    "ListMessageMoveTasksResultEntryList": "ListMessageMoveTasksResultEntry",
    "QueueUrlList": "QueueUrl",
    "MessageList": "Message",
    "TagKeyList": "TagKey",
    "StringList": "StringListValue",
    "BinaryList": "BinaryListValue",
}

MAP_NAMES = {  # map shape -> the names of an entry, its key and its value
    "QueueAttributeMap": ("Attribute", "Name", "Value"),
    "MessageSystemAttributeMap": ("Attribute", "Name", "Value"),
    "MessageBodyAttributeMap": ("MessageAttribute", "Name", "Value"),
    "MessageBodySystemAttributeMap": ("MessageSystemAttribute", "Name", "Value"),
    "TagMap": ("Tag", "Key", "Value"),
}


def with_query_names(description: dict[str, Any]) -> dict[str, Any]:
    """The service description with wire names, result wrappers and error codes as the query protocol has them."""
    shapes: dict[str, Any] = {}
    for name, shape in description["shapes"].items():
        changed = dict(shape)
        if name in LIST_NAMES:
            changed["flattened"] = True
            changed["member"] = {**shape["member"], "locationName": LIST_NAMES[name]}
        elif name in MAP_NAMES:
            _, key, value = MAP_NAMES[name]
            changed["flattened"] = True
            changed["key"] = {**shape["key"], "locationName": key}
            changed["value"] = {**shape["value"], "locationName": value}
        elif "members" in shape:
            changed["members"] = {
                member: {**reference, "locationName": MAP_NAMES[reference["shape"]][0]}
                if reference["shape"] in MAP_NAMES
                else reference
                for member, reference in shape["members"].items()
            }
        if shape.get("exception") and name in ERROR_CODES:
            changed["error"] = {"code": ERROR_CODES[name], "httpStatusCode": 400, "senderFault": True}
        shapes[name] = changed
    operations = {
        name: {**operation, "output": {**operation["output"], "resultWrapper": f"{name}Result"}}
        if "output" in operation
        else operation
        for name, operation in description["operations"].items()
    }
    metadata = {**description["metadata"], "protocol": "query", "protocols": ["query"], "xmlNamespace": NAMESPACE}
    return {**description, "metadata": metadata, "shapes": shapes, "operations": operations}


# Error shape -> the code that the query protocol gave it, and that `x-amzn-query-error` still carries. Shapes that are
# not here have their own name as their code.
ERROR_CODES = {
    "BatchEntryIdsNotDistinct": "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
    "BatchRequestTooLong": "AWS.SimpleQueueService.BatchRequestTooLong",
    "EmptyBatchRequest": "AWS.SimpleQueueService.EmptyBatchRequest",
    "InvalidBatchEntryId": "AWS.SimpleQueueService.InvalidBatchEntryId",
    "KmsAccessDenied": "KMS.AccessDeniedException",
    "KmsDisabled": "KMS.DisabledException",
    "KmsInvalidKeyUsage": "KMS.InvalidKeyUsageException",
    "KmsInvalidState": "KMS.InvalidStateException",
    "KmsNotFound": "KMS.NotFoundException",
    "KmsOptInRequired": "KMS.OptInRequired",
    "KmsThrottled": "KMS.ThrottlingException",
    "MessageNotInflight": "AWS.SimpleQueueService.MessageNotInflight",
    "PurgeQueueInProgress": "AWS.SimpleQueueService.PurgeQueueInProgress",
    "QueueDeletedRecently": "AWS.SimpleQueueService.QueueDeletedRecently",
    "QueueDoesNotExist": "AWS.SimpleQueueService.NonExistentQueue",
    "QueueNameExists": "QueueAlreadyExists",
    "TooManyEntriesInBatchRequest": "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
    "UnsupportedOperation": "AWS.SimpleQueueService.UnsupportedOperation",
}
