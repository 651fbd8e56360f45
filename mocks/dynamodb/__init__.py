"""Amazon DynamoDB. Expressions and item rules need no server: `condition`, `update`, `projection`, `key_condition`."""
