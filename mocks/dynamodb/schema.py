"""What CreateTable and UpdateTable say of keys and indexes, checked and read.

Source: Amazon DynamoDB API Reference, CreateTable; Developer Guide, "Quotas". Observed: the texts of the refusals, in
reports of users 2016-2024.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .index import Index
from .invalid import Invalid, invalid_parameter
from .keys import Keys

MAX_LOCAL_INDEXES = 5
MAX_GLOBAL_INDEXES = 20
MAX_KEY_ATTRIBUTES = 4  # of each kind, in a global secondary index
MAX_PROJECTED_ATTRIBUTES = 100  # named in the projections of all indexes together

KeySchema = Sequence[Mapping[str, str]]
Types = Mapping[str, str]


def attribute_types(definitions: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """AttributeDefinitions by name. Raises Invalid for a name that is there twice."""
    types = {each["AttributeName"]: each["AttributeType"] for each in definitions}
    if len(types) < len(definitions):
        raise Invalid("Cannot have two attributes with the same name")
    return types


def table_keys(schema: KeySchema, types: Types, *, has_indexes: bool) -> Keys:
    """The keys of a table. Raises Invalid for a key schema that no table can have."""
    if len(schema) > 2:
        raise Invalid(
            f"1 validation error detected: Value '{_told(schema)}' at 'keySchema' failed to satisfy constraint: "
            "Member must have length less than or equal to 2"
        )
    names = [each["AttributeName"] for each in schema]
    _check_pair(schema)
    if len(types) < len(set(names)):
        raise Invalid("Invalid KeySchema: Some index key attribute have no definition")
    if len(types) > len(names) and not has_indexes:
        raise invalid_parameter(
            "Number of attributes in KeySchema does not exactly match number of attributes defined in "
            "AttributeDefinitions"
        )
    _check_defined(names, types)
    return _keys(schema, types)


def local_index(given: Mapping[str, Any], keys: Keys, types: Types) -> Index:
    """A local secondary index. Raises Invalid for one that the table cannot have."""
    name, schema = given["IndexName"], given["KeySchema"]
    _check_pair(schema)
    _check_defined([each["AttributeName"] for each in schema], types)
    if not keys.range:
        raise invalid_parameter(
            "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex"
        )
    if len(schema) < 2:
        raise invalid_parameter(f"Index KeySchema does not have a range key for index: {name}")
    leading = schema[0]["AttributeName"]
    if leading != keys.hash[0]:
        raise invalid_parameter(
            f"Index KeySchema does not have the same leading hash key as table KeySchema for index: {name}. "
            f"index hash key: {leading}, table hash key: {keys.hash[0]}"
        )
    return Index(name, _keys(schema, types), keys, False, _projection(given))


def global_index(given: Mapping[str, Any], keys: Keys, types: Types) -> Index:
    """A global secondary index. Raises Invalid for one that no table can have."""
    schema = given["KeySchema"]
    names = [each["AttributeName"] for each in schema]
    kinds = [each["KeyType"] for each in schema]
    if len(schema) <= 2:
        _check_pair(schema)
    elif kinds != sorted(kinds) or max(kinds.count("HASH"), kinds.count("RANGE")) > MAX_KEY_ATTRIBUTES:
        raise Invalid(
            f"Invalid KeySchema: HASH attributes come first, with at most {MAX_KEY_ATTRIBUTES} of each key type"
        )
    elif len(set(names)) < len(names):
        raise Invalid("Invalid KeySchema: Some key attributes have the same name")
    _check_defined(names, types)
    settings = {name: given[name] for name in ("ProvisionedThroughput", "OnDemandThroughput") if name in given}
    return Index(given["IndexName"], _keys(schema, types), keys, True, _projection(given), settings)


def check_indexes(indexes: Sequence[Index]) -> None:
    """Raises Invalid for indexes that one table cannot have together."""
    names = [index.name for index in indexes]
    for name in names:
        if names.count(name) > 1:
            raise invalid_parameter(f"Duplicate index name: {name}")
    local = sum(not index.is_global for index in indexes)
    if local > MAX_LOCAL_INDEXES:
        raise invalid_parameter(f"Number of LocalSecondaryIndexes exceeds per-table limit of {MAX_LOCAL_INDEXES}")
    if len(indexes) - local > MAX_GLOBAL_INDEXES:
        raise invalid_parameter(f"GlobalSecondaryIndex count exceeds the per-table limit of {MAX_GLOBAL_INDEXES}")
    if sum(len(index.projection.get("NonKeyAttributes", ())) for index in indexes) > MAX_PROJECTED_ATTRIBUTES:
        raise invalid_parameter(
            f"The number of projected attributes in indexes exceeds the per-table limit of {MAX_PROJECTED_ATTRIBUTES}"
        )


def check_all_used(types: Types, keys: Keys, indexes: Sequence[Index]) -> None:
    """Raises Invalid for a definition of an attribute that is no key."""
    used = dict.fromkeys([*keys.names, *(name for index in indexes for name in index.keys.names)])
    if types.keys() - used.keys():
        raise invalid_parameter(
            f"Some AttributeDefinitions are not used. AttributeDefinitions: [{', '.join(types)}], "
            f"keys used: [{', '.join(used)}]"
        )


def key_schema(keys: Keys) -> list[dict[str, str]]:
    """The keys as a KeySchema."""
    return [
        *({"AttributeName": name, "KeyType": "HASH"} for name in keys.hash),
        *({"AttributeName": name, "KeyType": "RANGE"} for name in keys.range),
    ]


def _keys(schema: KeySchema, types: Types) -> Keys:
    by_kind = {
        kind: tuple(each["AttributeName"] for each in schema if each["KeyType"] == kind) for kind in ("HASH", "RANGE")
    }
    return Keys(
        by_kind["HASH"], by_kind["RANGE"], {each["AttributeName"]: types[each["AttributeName"]] for each in schema}
    )


def _check_pair(schema: KeySchema) -> None:
    """One partition key, and perhaps a sort key."""
    if schema[0]["KeyType"] != "HASH":
        raise Invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
    if len(schema) < 2:
        return
    if schema[1]["KeyType"] != "RANGE":
        raise Invalid("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type")
    if schema[0]["AttributeName"] == schema[1]["AttributeName"]:
        raise Invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name")


def _check_defined(names: Sequence[str], types: Types) -> None:
    if any(name not in types for name in names):
        raise invalid_parameter(
            f"Some index key attributes are not defined in AttributeDefinitions. Keys: [{', '.join(names)}], "
            f"AttributeDefinitions: [{', '.join(types)}]"
        )


def _projection(given: Mapping[str, Any]) -> dict[str, Any]:
    projection = dict(given["Projection"])
    kind, named = projection.get("ProjectionType"), projection.get("NonKeyAttributes")
    if kind is None:
        raise invalid_parameter("Unknown ProjectionType: null")
    if kind == "INCLUDE" and not named:
        raise invalid_parameter("ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
    if kind != "INCLUDE" and named is not None:
        raise invalid_parameter(f"ProjectionType is {kind}, but NonKeyAttributes is specified")
    return projection


def _told(schema: KeySchema) -> str:
    shown = (f"KeySchemaElement(attributeName={each['AttributeName']}, keyType={each['KeyType']})" for each in schema)
    return f"[{', '.join(shown)}]"
