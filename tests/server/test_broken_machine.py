"""A machine in trouble: no byte of disk left, data files missing or damaged. A sentence is what the visitor reads."""

import asyncio
import functools
import io
import shutil
import urllib.request
import uuid
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.proto.Common_pb2 import FileUploaderState, UploadedFileInfo
from streamlit.proto.WidgetStates_pb2 import WidgetState

from ae_core.datasets import DATA
from tests.load.visitor import Visitor
from tests.server.conftest import Open, until
from tests.serving import ROOT, Server, serving

FAST = "epochs=1&train_images=64&batch_size=32&width=16"
DAMAGED = "is missing or damaged: please install the app anew."


def says(visitor: Visitor, sentence: str) -> bool:
    return any(sentence in text for text in visitor.texts())


def photograph(side: int) -> bytes:
    """A noisy PNG: of side 300 about 270 kB."""
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (side, side, 3), np.uint8)).save(file, "PNG")
    return file.getvalue()


def upload(server: Server, visitor: Visitor, content: bytes) -> WidgetState:
    """Send a file as the browser does, and give the state that its uploader has then."""
    with server.get("/_stcore/health") as answer:
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
    file, border = str(uuid.uuid4()), uuid.uuid4().hex
    body = (f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="<b>a</b>.png"\r\n'
            f"Content-Type: image/png\r\n\r\n").encode() + content + f"\r\n--{border}--\r\n".encode()
    request = urllib.request.Request(f"{server.url}/_stcore/upload_file/{visitor.session}/{file}", body, {
        "Content-Type": f"multipart/form-data; boundary={border}", "Cookie": cookie,
        "X-Xsrftoken": cookie.partition("=")[2],
    }, method="PUT")
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 204
    uploader = next(shown.message.id for shown in visitor.elements.values() if shown.kind == "file_uploader")
    info = UploadedFileInfo(file_id=file, name="<b>a</b>.png", size=len(content))
    return WidgetState(id=uploader, file_uploader_state_value=FileUploaderState(uploaded_file_info=[info]))


def test_a_full_disk_takes_nothing_from_a_visitor(open_classroom: Open) -> None:
    async def lesson() -> None:
        with open_classroom(disk_full=True) as room:
            async with Visitor(room.url) as ann:
                await ann.open(FAST)
                await until(functools.partial(says, ann, "epoch 1 of 1"))
                for page in tuple(ann.pages):
                    await ann.go(page)
                await ann.go("Out of domain")
                await ann.press("skip")
                await until(lambda: any(each.key == "domain_tab" for each in ann.widgets.values()))
                await ann.set("domain_tab", "Your own picture")
                await until(lambda: any(each.key == "own_way" for each in ann.widgets.values()))
                await ann.set("own_way", ["File"])
                await until(lambda: any(shown.kind == "file_uploader" for shown in ann.elements.values()))
                await ann.ask(ann.request("", upload(room.server, ann, photograph(300))))
                await until(lambda: "<b>a</b>.png" in ann.texts())
                assert any(shown.kind == "text" and shown.message.body == "<b>a</b>.png"
                           for shown in ann.elements.values()), "a file's name is plain text"
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
    flip(copied / "ae_core/data/mnist.npz")

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
    data = copied / "ae_core/data"
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
