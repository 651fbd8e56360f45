// The AWS SDK for JavaScript v3 speaking CBOR: node aws_sdk_cbor.mjs <server's URL>, run as aws_sdk.mjs.
// The server answers ListMetrics with what it was asked for, and everything else with an error.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.cwd(), "package.json"));
const { CloudWatchClient, GetMetricDataCommand, ListMetricsCommand } = require("@aws-sdk/client-cloudwatch");
const { AwsSmithyRpcV2CborProtocol: protocol } = require("@aws-sdk/core/protocols");

const credentials = { accessKeyId: "testing", secretAccessKey: "testing" };
const client = new CloudWatchClient({ endpoint: process.argv[2], region: "eu-central-1", credentials, protocol });
const Dimensions = [{ Name: "Queue", Value: "ü" }];
const { Metrics } = await client.send(new ListMetricsCommand({ Namespace: "Orders", Dimensions }));
assert.deepEqual(Metrics, [{ Namespace: "Orders", Dimensions }]);

const StartTime = new Date("2024-01-31T12:00:00.250Z");
const EndTime = new Date("2024-01-31T13:00:00Z");
await assert.rejects(client.send(new GetMetricDataCommand({ MetricDataQueries: [], StartTime, EndTime })), (error) => {
  assert.equal(error.name, "InvalidNextToken");
  assert.equal(error.message, StartTime.toISOString());
  assert.equal(error.$metadata.httpStatusCode, 400);
  return true;
});
console.log("all as expected");
