"""A machine in trouble: no byte of disk left, data files missing or damaged. A sentence is what the visitor reads."""

import asyncio
import functools
import shutil
import uuid
from pathlib import Path

import pytest

from ae_core.data.datasets import DATA
from tests.load.visitor import Visitor
from tests.server.conftest import Open, until
from tests.serving import ROOT, Server, serving

FAST = "epochs=1&train_images=64&batch_size=32&width=16"
DAMAGED = "is missing or damaged: please install the app anew."


def says(visitor: Visitor, sentence: str) -> bool:
    return any(sentence in text for text in visitor.texts())


def upload(server: Server, visitor: Visitor, content: bytes) -> int:
    """Send a file as the browser does; the status of the answer."""
    with server.get("/_stcore/health") as answer:
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
    border = uuid.uuid4().hex
    body = (f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'
            f"Content-Type: image/png\r\n\r\n").encode() + content + f"\r\n--{border}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={border}", "Cookie": cookie,
               "X-Xsrftoken": cookie.partition("=")[2]}
    with server.get(f"/_stcore/upload_file/{visitor.session}/{uuid.uuid4()}", headers, body) as answer:
        return answer.status or 0


def test_a_full_disk_takes_nothing_from_a_visitor(open_classroom: Open) -> None:
    async def lesson() -> None:
        with open_classroom(disk_full=True) as room:
            async with Visitor(room.url) as ann:
                await ann.open(FAST)
                await until(functools.partial(says, ann, "epoch 1 of 1"))
                for page in tuple(ann.pages):
                    await ann.go(page)
                    await until(functools.partial(says, ann, "code 32 · depth 1 · width 16"))
                assert upload(room.server, ann, b"x" * 900_000) == 204
                # A larger one goes through the temporary folder while it arrives; the uploader says that it failed.
                assert upload(room.server, ann, b"x" * 1_500_000) == 500
                await ann.go("Train")
                assert not ann.exceptions

    asyncio.run(lesson())


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the app whose data may be spoilt."""
    for name in ("ae_core", "pages", ".streamlit"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "app.py", tmp_path)
    return tmp_path


def flip(file: Path) -> None:
    """Turn over the bits of one byte in the middle of a file."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)


def test_every_page_tells_of_damaged_digits_in_one_sentence(copied: Path) -> None:
    flip(copied / "ae_core/data/files/mnist.npz")

    async def lesson(server: Server) -> None:
        async with Visitor(server.url) as ann:
            await ann.open(FAST)
            for page in tuple(ann.pages):
                await ann.go(page)
                await until(functools.partial(says, ann, f"mnist.npz {DAMAGED}"))
                assert not ann.exceptions, page
            await ann.set("data", "fashion")
            await ann.press("train")
            await ann.go("Train")
            await until(functools.partial(says, ann, "epoch 1 of 1"))
            assert not ann.exceptions, "what does not need the file goes on"

    with serving(copied / "log.txt", root=copied) as server:
        asyncio.run(lesson(server))
        server.kill()
    assert not server.failures(), server.said()


def test_the_files_that_only_one_page_needs_are_told_there(copied: Path) -> None:
    data = copied / "ae_core/data/files"
    (data / "fashion_mnist_test.npz").unlink()
    (data / "layouts.npz").write_bytes(b"PK\x03\x04 not really")
    (data / "glyphs.npz").write_bytes((DATA / "glyphs.npz").read_bytes()[:1000])

    async def lesson(server: Server) -> None:
        async with Visitor(server.url) as ann:
            await ann.open(f"{FAST}&code_size=2")
            await until(functools.partial(says, ann, "epoch 1 of 1"))
            for page, file in (("Latent space", "layouts.npz"), ("Out of domain", "glyphs.npz")):
                await ann.go(page)
                await until(functools.partial(says, ann, f"{file} {DAMAGED}"))
            await ann.set("data", "fashion")
            await ann.press("train")
            await ann.go("Train")
            await until(functools.partial(says, ann, f"fashion_mnist_test.npz {DAMAGED}"))
            assert not ann.exceptions

    with serving(copied / "log.txt", root=copied) as server:
        asyncio.run(lesson(server))
        server.kill()
    assert not server.failures(), server.said()
