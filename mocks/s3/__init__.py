"""Amazon S3: general purpose buckets and their objects."""
