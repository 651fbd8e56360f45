"""Policy documents as data: AWS managed policies and examples, each with its origin and date."""
