"""Start, stop, reboot, terminate. The reply names the state on the way; when it is out, the change is done."""

from __future__ import annotations

from iamsim.kit import ApiError, Call, Reply, error, operation

from .describing import find_all
from .failures import IncorrectInstanceState, OperationNotPermitted
from .filters import Described
from .instance import Instance, described_state
from .network_interface import new_public_ip

UnsupportedHibernationConfiguration = error("UnsupportedHibernationConfiguration", status=400)

USER_SHUTDOWN = {
    "Code": "Client.UserInitiatedShutdown",
    "Message": "Client.UserInitiatedShutdown: User initiated shutdown",
}


@operation
def start_instances(call: Call, *, instance_ids: list[str]) -> Reply:
    """All or none. Raises IncorrectInstanceState for a terminated one."""
    found = find_all(call, Instance, instance_ids)
    for instance in found:
        if instance.state == "terminated":
            raise _incorrect(instance, "started")
    return {"StartingInstances": [_start(call, each) for each in found]}


@operation
def stop_instances(call: Call, *, instance_ids: list[str], hibernate: bool = False, force: bool = False) -> Reply:
    """All or none. Raises IncorrectInstanceState for a terminated one, OperationNotPermitted for a protected one.

    `force` changes nothing: no file system here is in use.
    """
    found = find_all(call, Instance, instance_ids)
    for instance in found:
        if instance.state == "terminated":
            raise _incorrect(instance, "stopped")
        if instance.disable_api_stop:
            raise OperationNotPermitted(
                f"The instance '{instance.id}' may not be stopped. Modify its 'disableApiStop' instance attribute and "
                "try again."
            )
        if hibernate:
            raise UnsupportedHibernationConfiguration(
                f"The instance '{instance.id}' was not launched with hibernation enabled."
            )
    return {"StoppingInstances": [_stop(call, each) for each in found]}


@operation
def reboot_instances(call: Call, *, instance_ids: list[str]) -> None:
    """Nothing that a caller could see changes. Raises IncorrectInstanceState for one that does not run."""
    for instance in find_all(call, Instance, instance_ids):
        if instance.state != "running":
            raise IncorrectInstanceState(f"The instance '{instance.id}' is not in the 'running' state.")


@operation
def terminate_instances(call: Call, *, instance_ids: list[str], force: bool = False) -> Reply:
    """All or none. Raises OperationNotPermitted for one with termination protection."""
    found = find_all(call, Instance, instance_ids)
    for instance in found:
        if instance.disable_api_termination and instance.state != "terminated":
            raise OperationNotPermitted(
                f"The instance '{instance.id}' may not be terminated. Modify its 'disableApiTermination' instance "
                "attribute and try again."
            )
    return {"TerminatingInstances": [_terminate(call, each) for each in found]}


def _start(call: Call, instance: Instance) -> Described:
    before, instance.state = instance.state, "running"
    if before == "running":
        return _change(instance, before, "running")
    instance.state_reason, instance.transition_reason = {}, ""
    instance.launched_at = call.clock.today()
    primary = instance.primary
    if primary is not None and primary.wants_public_ip:
        primary.public_ip = new_public_ip(call)
    return _change(instance, before, "pending")


def _stop(call: Call, instance: Instance) -> Described:
    before, instance.state = instance.state, "stopped"
    if before == "stopped":
        return _change(instance, before, "stopped")
    _note(call, instance)
    for interface in instance.interfaces:
        interface.public_ip = None
    return _change(instance, before, "stopping")


def _terminate(call: Call, instance: Instance) -> Described:
    before, instance.state = instance.state, "terminated"
    if before == "terminated":
        return _change(instance, before, "terminated")
    _note(call, instance)
    for interface in instance.interfaces:
        if interface.attachment is not None and interface.attachment.delete_on_termination:
            interface.delete(call)
        interface.attachment = interface.public_ip = None
    for volume in instance.volumes.values():
        if volume.attachment is not None and volume.attachment.delete_on_termination:
            call.delete(volume)
        volume.attachment = None
    instance.interfaces, instance.volumes = [], {}
    return _change(instance, before, "shutting-down")


def _note(call: Call, instance: Instance) -> None:
    instance.state_reason = dict(USER_SHUTDOWN)
    instance.transition_reason = f"User initiated ({call.clock.today().strftime('%Y-%m-%d %H:%M:%S')} GMT)"


def _change(instance: Instance, before: str, now: str) -> Described:
    return {
        "InstanceId": instance.id,
        "PreviousState": described_state(before),
        "CurrentState": described_state(now),
    }


def _incorrect(instance: Instance, done: str) -> ApiError:
    return IncorrectInstanceState(f"The instance '{instance.id}' is not in a state from which it can be {done}.")
