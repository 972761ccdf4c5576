"""The recommender as a service, seen from a REST client and from an MCP client."""

import asyncio
import json
import shutil
import urllib.request

import pytest

from chatrec.recommender import Recommender

pytest.importorskip("gradio")
from chatrec_ui import app
from gradio_client import Client
from gradio_client.exceptions import AppError

ENDPOINTS = {"chat", "recommend", "explain", "item", "feedback", "about_me", "forget"}


@pytest.fixture(scope="module")
def served(small_workspace, tmp_path_factory):
    path = tmp_path_factory.mktemp("service") / "workspace"
    shutil.copytree(small_workspace, path)
    recommender = Recommender.open(path)
    blocks = app.serve(recommender, "127.0.0.1", 0)
    yield recommender, blocks.local_url
    blocks.close(verbose=False)


@pytest.fixture(scope="module")
def client(served):
    return Client(served[1], verbose=False, analytics_enabled=False)


def test_the_endpoints_are_named_typed_and_no_handler_of_the_page_is_among_them(client):
    named = client.view_api(return_format="dict", all_endpoints=True)
    assert {name.strip("/") for name in named["named_endpoints"]} == ENDPOINTS
    assert not named["unnamed_endpoints"]
    recommend = named["named_endpoints"]["/recommend"]
    types = {one["parameter_name"]: json.dumps(one["type"]) for one in recommend["parameters"]}
    assert "integer" in types["count"] and "array" in types["liked"] and "string" in types["query"]


def test_a_conversation_of_two_people_apart(client, served):
    first = client.predict(message="I loved Fargo and Heat", api_name="/chat")
    second = client.predict(message="I loved Babe", api_name="/chat")
    assert first["person"] != second["person"]
    assert first["items"] and all(item["reason"] for item in first["items"])
    again = client.predict(message="Something before 1980", person=first["person"], api_name="/chat")
    assert again["known"]["liked"] == ["Fargo (1996)", "Heat (1995)"]
    assert all(item["year"] < 1980 for item in again["items"])
    assert client.predict(person=second["person"], api_name="/about_me") == {"liked": ["Babe (1995)"]}
    marked = client.predict(title="casablanca", verdict="disliked", person=second["person"], api_name="/feedback")
    assert marked["known"]["disliked"] == ["Casablanca (1942)"]
    client.predict(person=first["person"], api_name="/forget")
    assert client.predict(person=first["person"], api_name="/about_me") == {}
    assert served[0].transcript(first["person"]) == []


def test_recommend_explain_and_look_up(client):
    found = client.predict(liked=["Fargo"], count=2, api_name="/recommend")
    assert len(found) == 2 and "Fargo" not in {one["title"] for one in found}
    told = client.predict(title="The Godfather Part II", liked=["The Godfather"], api_name="/explain")
    assert told["name"] == "The Godfather: Part II (1974)" and "Godfather" in told["reason"] and told["evidence"]
    assert client.predict(title="Fargo", api_name="/item")["people"]["director"] == ["Joel Coen"]


@pytest.mark.parametrize(
    ("endpoint", "sent", "said"),
    [
        ("/item", {"title": "No Such Film <b>"}, "No Such Film <b>"),
        ("/item", {"title": " "}, "is not in"),
        ("/recommend", {"liked": ["Nothing At All"]}, "Nothing At All"),
        ("/recommend", {"count": 1000}, "give 1 to 20"),
        ("/chat", {"message": "hello", "person": "anna"}, "'anna' is not the id"),
        ("/forget", {"person": ""}, "not the id"),
        ("/feedback", {"title": "Fargo", "verdict": "adored"}, "adored"),
        ("/chat", {"message": 7}, "message"),
    ],
)
def test_bad_input_is_one_clear_line(client, endpoint, sent, said):
    with pytest.raises(AppError) as caught:
        client.predict(**sent, api_name=endpoint)
    assert said in str(caught.value) and "Traceback" not in str(caught.value) and "\n" not in str(caught.value)


def test_an_mcp_client_finds_the_tools_and_talks(served):
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    async def talk():
        async with (
            streamablehttp_client(f"{served[1]}gradio_api/mcp/") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            tools = (await session.list_tools()).tools
            said = await session.call_tool("chat", {"message": "I loved Alien. Something like it?"})
            several = await session.call_tool("recommend", {"liked": ["Fargo"], "count": 2})
            wrong = await session.call_tool("item", {"title": "No Such Film"})
            return tools, said, several, wrong

    tools, said, several, wrong = asyncio.run(talk())
    assert {tool.name for tool in tools} == ENDPOINTS
    assert all(len(tool.description) > 40 for tool in tools)
    chat = next(tool for tool in tools if tool.name == "chat")
    assert chat.inputSchema["required"] == ["message"]
    assert "id that an earlier answer gave" in chat.inputSchema["properties"]["person"]["description"]
    assert set(chat.inputSchema["properties"]) == {"message", "person"}
    answer = json.loads(said.content[0].text)
    assert len(json.loads(several.content[0].text)) == 2
    assert not said.isError and answer["items"] and answer["known"]["liked"] == ["Alien (1979)"]
    assert wrong.isError and "No Such Film" in wrong.content[0].text


def test_the_page_may_stand_in_a_frame(served):
    with urllib.request.urlopen(served[1], timeout=30) as page:
        headers = {name.lower(): value for name, value in page.headers.items()}
    assert "x-frame-options" not in headers and "frame-ancestors" not in headers.get("content-security-policy", "")
