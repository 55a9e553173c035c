from __future__ import annotations

import json
from contextlib import contextmanager, suppress

import pytest
import websockets
from websockets.sync.client import connect

LOGS = "subscription{loggingSubscribe{time level message}}"
JOBS = "subscription{jobsSubscribe{type job{id status subTasks description progress startTime endTime addTime error}}}"

MODERN = {"begin": "subscribe", "data": "next", "stop": "complete"}
LEGACY = {"begin": "start", "data": "data", "stop": "stop"}
DIALECTS = [(["graphql-transport-ws"], MODERN), (["graphql-ws"], LEGACY), (None, LEGACY), (["chat"], LEGACY)]


class Client:
    def __init__(self, socket, words):
        self.socket = socket
        self.words = words

    def send(self, **message):
        self.socket.send(json.dumps(message))

    def receive(self, timeout=10):
        """Return the next message that is not a keep-alive."""
        while (message := json.loads(self.socket.recv(timeout)))["type"] == "ka":
            pass
        return message

    def subscribe(self, identifier, query, **payload):
        self.send(id=identifier, type=self.words["begin"], payload={"query": query, **payload})

    def data(self, timeout=10):
        message = self.receive(timeout)
        assert message["type"] == self.words["data"], message
        return message["payload"]["data"]


@contextmanager
def talking(server, subprotocols, words, *, initialise=True):
    with connect(server.url.replace("http", "ws") + "/graphql", subprotocols=subprotocols) as socket:
        client = Client(socket, words)
        if initialise:
            client.send(type="connection_init", payload={})
            assert client.receive() == {"type": "connection_ack"}
        yield client


@pytest.fixture(params=DIALECTS, ids=["transport-ws", "legacy", "none", "unknown"])
def client(request, server):
    with talking(server, *request.param) as talker:
        yield talker


def statements(client, wanted, timeout=10):
    """Collect log lines until one contains the wanted text."""
    lines = []
    while not any(wanted in line["message"] for line in lines):
        lines += client.data(timeout)["loggingSubscribe"]
    return lines


def test_subprotocols_are_agreed_on(server):
    for offered, agreed in (
        (["graphql-transport-ws"], "graphql-transport-ws"),
        (["graphql-transport-ws", "graphql-ws"], "graphql-ws"),
        (["graphql-ws"], "graphql-ws"),
        (None, None),
    ):
        with connect(server.url.replace("http", "ws") + "/graphql", subprotocols=offered) as socket:
            assert socket.subprotocol == agreed


def test_statements_of_a_request_arrive_although_the_level_is_info(client, server):
    client.subscribe("1", LOGS)
    client.subscribe("2", "{version{version}}")
    assert client.receive()["id"] == "2", "the subscription is in place once the next request is answered"
    assert client.receive() == {"id": "2", "type": "complete"}
    server.data("{stats{scene_count scenes_size}}")
    lines = statements(client, "SELECT COALESCE(SUM(")
    line = next(line for line in lines if "COUNT(*)" in line["message"])
    assert line["level"] == "Trace"
    assert line["message"].startswith("SQL [")
    assert line["message"].endswith(", args: []")
    assert line["time"].endswith("Z")


def test_job_events_arrive(client, server):
    client.subscribe("j", JOBS)
    client.subscribe("2", "{version{version}}")
    assert [client.receive()["type"], client.receive()["type"]] == [client.words["data"], "complete"]
    job_id = server.data("mutation{optimiseDatabase}")["optimiseDatabase"]
    events = []
    while not events or events[-1]["type"] != "REMOVE":
        events.append(client.data()["jobsSubscribe"])
    assert events[0]["type"] == "ADD"
    assert events[0]["job"] == {
        **events[0]["job"],
        "id": job_id,
        "status": "READY",
        "progress": 0,
        "subTasks": None,
        "startTime": None,
        "description": "Optimising database...",
    }
    assert {event["type"] for event in events[1:-1]} == {"UPDATE"}
    assert events[-1]["job"]["status"] == "FINISHED"
    assert events[-1]["job"]["progress"] == 1
    found = server.data("query($i:ID!){findJob(input:{id:$i}){id status error}}", {"i": job_id})["findJob"]
    assert found == {"id": job_id, "status": "FINISHED", "error": None}


def test_the_end_of_a_scan_is_told(client, server):
    client.subscribe("s", "subscription{scanCompleteSubscribe}")
    client.subscribe("m", "mutation{metadataScan(input:{})}")
    seen = [client.receive() for _ in range(3)]
    assert {"id": "s", "type": client.words["data"], "payload": {"data": {"scanCompleteSubscribe": True}}} in seen


