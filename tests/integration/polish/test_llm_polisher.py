"""The model's polish against a server over TLS and HTTP/2: drafts, the budget, what is asked ahead, and every way in
which an answer fails. In each of them there is a text."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator

import anyio
import pytest

from desktop.core.messages import render
from desktop.core.types import DictationContext, SentData, Style
from desktop.llm.client import LLMClient
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.polish.llm_polisher import MAX_AHEAD_CHARACTERS, LLMPolisher
from desktop.polish.rules.pipeline import PolishRules
from desktop.vocabulary.vocabulary import Vocabulary
from tests.support.cloud.chat import ChatServer, Gate, Says
from tests.support.cloud.raw import CLOSE, HEAD, RESET, STALL, Step, chunk, event, raw
from tests.support.cloud.tls_server import Served, serve, trusting

pytestmark = pytest.mark.anyio

SAID = "um so hello there jane"
RULES = "So hello there jane."
GOOD = "Hello there, Jane."
HERE = DictationContext(dictation_id=7)


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[ChatServer, Served]]:
    server = ChatServer()
    with serve(server.app) as running:
        yield server, running


@pytest.fixture
def server(served: tuple[ChatServer, Served]) -> ChatServer:
    server = served[0]
    fresh = ChatServer()
    server.polish, server.models, server.listings, server.calls = Says((GOOD,)), fresh.models, 0, []
    return server


@pytest.fixture
async def client() -> AsyncIterator[ServiceClient]:
    client = ServiceClient(ssl_context=trusting())
    yield client
    await client.aclose()


@pytest.fixture
def chat(served: tuple[ChatServer, Served], client: ServiceClient) -> LLMClient:
    return chat_at(f"{served[1].url}/v1", client)


def chat_at(url: str, client: ServiceClient, model: str = "mine", openai: bool = False) -> LLMClient:
    return LLMClient(
        client, Service("Example", url, ServiceKey("polish", lambda name: "sk-test")), model, openai=openai
    )


async def until(met: Callable[[], bool]) -> None:
    with anyio.fail_after(10):
        while not met():
            await anyio.lowlevel.checkpoint()


def nothing(draft: str) -> None:
    pass


async def test_drafts_shown_and_receipt_says_what_left(server: ChatServer, chat: LLMClient) -> None:
    rest = Gate()
    server.polish = Says(("Hello ", "there,", rest, " Jane."))
    drafts: list[str] = []

    def show(draft: str) -> None:
        drafts.append(draft)
        if draft == "Hello there,":
            rest.open()

    polished = await LLMPolisher(chat, 10).polish(SAID, HERE, show)
    assert drafts == ["Hello", "Hello there,", GOOD]
    assert (polished.text, polished.notes) == (GOOD, ())
    assert polished.sent == (SentData(chat.service.host, "polish", characters=len(SAID)),)
    (call,) = server.calls
    assert (call.http, call.authorization) == ("2", "Bearer sk-test")
    assert call.body["messages"][-1] == {"role": "user", "content": f"<dictation>\n{SAID}\n</dictation>"}


async def test_answer_over_budget_replaced_by_rules_text(server: ChatServer, chat: LLMClient) -> None:
    stalled = Gate()
    server.polish = Says(("Hello", stalled))
    polished = await LLMPolisher(chat, 0.3).polish(SAID, HERE, nothing)
    assert (polished.text, render(polished.notes)) == (RULES, "Example did not polish in 0.3 s. Used the rules.")
    assert polished.sent[0].characters == len(SAID)
    stalled.open()


class HeldWords(tuple[str, ...]):
    """Own words that no thread but the main one may read before `release`: a comparison that takes long."""

    release = threading.Event()

    def __iter__(self) -> Iterator[str]:
        if threading.current_thread() is not threading.main_thread():
            self.release.wait()
        return super().__iter__()


class HeldVocabulary(Vocabulary):
    @property
    def terms(self) -> tuple[str, ...]:
        return HeldWords(self.words)


async def test_comparison_over_budget_replaced_by_rules_text(server: ChatServer, chat: LLMClient) -> None:
    rules = PolishRules(HeldVocabulary(words=("Kubernetes",)))
    polisher = LLMPolisher(chat, 0.5, rules)
    polisher.prepare(SAID, HERE)
    await until(lambda: len(server.calls) == 1 and server.calls[0].answered)
    try:
        polished = await polisher.polish(SAID, HERE, nothing)
    finally:
        HeldWords.release.set()
    assert (polished.text, render(polished.notes)) == (RULES, "Example did not polish in 0.5 s. Used the rules.")


async def test_what_was_asked_ahead_is_not_asked_again(server: ChatServer, chat: LLMClient) -> None:
    polisher = LLMPolisher(chat, 10)
    polisher.prepare(SAID, HERE)
    await until(lambda: len(server.calls) == 1 and server.calls[0].answered)
    polisher.prepare(SAID, HERE)
    drafts: list[str] = []
    polished = await polisher.polish(SAID, HERE, drafts.append)
    assert (polished.text, drafts) == (GOOD, [GOOD])
    assert len(server.calls) == 1
    assert polished.sent[0].characters == len(SAID)


async def test_newest_text_wins_and_receipt_counts_all(server: ChatServer, chat: LLMClient) -> None:
    first = Gate()
    server.polish = [Says((first,)), Says((GOOD,))]
    polisher = LLMPolisher(chat, 10)
    polisher.prepare("um so hello", HERE)
    await until(lambda: len(server.calls) == 1)
    polisher.prepare(SAID, HERE)
    polished = await polisher.polish(SAID, HERE, nothing)
    assert polished.text == GOOD
    assert len(server.calls) == 2
    assert polished.sent[0].characters == len("um so hello") + len(SAID)
    first.open()


async def test_other_dictation_leaves_request_undisturbed(server: ChatServer, chat: LLMClient) -> None:
    answer = Gate()
    server.polish = [Says((answer, GOOD)), Says(("Other words.",))]
    polisher = LLMPolisher(chat, 10)
    polisher.prepare(SAID, HERE)
    await until(lambda: len(server.calls) == 1)
    other = await polisher.polish("other words", DictationContext(dictation_id=8), nothing)
    answer.open()
    mine = await polisher.polish(SAID, HERE, nothing)
    assert (other.text, mine.text) == ("Other words.", GOOD)
    assert other.sent[0].characters == len("other words")


async def test_abandoned_dictation_stops_request_has_receipt(
    served: tuple[ChatServer, Served], server: ChatServer
) -> None:
    server.polish = Says((Gate(),))
    client = ServiceClient("1.1", trusting())  # with HTTP/2 the server is not told
    chat = chat_at(f"{served[1].url}/v1", client)
    polisher = LLMPolisher(chat, 10)
    polisher.prepare(SAID, HERE)
    await until(lambda: len(server.calls) == 1)
    assert polisher.finish(HERE) == (SentData(chat.service.host, "polish", characters=len(SAID)),)
    assert polisher.finish(HERE) == ()
    await until(lambda: server.calls[0].abandoned)
    await client.aclose()


async def test_what_failed_ahead_is_asked_again(server: ChatServer, chat: LLMClient) -> None:
    server.polish = [Says(status=503), Says((GOOD,))]
    polisher, tasks = LLMPolisher(chat, 10), len(asyncio.all_tasks())
    polisher.prepare(SAID, HERE)
    await until(lambda: len(asyncio.all_tasks()) == tasks)
    assert len(server.calls) == 1
    assert (await polisher.polish(SAID, HERE, nothing)).text == GOOD


async def test_prompt_has_style_and_only_likely_words(server: ChatServer, chat: LLMClient) -> None:
    server.polish = Says(("We run Kubernetes in Berlin.",))
    rules = PolishRules(Vocabulary(words=("Kubernetes", "Zebra")))
    there = DictationContext(style=Style(tone="Write as to a friend.", closing=False), dictation_id=7)
    polished = await LLMPolisher(chat, 10, rules).polish("um we run cooper netties in berlin", there, nothing)
    assert polished.text == "We run Kubernetes in Berlin", "as one writes there: without a full stop"
    told = server.calls[0].body["messages"][0]["content"]
    assert "Write as to a friend. Put no mark at the end." in told
    assert "Kubernetes" in told
    assert "Zebra" not in told


async def test_early_request_for_other_style_is_repeated(server: ChatServer, chat: LLMClient) -> None:
    polisher = LLMPolisher(chat, 10)
    polisher.prepare(SAID, HERE)
    await until(lambda: len(server.calls) == 1 and server.calls[0].answered)
    casual = DictationContext(dictation_id=7, style=Style(tone="Write as to a friend."))
    assert (await polisher.polish(SAID, casual, nothing)).text == GOOD
    assert len(server.calls) == 2


async def test_quotes_around_whole_answer_removed(server: ChatServer, chat: LLMClient) -> None:
    server.polish = Says((f'"{GOOD}"',))
    assert (await LLMPolisher(chat, 10).polish(SAID, HERE, nothing)).text == GOOD


@pytest.mark.parametrize(
    "script",
    [
        [],
        [RESET],
        [HEAD[:30], CLOSE],
        [HEAD],
        [HEAD, chunk(event("Hello there,"))],
        [HEAD, chunk(event("Hello there,")), RESET],
        [HEAD, chunk(event(GOOD)), CLOSE],
        [HEAD, chunk(b'data: {"choices":[{"delta":{"content":"\xff\xfe"}}]}\n\n')],
        [HEAD, chunk(b"data: " + b"x" * 2**20), CLOSE],
        [b"SSH-2.0-OpenSSH_9.9\r\n", CLOSE],
    ],
)
async def test_stalled_or_broken_server_uses_rules_text(script: list[Step]) -> None:
    client = ServiceClient("1.1")
    async with raw({"/v1/chat/completions": [*script, STALL]}) as url:
        service = Service("Example", url, ServiceKey("polish", lambda name: ""), is_key_optional=True)
        polished = await LLMPolisher(LLMClient(client, service, "mine", openai=False), 0.3).polish(SAID, HERE, nothing)
        await client.aclose()
    assert polished.text == RULES
    assert render(polished.notes).startswith(("Example", "The connection to Example"))
    assert render(polished.notes).endswith("Used the rules.")


async def test_a_long_text_is_not_sent_at_every_pause(server: ChatServer, chat: LLMClient) -> None:
    long = "word " * (MAX_AHEAD_CHARACTERS // 5) + "end"
    polisher = LLMPolisher(chat, 10)
    polisher.prepare("word word", HERE)
    polisher.prepare(long, HERE)
    server.polish = Says((f"W{long[1:]}.",))
    assert (await polisher.polish(long, HERE, nothing)).notes == ()
    assert [call.body["messages"][-1]["content"].count("word") for call in server.calls] == [300]


async def test_start_connects_and_learns_models(
    served: tuple[ChatServer, Served], server: ChatServer, client: ServiceClient
) -> None:
    polisher = LLMPolisher(chat_at(f"{served[1].url}/v1", client, "auto"), 10)
    polisher.prepare("", HERE)
    await until(lambda: server.listings == 1)
    assert (await polisher.polish(SAID, HERE, nothing)).text == GOOD
    assert server.listings == 1
    assert server.calls[0].body["model"] == "served"


async def test_openai_model_not_ended_and_cost_known(
    served: tuple[ChatServer, Served], server: ChatServer, client: ServiceClient
) -> None:
    server.models = [{"id": "gpt-6-luna", "shutdown_date": "2020-01-01"}, {"id": "gpt-5.6-luna"}]
    chat = chat_at(f"{served[1].url}/v1", client, "auto", openai=True)
    await chat.warm()
    polished = await LLMPolisher(chat, 10).polish(SAID, HERE, nothing)
    assert server.calls[0].body["model"] == "gpt-5.6-luna"
    assert server.calls[0].body["reasoning_effort"] == "none"
    assert polished.sent[0].cost_usd == pytest.approx((200 * 0.20 + 10 * 1.20) / 1e6)


@pytest.mark.parametrize(
    ("says", "note"),
    [
        (Says(status=401), "Example does not accept the key."),
        (Says(status=429, headers={"Retry-After": "20"}), "Example has had too many requests from this account."),
        (Says(status=500), "Example has a problem of its own (status 500)."),
        (Says(kind="application/json", raw=("{}",)), "Example gave an answer that makes no sense."),
        (Says(raw=('{"choices":[{"delta":{"cont',)), "Example gave an answer that makes no sense."),
        (Says(raw=('{"error":{"message":"overloaded"}}',)), "Example gave an answer that makes no sense."),
        (Says(raw=('{"choices":[{"delta":{"content":"Hello"}}]}',)), "Example gave an answer that makes no sense."),
        (Says(("Hello",), finish="length"), "Example did not finish."),
        (Says(("Hello there. " * 100,) * 100), "Example gave an answer that makes no sense."),
        (Says(), "Example gave no text."),
        (Says(("I'm sorry, I can't help with that.",)), "Example answered instead."),
    ],
)
async def test_bad_answer_uses_rules_text_and_notes_reason(
    server: ChatServer, chat: LLMClient, says: Says, note: str
) -> None:
    server.polish = says
    polished = await LLMPolisher(chat, 10).polish(SAID, HERE, nothing)
    assert (polished.text, render(polished.notes)) == (RULES, f"{note} Used the rules.")
    assert polished.sent[0].characters == len(SAID)


@pytest.mark.parametrize(
    ("url", "note"),
    [
        ("http://127.0.0.1:9/v1", "Nothing answers at 127.0.0.1:9."),
        ("http://nowhere.invalid/v1", "nowhere.invalid was not found."),
    ],
)
async def test_offline_nothing_sent_and_rules_text_used(client: ServiceClient, url: str, note: str) -> None:
    chat = LLMClient(
        client,
        Service("Example", url, ServiceKey("polish", lambda name: ""), is_key_optional=True),
        "mine",
        openai=False,
    )
    polisher = LLMPolisher(chat, 10)
    polisher.prepare("", HERE)
    polished = await polisher.polish(SAID, HERE, nothing)
    assert (polished.text, render(polished.notes)) == (RULES, f"{note} Used the rules.")
    assert polished.sent == ()


async def test_a_missing_key_is_said_and_nothing_leaves(client: ServiceClient) -> None:
    service = Service("OpenAI", "https://localhost:9/v1", ServiceKey("openai", lambda name: ""))
    polished = await LLMPolisher(LLMClient(client, service, "gpt-6-luna", openai=True), 10).polish(SAID, HERE, nothing)
    assert (polished.text, render(polished.notes)) == (RULES, "There is no key for OpenAI. Used the rules.")
    assert polished.sent == ()
