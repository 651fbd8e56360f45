"""Amazon DynamoDB.

What needs no table: `values`, `number`, `size` and `keys` are the rules of items; `condition`, `update`, `projection`
and `key_condition` are the expressions, each compiled with the request's `placeholders`; `legacy_condition`,
`legacy_update` and `key_condition` read the parameters that were there before expressions; `parameters` says which go
together. What DynamoDB would refuse raises `invalid.Invalid` with its message.
"""
