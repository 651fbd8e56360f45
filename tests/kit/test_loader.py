"""What a mock may not say: everything that AWS's model does not have is refused when the mock is loaded."""

from __future__ import annotations

import pytest

from iamsim import UsageError
from iamsim.kit.loader import load_service, mocked_services

from .conftest import Write

QUEUE = """
service: sqs
resources:
  queue:
    arn: arn:{partition}:sqs:{region}:{account}:{name}
    members: {QueueName: name, QueueUrl: url}
"""
CLASS = """
@dataclass
class Queue(Resource, kind="queue"):
    pass


@identity("url")
def from_url(call: Call, url: str) -> Arn:
    return call.make_arn("queue", name=url)

"""
MODULE = "from dataclasses import dataclass\n" + CLASS


def complaint(service: str = "sqs", operation: str | None = None) -> str:
    """What is said of the mock that was written."""
    with pytest.raises(UsageError) as raised:
        loaded = load_service(service)
        if operation is not None:
            loaded.handler(operation)
    return str(raised.value)


def test_a_mock_that_is_right(write_mock: Write) -> None:
    write_mock("sqs", QUEUE, queue=MODULE + "@operation\ndef delete_queue(call: Call, queue: Queue) -> Reply: ...\n")
    assert mocked_services() == ["sqs"]
    assert load_service("sqs").handler("DeleteQueue").function.__name__ == "delete_queue"


class TestPython:
    def test_an_unknown_operation(self, write_mock: Write) -> None:
        write_mock("sqs", QUEUE, queue=MODULE + "@operation\ndef delete_queues(call: Call) -> Reply: ...\n")
        assert complaint() == (
            "iamsim.mocks.sqs.queue.delete_queues: sqs has no such name in AWS's model: did you mean `delete_queue`?"
        )

    def test_an_unknown_parameter(self, write_mock: Write) -> None:
        source = "@operation\ndef delete_queue(call: Call, *, queue_name: str) -> Reply: ...\n"
        write_mock("sqs", QUEUE, queue=MODULE + source)
        assert complaint(operation="DeleteQueue") == (
            "`iamsim.mocks.sqs.queue.delete_queue`: DeleteQueue has no parameter `queue_name`, but queue_url"
        )

    def test_parameters_that_are_not_named(self, write_mock: Write) -> None:
        source = "@operation\ndef delete_queue(call: Call, **params: str) -> Reply: ...\n"
        write_mock("sqs", QUEUE, queue=MODULE + source)
        assert complaint(operation="DeleteQueue") == (
            "`iamsim.mocks.sqs.queue.delete_queue`: name the parameters, or use `call.params`"
        )

    def test_a_resource_that_is_none(self, write_mock: Write) -> None:
        source = "@operation\ndef delete_queue(call: Call, queue: str) -> Reply: ...\n"
        write_mock("sqs", QUEUE, queue=MODULE + source)
        assert complaint(operation="DeleteQueue") == (
            "`iamsim.mocks.sqs.queue.delete_queue`: `queue` must be typed as a Resource"
        )

    def test_an_unknown_error(self, write_mock: Write) -> None:
        write_mock("sqs", QUEUE, queue=MODULE + 'Gone = error("QueueDoesNotExists")\n')
        assert complaint() == (
            "iamsim.mocks.sqs.queue: error `QueueDoesNotExists`: sqs has no such name in AWS's model: did you mean "
            "`QueueDoesNotExist`?; for an error that the model does not have, say its `status`"
        )

    def test_an_error_of_our_own_says_its_status(self, write_mock: Write) -> None:
        write_mock("sqs", QUEUE, queue=MODULE + 'Gone = error("QueueIsGone", status=410)\n')
        load_service("sqs")

    def test_an_unknown_noun(self, write_mock: Write) -> None:
        write_mock("sqs", QUEUE, queue=MODULE.replace('kind="queue"', 'kind="topic"'))
        assert complaint() == "`iamsim.mocks.sqs.queue.Queue`: `topic` is not in mocks/sqs/service.yaml"


