from __future__ import annotations

import time

import pytest

from stashbench.embedded.execution import Executor, GraphQLRequest
from stashbench.embedded.faults import parse_fault
from stashbench.embedded.graphql import build_schema
from stashbench.embedded.loghub import LogLevel
from stashbench.embedded.server import ServeOptions, server_state

SCENES = "query Page{findScenes(filter:{per_page:40}){scenes{id}}}"
STATUS = "{systemStatus{status}}"


@pytest.fixture(scope="module")
def schema():
    return build_schema()


@pytest.fixture
def executor_with(library, schema):
    opened = []

    def make(*faults):
        context = server_state(ServeOptions(database=library, faults=tuple(parse_fault(text) for text in faults)))
        state = context.__enter__()
        opened.append(context)
        return state, Executor(state, schema)

    yield make
    for context in opened:
        context.__exit__(None, None, None)


def ask(executor, query):
    begin = time.perf_counter()
    was_executed, body = executor.answer(GraphQLRequest(query), "http://127.0.0.1:1")
    return was_executed, body, time.perf_counter() - begin


def statements_of(state, executor, query):
    """Return the statements that one request puts into the log."""
    state.hub.level = LogLevel.TRACE
    state.hub._cache.clear()
    state.hub._cache = type(state.hub._cache)(maxlen=1000)
    ask(executor, query)
    return [line.message for line in state.hub.recent()]


@pytest.mark.parametrize("operation", ["findScenes", "Page"])
def test_latency_waits_on_that_operation_only(executor_with, operation):
    _, executor = executor_with(f"latency={operation}:120")
    ask(executor, SCENES)
    assert ask(executor, SCENES)[2] >= 0.12
    assert ask(executor, STATUS)[2] < 0.1
    assert ask(executor, SCENES.replace("findScenes", "x:findScenes"))[2] >= 0.12, "an alias hides nothing"


def test_busy_work_costs_processor_time_on_that_operation_only(executor_with):
    _, executor = executor_with("busy=findScenes:5000000")

    def processor_seconds(query):
        begin = time.thread_time()
        ask(executor, query)
        return time.thread_time() - begin

    processor_seconds(SCENES), processor_seconds(STATUS)
    assert processor_seconds(SCENES) > 5 * processor_seconds(STATUS)


def test_errors_come_at_their_rate_and_in_the_same_order_each_time(executor_with):
    sequences = []
    for _ in range(2):
        _, executor = executor_with("errors=0.25")
        answers = [ask(executor, STATUS) for _ in range(400)]
        assert {was_executed for was_executed, _, _ in answers} == {True}
        sequences.append([b'"errors"' in body for _, body, _ in answers])
    assert sequences[0] == sequences[1]
    assert 0.18 < sum(sequences[0]) / 400 < 0.32
    failed = next(body for _, body, _ in answers if b'"errors"' in body)
    assert b'"path":["systemStatus"]' in failed


def test_n_plus_one_runs_a_statement_per_row_that_the_log_shows(executor_with):
    state, healthy = executor_with()
    before = statements_of(state, healthy, SCENES)
    state, executor = executor_with("n-plus-one=findScenes")
    after = statements_of(state, executor, SCENES)
    extra = [message for message in after if "FROM scenes_tags INNER JOIN tags" in message]
    assert len(after) == len(before) + 40
    assert len(extra) == 40
    assert len({message.rpartition("args:")[2] for message in extra}) == 40
    tags = "{findTags(filter:{per_page:40}){tags{id}}}"
    assert not any("scenes_tags" in message for message in statements_of(state, executor, tags))


def test_slow_hook_waits_after_the_commit(executor_with):
    mutation = 'mutation{sceneUpdate(input:{id:"1", title:"hooked"}){id}}'
    _, healthy = executor_with()
    assert ask(healthy, mutation)[2] < 0.15
    state, executor = executor_with("slow-hook=200")
    assert ask(executor, mutation)[2] >= 0.2
    with state.database.read() as session:
        assert session.fetch_one("SELECT title FROM scenes WHERE id = 1") == ("hooked",)
    assert ask(executor, SCENES)[2] < 0.2
