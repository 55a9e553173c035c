"""The server's routes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import strawberry
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute

from stashbench.embedded.auth import Authentication
from stashbench.embedded.endpoint import GraphQLEndpoint
from stashbench.embedded.execution import Executor
from stashbench.embedded.exercise import exercise_route
from stashbench.embedded.login import login_route
from stashbench.embedded.media import media_routes
from stashbench.embedded.state import ServerState
from stashbench.embedded.websocket import ConversationLimits


def create_app(state: ServerState, schema: strawberry.Schema) -> Starlette:
    """Return the ASGI application: GraphQL over HTTP and websocket, images, a heartbeat."""
    limits = ConversationLimits(state.faults.websocket_protocols, state.faults.websocket_seconds)
    endpoint = GraphQLEndpoint(Executor(state, schema), limits)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        endpoint.close()

    return Starlette(
        routes=[
            Route("/graphql", endpoint),
            WebSocketRoute("/graphql", endpoint),
            Route("/healthz", _heartbeat),
            Route("/", _welcome),
            login_route(state.access),
            *media_routes(state),
            exercise_route(state),
        ],
        middleware=[Middleware(Authentication, access=state.access)],
        lifespan=lifespan,
    )


async def _heartbeat(_request: Request) -> Response:
    return PlainTextResponse(".")


async def _welcome(_request: Request) -> Response:
    return PlainTextResponse("This is stashbench's stand-in for a Stash server. It speaks GraphQL at /graphql.\n")