class TestYaml:
    def test_no_yaml(self, write_mock: Write) -> None:
        write_mock("sqs", "service: [sqs")
        assert complaint().startswith("mocks/sqs/service.yaml: not YAML: ")

    @pytest.mark.parametrize(
        ("definition", "expected"),
        [
            ("[]", "the file must be a mapping"),
            ("resources: {}", "`service` is missing: say botocore's name of the service"),
            ("service: sqs\nresource: {}", "unknown field `resource`: did you mean `resources`?"),
            (
                "service: sqs\nx: 1",
                "unknown field `x`: known are: "
                "access, context, gaps, no_effect, prefix, resources, service, validation",
            ),
            (
                "service: sqs\nresources: {queue: {arm: x}}",
                "resources.queue: unknown field `arm`: did you mean `arn`?",
            ),
            (
                "service: sqs\nresources: {queue: {arn: queue}}",
                "resources.queue: `arn` must be the template of an ARN",
            ),
            (
                QUEUE + "    missing: a queue\n",
                "resources.queue: `missing` must be one error code and its message",
            ),
            (QUEUE + "    tags: {tags: TagQueue}\n", "resources.queue: unknown field `tags`: did you mean `tag`?"),
            (QUEUE + "    policy: {fro: x}\n", "resources.queue: unknown field `fro`: did you mean `for`?"),
            (
                "service: sqs\naccess: {ListQueues: {resources: x}}",
                "access.ListQueues: unknown field `resources`: did you mean `resource`?",
            ),
            (
                "service: sqs\naccess: {ListQueues: {permission: some}}",
                "access.ListQueues: `permission` can only be `none`",
            ),
        ],
    )
    def test_its_form(self, write_mock: Write, definition: str, expected: str) -> None:
        write_mock("sqs", definition)
        assert complaint() == f"mocks/sqs/service.yaml: {expected}"

    @pytest.mark.parametrize(
        ("definition", "expected"),
        [
            (
                "access: {ListQueue: {resource: '*'}}",
                "`ListQueue`: sqs has no such name in AWS's model: did you mean `ListQueues`?",
            ),
            (
                "access: {Zzz: {resource: '*'}}",
                "`Zzz`: sqs has no such name in AWS's model",
            ),
            (
                "access: {ListQueues: {function: decide}}",
                "the mock's access.py has no function `decide`",
            ),
            ("context: sqs_keys", "the mock's access.py has no function `sqs_keys`"),
        ],
    )
    def test_names_that_are_nowhere(self, write_mock: Write, definition: str, expected: str) -> None:
        write_mock("sqs", QUEUE + definition, queue=MODULE)
        assert complaint() == f"mocks/sqs/service.yaml: {expected}"

    def test_an_unknown_tag_operation(self, write_mock: Write) -> None:
        write_mock("sqs", QUEUE + "    tags: {tag: TagQueues}\n", queue=MODULE)
        assert complaint() == (
            "mocks/sqs/service.yaml: resources.queue.tags: `TagQueues`: sqs has no such name in AWS's model: did you "
            "mean `TagQueue`?"
        )

    def test_a_way_to_name_a_resource_that_is_none(self, write_mock: Write) -> None:
        write_mock("sqs", QUEUE.replace("QueueName: name", "QueueName: nam"), queue=MODULE)
        assert complaint() == (
            "mocks/sqs/service.yaml: resources.queue: `nam` is neither `arn`, nor a variable of the template, nor an "
            "@identity of the mock"
        )

    def test_an_input_member_that_no_operation_has(self, write_mock: Write) -> None:
        write_mock("sqs", QUEUE.replace("QueueName: name", "QueueNam: name"), queue=MODULE)
        assert complaint() == (
            "mocks/sqs/service.yaml: resources.queue: member `QueueNam`: sqs has no such name in AWS's model: did you "
            "mean `QueueName`?"
        )

    def test_an_error_for_what_is_missing_that_the_service_has_not(self, write_mock: Write) -> None:
        write_mock("sqs", QUEUE + "    missing: {QueueDoesNotExit: Gone.}\n", queue=MODULE)
        assert complaint() == (
            "mocks/sqs/service.yaml: resources.queue: missing `QueueDoesNotExit`: sqs has no such name in AWS's model: "
            "did you mean `QueueDoesNotExist`?"
        )
