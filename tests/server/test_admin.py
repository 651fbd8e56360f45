"""The endpoints under `/_iamsim/` and `/moto-api/`."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError
from botocore.utils import InstanceMetadataFetcher

from iamsim.clock import Clock
from iamsim.enforcement import Enforcement
from iamsim.server import ServerThread
from iamsim.simulator import Simulator
from tests.server.conftest import REGION, Keys, enforce
from tests.server.wire import Wire, request

Client = Callable[..., Any]
User = Callable[..., Keys]


def ask(server: ServerThread, method: str, path: str, **options: Any) -> tuple[int, Any]:
    answer = requests.request(method, server.url + path, timeout=10, **options)
    assert answer.headers["content-type"] == "application/json"
    return answer.status_code, answer.json()


def outcomes(client: Client, calls: int) -> list[bool]:
    """Which of so many calls of somebody unknown succeed."""
    sts, found = client("sts"), []
    for _ in range(calls):
        try:
            sts.get_caller_identity()
            found.append(True)
        except ClientError:
            found.append(False)
    return found


def test_health(server: ServerThread) -> None:
    status, health = ask(server, "GET", "/_iamsim/health")
    assert status == 200
    assert health["status"] == "ok"
    assert "s3" in health["services"]


class TestReset:
    def test_the_cloud_is_empty_again(self, server: ServerThread, client: Client) -> None:
        s3 = client("s3")
        named = {"Bucket": "bucket", "CreateBucketConfiguration": {"LocationConstraint": REGION}}
        s3.create_bucket(**named)
        before = server.simulator.cloud
        assert ask(server, "POST", "/_iamsim/reset") == (200, {"status": "ok"})
        assert s3.list_buckets()["Buckets"] == []
        assert server.simulator.cloud is not before
        assert len(server.simulator.decisions) == 0

    def test_unchecked_calls_are_counted_anew(self, server: ServerThread, client: Client) -> None:
        enforce(server, 2)
        assert outcomes(client, 3) == [True, True, False]
        ask(server, "POST", "/_iamsim/reset")
        assert outcomes(client, 3) == [True, True, False]

    def test_identifiers_begin_again(self, server: ServerThread, client: Client) -> None:
        def made() -> str:
            ask(server, "POST", "/_iamsim/reset")
            user: str = client("iam").create_user(UserName="u")["User"]["UserId"]
            return user

        assert made() == made()


def test_a_simulators_reset_brings_back_its_clock() -> None:
    clock = Clock(at=1000.0, seed=7)
    simulator = Simulator(account="111122223333", clock=clock, enforcement=Enforcement(0))
    first = simulator.cloud.clock.new_id()
    clock.advance(60)
    simulator.reset()
    assert simulator.cloud.clock.now() == 1000.0
    assert simulator.cloud.clock.new_id() == first
    assert simulator.cloud.account == "111122223333"
    assert simulator.pipeline.cloud is simulator.cloud
    assert simulator.pipeline.enforcement().after == 0


class TestEnforcement:
    @pytest.mark.parametrize("when", ["always", "never", 3])
    def test_set_and_seen(self, server: ServerThread, when: Any) -> None:
        path = "/_iamsim/enforcement"
        assert ask(server, "PUT", path, json={"enforce": when}) == (200, {"enforce": when})
        assert ask(server, "GET", path) == (200, {"enforce": when})

    def test_zero_is_always(self, server: ServerThread) -> None:
        assert ask(server, "PUT", "/_iamsim/enforcement", json={"enforce": 0}) == (200, {"enforce": "always"})

    @pytest.mark.parametrize("body", ['{"enforce": "perhaps"}', '{"enforce": -1}', '{"enforce": true}', "{}", "x", "3"])
    def test_nonsense_changes_nothing(self, server: ServerThread, body: str) -> None:
        status, answer = ask(server, "PUT", "/_iamsim/enforcement", data=body)
        assert status == 400
        assert answer["error"] == (
            'give `{"enforce": "always"}`, `"never"`, or the number of calls that run before IAM is enforced'
        )
        assert ask(server, "GET", "/_iamsim/enforcement") == (200, {"enforce": "never"})


class TestDecisions:
    @pytest.fixture
    def decided(self, server: ServerThread, client: Client, user: User) -> ServerThread:
        """Three decisions: ListUsers and GetUser allowed, CreateUser denied."""
        iam = client("iam", user("iam:ListUsers", "iam:GetUser"))
        iam.list_users()
        iam.get_user(UserName="alice")
        with pytest.raises(ClientError):
            iam.create_user(UserName="bob")
        return server

    @pytest.mark.parametrize(
        ("query", "actions"),
        [
            ("", ["iam:ListUsers", "iam:GetUser", "iam:CreateUser"]),
            ("?denied=true", ["iam:CreateUser"]),
            ("?denied=false", ["iam:ListUsers", "iam:GetUser"]),
            ("?action=iam:*user", ["iam:GetUser", "iam:CreateUser"]),
            ("?action=iam:GetUser", ["iam:GetUser"]),
            ("?principal=*:user/alice&limit=1", ["iam:CreateUser"]),
            ("?principal=*:user/bob", []),
            ("?principal=alice&action=iam:CreateUser", ["iam:CreateUser"]),
            ("?resource=*:user/nobody", []),
            ("?limit=0", []),
        ],
    )
    def test_filters(self, decided: ServerThread, query: str, actions: list[str]) -> None:
        status, answer = ask(decided, "GET", f"/_iamsim/decisions{query}")
        assert status == 200
        assert [f"iam:{row['operation']}" for row in answer["decisions"]] == actions

    def test_one_in_full(self, decided: ServerThread) -> None:
        _, answer = ask(decided, "GET", "/_iamsim/decisions?denied=true&explain=true")
        assert answer["total"] == 1
        row = answer["decisions"][0]
        decision = decided.simulator.decisions.denied[0]
        assert row == {**decision.to_dict(), "explanation": decision.explain()}

    @pytest.mark.parametrize(
        ("query", "error"),
        [
            ("?deny=1", "unknown parameter `deny`: there are denied, action, resource, principal, limit, explain"),
            ("?limit=many", "`limit` is `many`: give a number"),
            ("?denied=yes", "`denied` is `yes`: give `true` or `false`"),
        ],
    )
    def test_nonsense(self, server: ServerThread, query: str, error: str) -> None:
        assert ask(server, "GET", f"/_iamsim/decisions{query}") == (400, {"error": error})


class TestClock:
    def test_it_can_be_moved_forward(self) -> None:
        with ServerThread(Simulator(clock=Clock(at=0.0))) as server:
            _, before = ask(server, "GET", "/_iamsim/clock")
            assert before == {"now": "1970-01-01T00:00:00.000+00:00", "epoch_s": 0.0, "stands_still": True}
            status, after = ask(server, "PUT", "/_iamsim/clock", json={"advance": 90.5})
            assert (status, after["now"]) == (200, "1970-01-01T00:01:30.500+00:00")

    @pytest.mark.parametrize("body", ['{"advance": -1}', '{"advance": "1"}', '{"advance": true}', "{}", "x", "[]"])
    def test_nonsense(self, server: ServerThread, body: str) -> None:
        status, answer = ask(server, "PUT", "/_iamsim/clock", data=body)
        assert (status, answer) == (400, {"error": 'give `{"advance": seconds}`: time moves forward only'})

    def test_who_waits_for_time_to_pass_is_woken(
        self, server: ServerThread, client: Client, wire: Callable[[], Wire], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        url = client("sqs").create_queue(QueueName="queue")["QueueUrl"]
        entered, changed = threading.Event(), server.simulator.cloud.changed
        wait = changed.wait

        def watched(timeout: float | None = None) -> bool:
            entered.set()
            return wait(timeout)

        monkeypatch.setattr(changed, "wait", watched)
        poll = wire()
        scope = f"Credential=somebody/20260101/{REGION}/sqs/aws4_request"
        headers = ["X-Amz-Target: AmazonSQS.ReceiveMessage", f"Authorization: AWS4-HMAC-SHA256 {scope}"]
        body = json.dumps({"QueueUrl": url, "WaitTimeSeconds": 20}).encode()
        poll.send(request("POST", "/", *headers, "Content-Type: application/x-amz-json-1.0", body=body))
        assert entered.wait(10)
        ask(server, "PUT", "/_iamsim/clock", json={"advance": 30})
        assert poll.answer().status == 200


class TestMotosEndpoints:
    def test_reset(self, server: ServerThread, client: Client) -> None:
        client("iam").create_user(UserName="u")
        enforce(server, 2)
        assert outcomes(client, 1) == [True]
        assert ask(server, "POST", "/moto-api/reset") == (200, {"status": "ok"})
        assert outcomes(client, 2) == [True, False]  # the count goes on
        enforce(server, "never")
        assert client("iam").list_users()["Users"] == []

    def test_reset_auth(self, server: ServerThread, client: Client) -> None:
        previous = "PREVIOUS_INITIAL_NO_AUTH_ACTION_COUNT"
        assert ask(server, "POST", "/moto-api/reset-auth", data="1") == (200, {"status": "ok", previous: "inf"})
        assert outcomes(client, 2) == [True, False]
        assert ask(server, "POST", "/moto-api/reset-auth", data="inf") == (200, {"status": "ok", previous: "1.0"})
        assert outcomes(client, 2) == [True, True]
        assert ask(server, "POST", "/moto-api/reset-auth", data="1.0")[0] == 200

    def test_nonsense(self, server: ServerThread) -> None:
        assert ask(server, "POST", "/moto-api/reset-auth", data="some")[0] == 400

    def test_elsewhere_such_a_path_is_s3s(self, server: ServerThread) -> None:
        assert requests.get(f"{server.url}/moto-api/reset", timeout=10).status_code == 404  # no such bucket


class TestWhatIsNotThere:
    def test_unknown(self, server: ServerThread) -> None:
        status, answer = ask(server, "GET", "/_iamsim/nonsense")
        assert status == 404
        assert answer["error"].startswith("there is no `/_iamsim/nonsense`; there are: GET /_iamsim/health, POST /_iam")

    def test_wrong_method(self, server: ServerThread) -> None:
        answer = requests.get(f"{server.url}/_iamsim/reset", timeout=10)
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
        assert answer.json() == {"error": "`GET` is not for `/_iamsim/reset`: use POST"}


def test_an_instance_finds_its_credentials_on_the_server(server: ServerThread, client: Callable[..., Any]) -> None:
    iam, ec2 = client("iam"), client("ec2")
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": trust})
    iam.create_role(RoleName="app", AssumeRolePolicyDocument=document)
    iam.create_instance_profile(InstanceProfileName="app")
    iam.add_role_to_instance_profile(InstanceProfileName="app", RoleName="app")
    image = ec2.describe_images()["Images"][0]["ImageId"]
    options = {"IamInstanceProfile": {"Name": "app"}, "MinCount": 1, "MaxCount": 1}
    instance = ec2.run_instances(ImageId=image, **options)["Instances"][0]["InstanceId"]
    path = "/latest/meta-data/iam/security-credentials/"
    assert requests.get(server.url + path, timeout=10).status_code == 404  # a bucket that is not there

    told = requests.put(f"{server.url}/_iamsim/instance", json={"instance": instance}, timeout=10)
    assert told.json() == {"instance": instance}
    fetcher = InstanceMetadataFetcher(base_url=server.url, num_attempts=1)
    found = fetcher.retrieve_iam_role_credentials()
    keys = {"aws_access_key_id": found["access_key"], "aws_secret_access_key": found["secret_key"]}
    enforce(server, "always")
    caller = client("sts", {**keys, "aws_session_token": found["token"]}).get_caller_identity()
    assert caller["Arn"] == f"arn:aws:sts::123456789012:assumed-role/app/{instance}"

    signed = client(
        "s3", {**keys, "aws_session_token": found["token"]}
    )  # a bucket `latest` is still there for who signs
    with pytest.raises(ClientError) as refused:
        signed.get_object(Bucket="latest", Key="meta-data/instance-id")
    assert refused.value.response["Error"]["Code"] in ("AccessDenied", "NoSuchBucket")

    answer = requests.put(f"{server.url}/_iamsim/instance", json={"instance": "i-1"}, timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (
        400,
        f"the simulator has no instance `i-1`; known are: {instance}",
    )
    requests.put(f"{server.url}/_iamsim/instance", json={"instance": None}, timeout=10)
    assert b"<Code>" in requests.get(server.url + path, timeout=10).content
    headers = {"Host": "169.254.169.254"}
    assert requests.get(server.url + path, headers=headers, timeout=10).status_code == 404


class TestIdentityProviders:
    ISSUER = "https://idp.acme.example/tenant"

    def test_tokens_are_verified_with_the_keys_that_are_given(self, server: ServerThread, client: Client) -> None:
        jwt = pytest.importorskip("jwt")
        elliptic = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ec")
        ours, theirs = (elliptic.generate_private_key(elliptic.SECP256R1()) for _ in range(2))
        public = jwt.get_algorithm_by_name("ES256").to_jwk(ours.public_key(), as_dict=True)
        keys = {"keys": [public | {"kid": "1"}]}
        iam, sts = client("iam"), client("sts")
        arn = iam.create_open_id_connect_provider(Url=self.ISSUER, ClientIDList=["app"])["OpenIDConnectProviderArn"]
        statement = {"Effect": "Allow", "Principal": {"Federated": arn}, "Action": "sts:AssumeRoleWithWebIdentity"}
        trust = json.dumps({"Version": "2012-10-17", "Statement": statement})
        role = iam.create_role(RoleName="app", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        status, told = ask(server, "PUT", "/_iamsim/identity-providers", json={"issuer": self.ISSUER, "jwks": keys})
        assert (status, told) == (200, {"issuers": {"idp.acme.example/tenant": keys}})
        enforce(server, "always")
        now = int(server.simulator.cloud.clock.now())
        claims = {"iss": self.ISSUER, "sub": "me", "aud": "app", "iat": now, "exp": now + 60}

        def assume(key: Any) -> Any:
            token = jwt.encode(claims, key, algorithm="ES256", headers={"kid": "1"})
            return sts.assume_role_with_web_identity(RoleArn=role, RoleSessionName="me", WebIdentityToken=token)

        assert assume(ours)["SubjectFromWebIdentityToken"] == "me"
        with pytest.raises(ClientError, match="Token signature invalid"):
            assume(theirs)
        assert ask(server, "PUT", "/_iamsim/identity-providers", json={"issuer": self.ISSUER, "jwks": None}) == (
            200,
            {"issuers": {}},
        )
        assume(theirs)

    @pytest.mark.parametrize(
        "body", [{}, {"issuer": "https://a"}, {"issuer": 1, "jwks": {}}, {"issuer": "a", "jwks": []}]
    )
    def test_mistakes(self, server: ServerThread, body: dict[str, Any]) -> None:
        status, answer = ask(server, "PUT", "/_iamsim/identity-providers", json=body)
        assert (status, answer["error"]) == (
            400,
            'give `{"issuer": "https://...", "jwks": {"keys": [...]}}`, or `"jwks": null`',
        )

    def test_keys_that_are_none(self, server: ServerThread) -> None:
        for wrong in ({}, {"keys": [{"kty": "oct"}]}):
            body = {"issuer": "https://a.example", "jwks": wrong}
            status, answer = ask(server, "PUT", "/_iamsim/identity-providers", json=body)
            assert status == 400
            assert "https://a.example" in answer["error"]
