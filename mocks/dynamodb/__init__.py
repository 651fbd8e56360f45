"""Amazon DynamoDB.

What needs no table: `values`, `number`, `size` and `keys` are the rules of items; `condition`, `update`, `projection`
and `key_condition` are the expressions, each compiled with the request's `placeholders`; `legacy_condition`,
`legacy_update` and `key_condition` read the parameters that were there before expressions; `parameters` says which go
together, and `expression_parameters` reads all of one request's. `partiql` and `partiql_where` read statements into the
same trees. What DynamoDB would refuse raises `invalid.Invalid` with its message; `failures` answers it.

What is kept: a `table` has `item_collection`s and follows them with each `index`; `schema`, `throughput` and
`description` are its settings as they come in and go out. The operations are in `table_creation`, `table_update`,
`lifetime`, `continuous_backups`, `resource_policy` and `account`; `item`, `batch` and `transaction` do what `writing`
prepares, `query` and `scan` what `reading` pages, and `partiql_statements` both. `access` and `condition_keys` say what
a caller must be allowed.
"""
