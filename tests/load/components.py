"""What the app's own components do in a browser: ask the channel, and have their part of the page drawn again."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from tests.load.channel import Connection, follow, unpack
from tests.load.widgets import state

if TYPE_CHECKING:
    from tests.load.visitor import Shown, Visitor

MOMENT, LOST = 0.1, 5.0  # seconds, as in ae_core/ui/components/_shared/idle.js


class Components:
    """The live components on one visitor's page, by their ids.

    on_player : called with what the player shows: its scene and all that is known of the recording
    """

    def __init__(self, visitor: "Visitor", on_player: Callable[[dict[str, Any]], None] | None) -> None:
        self.visitor, self.on_player = visitor, on_player
        self.received = 0  # bytes through the channel
        self.words: dict[str, str] = {}  # id -> what a status line says
        # the recording that the player knows, how many frames of it, and the step of the newest, -1 without any
        self._frames: tuple[str, int, int] = ("", 0, -1)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._questions: dict[str, str] = {}

    @property
    def frames(self) -> int:
        """How many frames the player has."""
        return self._frames[1]

    def draw(self, shown: "Shown") -> None:
        """A component has come, or has new data."""
        name = shown.message.component_name
        if name == "poll":
            data = unpack(shown.message.bytes)
            self._start(shown.message.id, f"{data['turn']}", self._trigger(shown, "turn", data["turn"], data["pause"]))
        elif name == "status_line":
            data = unpack(shown.message.bytes)
            self.words[shown.message.id] = f"{data['experiment']} — {data['words']}"
            self._start(shown.message.id, json.dumps(data["question"]), self._status(shown, data))
        elif name == "training_player":
            scene = unpack(shown.message.bytes)
            asked = json.dumps([scene["question"], scene["live"]])
            self._start(shown.message.id, asked, self._player(shown, scene))
        elif name == "latent_map":
            question = unpack(shown.message.bytes)["question"]
            self._start(shown.message.id, json.dumps(question), self._follow("map", question, lambda delta: None))

    def keep_only(self, ids: set[str]) -> None:
        """All others have left the page."""
        for id in set(self._tasks) - ids:
            self._tasks.pop(id).cancel()
            self._questions.pop(id)
            self.words.pop(id, None)
        if not self._tasks:
            self._frames = "", 0, -1  # a player that comes back knows nothing

    async def stop(self) -> None:
        """The page is closed."""
        tasks = list(self._tasks.values())
        self.keep_only(set())
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, id: str, question: str, work: Coroutine[Any, Any, None]) -> None:
        if self._questions.get(id) == question:
            work.close()
            return
        if id in self._tasks:
            self._tasks[id].cancel()
        self._questions[id], self._tasks[id] = question, asyncio.create_task(work)

    async def _trigger(self, shown: "Shown", event: str, value: Any, wait: float = 0.0) -> None:
        """Ask for a run as soon as none is under way, and again as long as nothing has come of it."""
        await asyncio.sleep(wait)
        payload = json.dumps([{"event": event, "value": value}])
        id = f"$$STREAMLIT_INTERNAL_KEY_{shown.message.id}__events"
        while self.visitor.closed is None:
            while self.visitor.running:
                await asyncio.sleep(MOMENT)
            await self.visitor.send(self.visitor.request(shown.fragment, state(id, "json_trigger_value", payload)))
            await asyncio.sleep(LOST)

    async def _status(self, shown: "Shown", data: dict[str, Any]) -> None:
        def take(delta: dict[str, Any]) -> None:
            self.words[shown.message.id] = f"{data['experiment']} — {delta['words']}"

        await self._follow("words", data["question"], take)
        await self._trigger(shown, "ended", data["question"]["run"])

    async def _player(self, shown: "Shown", scene: dict[str, Any]) -> None:
        def known() -> dict[str, Any]:
            recording, count, newest = self._frames
            return {"frames": count, "newest": newest} if recording == scene["run"] and count else {"frames": 0}

        def take(delta: dict[str, Any]) -> None:
            self._show(scene, delta)
            if scene["live"] and delta["status"] not in ("queued", "running"):
                ended.set()

        ended = asyncio.Event()
        following = asyncio.create_task(self._follow("player", scene["question"], take, known))
        if scene["live"]:
            following.add_done_callback(lambda _: ended.set())  # the run is not kept any more
        try:
            await ended.wait()
            await self._trigger(shown, "ended", scene["run"])
        finally:
            following.cancel()

    async def _follow(self, view: str, question: dict[str, str], *more: Any) -> None:
        connection = Connection(self.visitor.url, self.visitor.cookie)
        try:
            await follow(connection, view, question, *more)
        finally:
            self.received += connection.received

    def _show(self, scene: dict[str, Any], delta: dict[str, Any]) -> None:
        recording, _, newest = self._frames
        steps = delta["columns"]["step"]
        newest = steps[-1] if steps else newest if recording == scene["run"] else -1
        self._frames = scene["run"], delta["first"] + len(steps), newest
        if self.on_player:
            self.on_player({**scene, **delta, "newest": newest})