def test_queries_work_over_the_websocket(client):
    client.subscribe(
        "q", "query A($n:Int){findScenes(filter:{per_page:$n}){scenes{id}}}", variables={"n": 2}, operationName="A"
    )
    assert len(client.data()["findScenes"]["scenes"]) == 2
    assert client.receive() == {"id": "q", "type": "complete"}


def test_an_invalid_document_is_an_error_of_that_operation_only(client):
    client.subscribe("bad", "subscription{nonsense}")
    message = client.receive()
    assert (message["id"], message["type"]) == ("bad", "error")
    assert "nonsense" in message["payload"][0]["message"]
    assert client.receive() == {"id": "bad", "type": "complete"}
    client.subscribe("good", "{version{version}}")
    assert client.data()


def test_a_stopped_subscription_is_silent_and_its_id_is_free(client, server):
    client.subscribe("1", JOBS)
    client.send(id="1", type=client.words["stop"])
    assert client.receive() == {"id": "1", "type": "complete"}
    client.subscribe("2", "{version{version}}")
    assert client.receive()["id"] == "2"
    client.receive()
    server.data("mutation{optimiseDatabase}")
    client.subscribe("1", "{systemStatus{status}}")
    assert client.data() == {"systemStatus": {"status": "OK"}}


def test_many_subscribers_each_get_everything(server):
    with talking(server, ["graphql-transport-ws"], MODERN) as one, talking(server, ["graphql-ws"], LEGACY) as other:
        for client in (one, other):
            client.subscribe("1", LOGS)
            client.subscribe("2", "{version{version}}")
            client.receive()
            client.receive()
        server.data('{findTags(filter:{q:"needle"}){count}}')
        for client in (one, other):
            assert any("needle" in line["message"] for line in statements(client, "needle"))


def test_keep_alive_is_for_the_old_protocol_only(server):
    with talking(server, ["graphql-ws"], LEGACY, initialise=False) as client:
        client.send(type="connection_init")
        assert [json.loads(client.socket.recv(5))["type"] for _ in range(2)] == ["connection_ack", "ka"]
    with talking(server, ["graphql-transport-ws"], MODERN) as client:
        client.send(type="ping")
        assert client.receive() == {"type": "pong"}


INIT = {"type": "connection_init"}
SUBSCRIBE = {"type": "subscribe", "id": "1", "payload": {"query": LOGS}}
START = {**SUBSCRIBE, "type": "start"}


@pytest.mark.parametrize(
    ("subprotocol", "messages", "code", "reason", "said"),
    [
        ("graphql-transport-ws", [SUBSCRIBE], 1002, "unexpected message", None),
        ("graphql-transport-ws", [INIT, INIT], 1002, "unexpected message", None),
        ("graphql-transport-ws", [INIT, {"type": "nonsense"}], 1000, "terminated", None),
        ("graphql-transport-ws", [INIT, START], 1000, "terminated", None),
        ("graphql-ws", [START], 1002, "unexpected message", "unexpected message start"),
        ("graphql-ws", [INIT, INIT], 1002, "unexpected message", "unexpected message init"),
        ("graphql-ws", [INIT, {"type": "ping"}], 1000, "terminated", None),
        ("graphql-ws", [INIT, {"type": "connection_terminate"}], 1000, "terminated", None),
    ],
)
def test_what_is_out_of_turn_ends_the_connection_as_stash_does(server, subprotocol, messages, code, reason, said):
    words = MODERN if subprotocol == "graphql-transport-ws" else LEGACY
    received = []
    with talking(server, [subprotocol], words, initialise=False) as client:
        for message in messages:
            client.send(**message)
        while not client.socket.close_code:
            with suppress(websockets.ConnectionClosed):
                received.append(client.receive(5))
        assert (client.socket.close_code, client.socket.close_reason) == (code, reason)
    complaints = [message["payload"]["message"] for message in received if message["type"] == "connection_error"]
    assert complaints == ([said] if said else [])
    assert server.data("{systemStatus{status}}")


def test_a_request_without_a_query_is_an_error_of_that_operation_only(client):
    client.send(id="1", type=client.words["begin"])
    assert client.receive() == {"id": "1", "type": "error", "payload": [{"message": "invalid json"}]}
    assert client.receive() == {"id": "1", "type": "complete"}
    client.subscribe("1", "{version{version}}")
    assert client.data()
