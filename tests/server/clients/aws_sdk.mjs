// The AWS SDK for JavaScript v3 against a running server: node aws_sdk.mjs <server's URL>, run where the SDK is
// installed. Says `all as expected` at its end.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.cwd(), "package.json"));
const { S3Client, CreateBucketCommand, PutObjectCommand, GetObjectCommand, HeadObjectCommand } = require("@aws-sdk/client-s3");
const { getSignedUrl } = require("@aws-sdk/s3-request-presigner");
const { Upload } = require("@aws-sdk/lib-storage");
const { DynamoDBClient, CreateTableCommand, PutItemCommand, GetItemCommand } = require("@aws-sdk/client-dynamodb");
const { SQSClient, CreateQueueCommand, SendMessageCommand, ReceiveMessageCommand } = require("@aws-sdk/client-sqs");
const { STSClient, GetCallerIdentityCommand } = require("@aws-sdk/client-sts");
const { IAMClient, CreateUserCommand, PutUserPolicyCommand, CreateAccessKeyCommand } = require("@aws-sdk/client-iam");

const endpoint = process.argv[2];
const region = "eu-central-1";
const enforce = (when) =>
  fetch(`${endpoint}/_iamsim/enforcement`, { method: "PUT", body: JSON.stringify({ enforce: when }) });
const options = (accessKeyId, secretAccessKey) => ({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });

// arranged unchecked
const anybody = options("testing", "testing");
const s3 = new S3Client({ ...anybody, forcePathStyle: true });
await s3.send(new CreateBucketCommand({ Bucket: "js-bucket" }));
await new DynamoDBClient(anybody).send(
  new CreateTableCommand({
    TableName: "js-orders",
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  }),
);
const { QueueUrl } = await new SQSClient(anybody).send(new CreateQueueCommand({ QueueName: "js-queue" }));
const iam = new IAMClient(anybody);
await iam.send(new CreateUserCommand({ UserName: "js" }));
const statements = [
  { Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: "arn:aws:s3:::js-bucket/*" },
  { Effect: "Allow", Action: ["dynamodb:PutItem", "sqs:SendMessage", "sqs:ReceiveMessage"], Resource: "*" },
];
const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: statements });
await iam.send(new PutUserPolicyCommand({ UserName: "js", PolicyName: "some", PolicyDocument }));
const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "js" }));

// used with IAM enforced
await enforce("always");
try {
  const user = options(AccessKey.AccessKeyId, AccessKey.SecretAccessKey);
  const identity = await new STSClient(user).send(new GetCallerIdentityCommand({}));
  assert.match(identity.Arn, /:user\/js$/);

  const bucket = new S3Client({ ...user, forcePathStyle: true });
  const object = { Bucket: "js-bucket", Key: "a+b//ü" };
  await bucket.send(new PutObjectCommand({ ...object, Body: "hello", Metadata: { my_key: "kept" } }));
  const found = await bucket.send(new GetObjectCommand(object));
  assert.equal(await found.Body.transformToString(), "hello");
  assert.equal(found.Metadata.my_key, "kept");
  const url = await getSignedUrl(bucket, new GetObjectCommand(object));
  assert.equal(await (await fetch(url)).text(), "hello");
  const Body = Buffer.alloc(6_000_000, "x");
  await new Upload({ client: bucket, params: { Bucket: "js-bucket", Key: "in parts", Body } }).done();
  const head = await bucket.send(new HeadObjectCommand({ Bucket: "js-bucket", Key: "in parts" }));
  assert.equal(head.ContentLength, Body.length);

  const orders = new DynamoDBClient(user);
  const Key = { id: { S: "1" } };
  await orders.send(new PutItemCommand({ TableName: "js-orders", Item: Key }));
  await assert.rejects(orders.send(new GetItemCommand({ TableName: "js-orders", Key })), (error) => {
    assert.equal(error.name, "AccessDeniedException");
    assert.match(error.message, /no identity-based policy allows the dynamodb:GetItem action/);
    return true;
  });

  const queue = new SQSClient(user);
  await queue.send(new SendMessageCommand({ QueueUrl, MessageBody: "hello" }));
  const { Messages } = await queue.send(new ReceiveMessageCommand({ QueueUrl }));
  assert.equal(Messages[0].Body, "hello");
} finally {
  await enforce("never");
}
console.log("all as expected");
