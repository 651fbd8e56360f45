"""Session tags and the source identity: what goes along from session to session (A-54 to A-57)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from iamsim.kit import Call, Principal, StrMap, tags_in

from .failures import AccessDenied, InvalidParameterValue, ValidationError

MAX_TAGS = 50


@dataclass(frozen=True)
class SessionTags:
    """The tags of a new session, and the keys of those that its own sessions will inherit."""

    tags: StrMap
    transitive: frozenset[str]


def checked_tags(pairs: list[dict[str, str]] | None) -> StrMap:
    """The tags of a request. Raises InvalidParameterValue or ValidationError."""
    keys = [pair["Key"].lower() for pair in pairs or []]
    if len(set(keys)) != len(keys):
        raise InvalidParameterValue("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
    if len(keys) > MAX_TAGS:
        raise ValidationError(f"A session can have up to {MAX_TAGS} tags.")
    for key in keys:
        if key.startswith("aws:"):
            raise ValidationError("Tag keys beginning with aws: are reserved for AWS use.")
    return tags_in(pairs or [])


def inherited_tags(principal: Principal) -> StrMap:
    """The caller's transitive session tags."""
    session = principal.session
    if session is None:
        return {}
    return {key: value for key, value in session.tags.items() if key in session.transitive_tag_keys}


def session_tags(principal: Principal, tags: Mapping[str, str], transitive: Iterable[str]) -> SessionTags:
    """The tags passed and those inherited, which nobody may pass again (A-56). Raises InvalidParameterValue."""
    inherited, wanted = inherited_tags(principal), {key.lower() for key in transitive}
    if {key.lower() for key in inherited} & {key.lower() for key in tags}:
        raise InvalidParameterValue(
            "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from "
            "the calling session."
        )
    if not wanted <= {key.lower() for key in tags}:
        raise InvalidParameterValue("The specified transitive tag key must be included in the requested tags.")
    keys = {key for key in tags if key.lower() in wanted}
    return SessionTags({**tags, **inherited}, frozenset(keys | inherited.keys()))


def source_identity(call: Call, wanted: str | None) -> str | None:
    """The session's source identity: once set, it stays (A-57). Raises AccessDenied for another one."""
    session = call.principal.session
    inherited = session.source_identity if session is not None else None
    if wanted is not None and wanted.lower().startswith("aws:"):
        raise ValidationError("SourceIdentity cannot begin with aws:.")
    if inherited is not None and wanted is not None and wanted != inherited:
        raise AccessDenied(
            f"User: {call.principal.arn} is not authorized to perform: sts:SetSourceIdentity on resource: {call.arn}"
        )
    return wanted or inherited
