"""What a student does on a visit, without a browser: looks on, changes settings, trains, reads, stops, leaves."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any

from ae_core.spec import RULES, Spec
from tests.load.record import Record, Watch
from tests.load.visitor import Finished, Visitor

CLASS = Spec(epochs=3)  # what everybody trains in a class that follows its teacher
OTHER_PAGES = ("Reconstructions", "Latent space", "Denoising", "Out of domain", "Lossy by design", "Too powerful")
LIVE = ("queued", "running")

Chooser = Callable[[random.Random], Spec]


def same(numbers: random.Random) -> Spec:
    """The Spec of the class."""
    return CLASS


def own(numbers: random.Random) -> Spec:
    """A Spec that nobody else has: its seed is drawn from 2 billion."""
    return Spec(
        code_size=numbers.choice((2, 4, 8, 16, 32, 64)),
        depth=numbers.choice((1, 1, 2)),
        width=numbers.choice((64, 128, 128, 256)),
        noise=numbers.choice((0.0, 0.0, 0.3)),
        epochs=numbers.choice((1, 2, 3, 5)),
        seed=numbers.randrange(1, 2**31 - 1),
    )


class Student:
    """One visit of one student, noted in the record.

    choose : gives the Spec that she trains next
    until : when the lesson is over, on the clock of `time.monotonic`
    """

    def __init__(self, url: str, record: Record, numbers: random.Random, choose: Chooser, until: float) -> None:
        self.record, self.numbers, self.choose, self.until = record, numbers, choose, until
        self.watch = Watch(record.gaps)
        self.visitor = Visitor(url, self._look)
        self.spec = choose(numbers)
        self.opened = time.monotonic()
        self.waits_for_picture = True

    async def visit(self) -> None:
        """Open the page, do what students do, leave."""
        self.record.visits += 1
        self.record.present += 1
        try:
            await self._lesson()
        except (TimeoutError, ConnectionError, KeyError) as error:
            self.record.exceptions[f"visit ended: {type(error).__name__} {error}"] += 1
        finally:
            self.record.present -= 1
            self.watch.end(time.monotonic())
            await self.visitor.leave()
            self.record.runs += self.visitor.runs
            self.record.received += self.visitor.received
            self.record.exceptions.update(self.visitor.exceptions)

    async def _lesson(self) -> None:
        self.opened = time.monotonic()
        await self.visitor.connect()
        query = "&".join(f"{name}={value}" for name, value in self.spec.to_query().items())
        await self._do("open", self.visitor.open(query))
        while await self._think(2, 6):
            await self._train_something()
            if not await self._think(3, 8):
                return
            for page in self.numbers.sample(OTHER_PAGES, self.numbers.choice((1, 2, 3))):
                self.watch.end(time.monotonic())
                await self._do("page", self.visitor.go(page))
                if not await self._think(2, 6):
                    return
            await self._do("page", self.visitor.go("Train"))
            if self.numbers.random() < 0.3:
                return

    async def _train_something(self) -> None:
        wanted = self.choose(self.numbers)
        if wanted == self.spec:  # she tries another code size, and comes back to what the class has
            await self._set("code_size", self.numbers.choice((4, 8, 64)))
            await self._think(1, 3)
        for name in RULES:
            if getattr(wanted, name) != getattr(self._shown(), name):
                await self._set(name, getattr(wanted, name))
                await self._think(1, 2)
        self.spec = wanted
        self.watch.begin(time.monotonic())
        await self._do("train", self.visitor.press("train"))
        if self.numbers.random() < 0.3 and await self._think(0.5, 2):
            self.watch.end(time.monotonic())
            await self._do("stop", self.visitor.press("stop"))

    async def _set(self, name: str, value: Any) -> None:
        """Move one control of the sidebar."""
        field = self.visitor.find(name).field
        if field == "string_array_value":
            value = [f"{value}"]
        elif field == "double_array_value":
            value = [float(value)]
        await self._do("setting", self.visitor.set(name, value))

    def _shown(self) -> Spec:
        """What the sidebar says."""
        values = {name: self.visitor.value(name) for name in RULES}
        single = {name: value[0] if isinstance(value, list) else value for name, value in values.items()}
        return Spec.from_query({name: f"{value}" for name, value in single.items()})[0]

    async def _think(self, low: float, high: float) -> bool:
        """Wait as people do; whether the lesson still goes on."""
        await asyncio.sleep(min(self.numbers.uniform(low, high), max(0.0, self.until - time.monotonic())))
        return time.monotonic() < self.until

    async def _do(self, what: str, interaction: Awaitable[Finished]) -> None:
        """Note how long an interaction takes until its script run has ended, and what it leaves on the page.

        One whose end never comes is noted as lost; she goes on, unless there is no page to go on with.
        """
        began = self.record.now()
        try:
            finished = await interaction
        except TimeoutError:
            self.record.lost[what] += 1
            if what == "open":
                raise
            return
        self.record.interactions.append((began, what, finished.seconds))
        self._check()

    def _check(self) -> None:
        """Does the status line speak of her own experiment?"""
        mine = f"{self.spec.replace(seed=0).describe()} · seed {self.spec.seed} — "
        texts = self.visitor.texts()
        if any("try again in a minute" in text for text in texts):  # then she keeps what she had
            self.record.refused += 1
            return
        for text in texts:
            if text.startswith("code ") and " · seed " in text and " — " in text:
                self.record.status_lines += 1
                if not text.startswith(mine):
                    self.record.strangers.append(f"{text.partition(' — ')[0]} instead of {mine}")

    def _look(self, view: dict[str, Any]) -> None:
        """The player shows something."""
        now = time.monotonic()
        seconds = view["columns"]["seconds"]
        frames = view["first"] + len(seconds)
        if self.waits_for_picture and frames:
            self.waits_for_picture = False
            self.record.pictures.append(now - self.opened)
        recording = view["run"]
        self.watch.see(now, recording, view["newest"], view["status"] in LIVE)
        if view["first"] < 2 <= frames and not recording.endswith("thinned"):  # the clock tells one from another
            self.record.trainings.add((recording.split(" ")[0].partition("#")[0], seconds[1 - view["first"]]))
