"""The same with unittest: `python -m unittest discover tests` runs these, and pytest, too."""

from __future__ import annotations

import unittest
from pathlib import Path

import boto3
from iamsim import decisions, mock_aws
from iamsim.testing import expect_allowed, expect_denied, role

import orders

POLICIES = Path(__file__).parents[1] / "policies"


@mock_aws
class OrdersTest(unittest.TestCase):
    def setUp(self) -> None:
        boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="orders")
        boto3.client("sqs", region_name="us-east-1").create_queue(QueueName="shipping")
        self.service = role("order-service", POLICIES / "order-service.json", boundary=POLICIES / "boundary.yaml")

    def test_takes_an_order(self) -> None:
        with self.service, expect_allowed("s3:PutObject"):
            orders.place({"id": "1"})

    def test_cannot_delete(self) -> None:
        with self.service, expect_denied("s3:DeleteObject", by="boundary"):
            orders.forget("2026/1.json")
        self.assertEqual(len(decisions(denied=True, principal="order-service")), 1)
