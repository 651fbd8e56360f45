"""What AWS Organizations refuses in service control and resource control policies (L-14, L-20, section 3)."""

from __future__ import annotations

from iamsim.policy.action_element import is_action
from iamsim.policy.validation.draft import Draft
from iamsim.policy.validation.finding import Findings

MESSAGE = "The provided policy document does not meet the requirements of the specified policy type."


def scp(draft: Draft) -> Findings:
    """A service control policy: version 2012-10-17, actions and resources, no principals."""
    yield from _both(draft)
    for path, statement in draft.statements():
        for name in ("Principal", "NotPrincipal"):
            if name in statement:
                yield draft.finding("section 3", MESSAGE, (*path, name), detail=f"an SCP has no `{name}`")


def rcp(draft: Draft) -> Findings:
    """A resource control policy: only Deny, for everybody, of actions with a service prefix."""
    yield from _both(draft)
    for path, statement in draft.statements():
        if statement["Effect"] != "Deny":
            yield draft.finding("R-88", MESSAGE, (*path, "Effect"), detail="an RCP can only deny")
        if statement.get("Principal") != "*":
            yield draft.finding("section 3", MESSAGE, (*path, "Principal"), detail='`Principal` must be "*"')
        if "NotAction" in statement:
            yield draft.finding("section 3", MESSAGE, (*path, "NotAction"), detail="an RCP has no `NotAction`")
    for path, text in draft.lines("Action"):
        if text.startswith("*"):
            yield draft.finding("section 3", MESSAGE, path, detail="an action of an RCP needs a service prefix")


def _both(draft: Draft) -> Findings:
    if draft.members.get("Version") != "2012-10-17":
        yield draft.finding("L-14", MESSAGE, ("Version",), detail="`Version` must be 2012-10-17")
    if "Id" in draft.members:
        yield draft.finding("section 3", MESSAGE, ("Id",), detail="`Id` is not allowed here")
    for path, statement in draft.statements():
        if not (statement.get("Action") or statement.get("NotAction")):
            yield draft.finding("section 3", MESSAGE, path, detail="`Action` is missing")
        if not (statement.get("Resource") or statement.get("NotResource")):
            yield draft.finding("section 3", MESSAGE, path, detail="`Resource` is missing")
    for path, text in draft.lines("Action", "NotAction"):
        if not is_action(text):
            yield draft.finding("L-30", MESSAGE, path, detail=f"`{text}` is no action")
    for path, text in draft.lines("Resource", "NotResource"):
        if text != "*" and not text.startswith("arn:"):
            yield draft.finding("L-40", MESSAGE, path, detail=f"`{text}` is no ARN")
