"""A class of visitors at the real app: `make load`, or `python -m tests.load --help`.

The visitors speak Streamlit's websocket protocol, a few real browsers do the same beside them. The driver, the
browsers and the app share this machine's cores: the figures hold for all of them together. It ends by itself and
talks to nothing but this machine.
"""

import argparse
import asyncio
import contextlib
import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.async_api import Browser

from ae_core.system.resources import usable_cores
from tests.browser.chromium import find
from tests.load.browsers import chromium, visit
from tests.load.control_group import ControlGroup, NoControlGroup, control_group
from tests.load.picture import picture
from tests.load.record import Record, report
from tests.load.server import listener, loopback, running, sample
from tests.load.student import Chooser, Student, own, same

ARRIVALS = 30.0  # seconds in which all visitors come, a third of the test at most
SPECS: dict[str, Chooser] = {"same": same, "own": own}


def main(arguments: list[str] | None = None) -> int:
    """Run the load test that the arguments describe; 0 where nothing was lost and nobody saw an error."""
    options = _options(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    executable = find() if options.browsers else None
    if options.browsers and not executable:
        print("No Chromium found: install one with python tests/browser/chromium.py, or give --browsers 0.")
        return 2
    try:
        with control_group(options.quota, options.memory) as group, _app(options, group) as (url, process):
            record = asyncio.run(_lesson(options, url, process, executable or ""))
            limits = group.figures()
    except NoControlGroup as error:
        print(error)
        return 2
    asked = {name: value for name, value in vars(options).items() if name not in ("out", "url")}
    driver = round(time.process_time(), 2)
    measured = {"cores": usable_cores(), "driver_cpu_seconds": driver, "control_group": limits}
    figures = {"asked": asked, **measured, **report(record)}
    (options.out / "load.json").write_text(json.dumps(figures, indent=1))
    title = f"{options.visitors} visitors, {options.browsers} browsers, {options.spec} Spec"
    (options.out / "load.svg").write_text(picture(record, title), encoding="utf-8")
    figures.pop("over_time")
    print(json.dumps(figures, indent=1))
    print(f"Written: {options.out / 'load.json'}, {options.out / 'load.svg'}", file=sys.stderr)
    return 1 if record.exceptions or record.lost or record.strangers else 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__.splitlines()[0])
    parser.add_argument("--visitors", type=int, default=30, help="over the websocket")
    parser.add_argument("--browsers", type=int, default=3, help="real ones beside them")
    parser.add_argument("--spec", choices=SPECS, default="own", help="what they train: all the same, or each her own")
    parser.add_argument("--seconds", type=float, default=120, help="until the visitors leave")
    parser.add_argument("--linger", type=float, default=5, help="seconds to look at the app after they have left")
    parser.add_argument("--seed", type=int, default=0, help="of what they do; how long it takes is not in it")
    parser.add_argument("--out", type=Path, default=Path("test-results/load"), help="folder for load.json and load.svg")
    parser.add_argument("--url", type=_loopback, help="an app that runs already, on a loopback address")
    parser.add_argument("--quota", type=float, metavar="CORES", help="processor time that it has, as in a container")
    parser.add_argument("--memory", type=int, metavar="MIB", help="memory that it has; both need root on Linux")
    options = parser.parse_args(arguments)
    if options.url and (options.quota is not None or options.memory is not None):
        parser.error("--quota and --memory are for an app that is started here, not for one at --url")
    return options


def _loopback(url: str) -> str:
    try:
        return loopback(url)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


@contextlib.contextmanager
def _app(options: argparse.Namespace, group: ControlGroup) -> Iterator[tuple[str, int | None]]:
    """The address of the app and the id of its process, if that can be known; an app that it starts is in the group."""
    if options.url:
        yield options.url, listener(options.url)
    else:
        with running(options.out / "server.log", group) as (url, process):
            yield url, process


async def _lesson(options: argparse.Namespace, url: str, process: int | None, executable: str) -> Record:
    choose = SPECS[options.spec]
    async with contextlib.AsyncExitStack() as stack:
        browser = await stack.enter_async_context(chromium(executable)) if executable else None
        record = Record()
        until = time.monotonic() + options.seconds
        watching = asyncio.create_task(_watch_server(record, process))

        async def chair(who: str, browser: Browser | None) -> None:
            """One place in the class: a visitor, and after she has left another one."""
            numbers = random.Random(f"{options.seed} {who}")
            await asyncio.sleep(numbers.uniform(0, min(ARRIVALS, options.seconds / 3)))
            while time.monotonic() < until:
                if browser:
                    await visit(browser, url, record, numbers, choose, until)
                else:
                    await Student(url, record, numbers, choose, until).visit()

        chairs = [chair(f"visitor {number}", None) for number in range(options.visitors)]
        chairs += [chair(f"browser {number}", browser) for number in range(options.browsers)]
        await asyncio.gather(*chairs)
    await asyncio.sleep(options.linger)
    watching.cancel()
    return record


async def _watch_server(record: Record, process: int | None) -> None:
    while True:
        if (now := await asyncio.to_thread(sample, process)) is not None:
            record.over_time.append((record.now(), record.present, now))
        await asyncio.sleep(1)


if __name__ == "__main__":
    sys.exit(main())
