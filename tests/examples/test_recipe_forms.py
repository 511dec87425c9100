"""Forms that are not what the pages hold, in each recipe: a status in the 400s, and nothing changes."""

from collections.abc import Iterator

import pytest

from tests.examples.sites import ALICE, Site

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"
FILE = b'--b\r\nContent-Disposition: form-data; name="%b"; filename="f"\r\n\r\nalice\r\n--b--\r\n'
HUGE = b"x" * 1_000_000
ODD = {
    "empty": (b"", FORM),
    "no type": (b"", None),
    "another field": (b"user=alice", FORM),
    "half": (b"username=alice", FORM),
    "JSON": (b'{"username": "alice", "password": "looking-glass", "handle": "x"}', "application/json"),
    "text": (b"username=alice\r\npassword=looking-glass\r\n", "text/plain"),
    "odd type": (b"{}", "\N{SNOWMAN}"),
    "broken multipart": (b"not multipart", MULTIPART),
    "no boundary": (b"--b--", "multipart/form-data"),
    "files": (FILE % b"username" + FILE % b"password" + FILE % b"handle", MULTIPART),
    "many fields": (b"&".join(b"f%d=" % number for number in range(3000)), FORM),
    "huge": (b"username=alice&handle=x&password=" + HUGE, FORM),
    "huge name": (HUGE + b"=x", FORM),
    "huge multipart": (FILE % b"username" + HUGE, MULTIPART),
}
odd = pytest.mark.parametrize(("content", "content_type"), ODD.values(), ids=ODD)


def typed(content_type: str | None) -> dict[bytes, bytes]:
    return {} if content_type is None else {b"Content-Type": content_type.encode()}


@odd
def test_an_odd_log_in(recipe: Site, content: bytes, content_type: str | None) -> None:
    """What is not the form of the page logs nobody in."""
    with recipe.device() as device:
        answer = device.post("/login", content=content, headers=typed(content_type))
    assert answer.is_client_error
    assert "Set-Cookie" not in answer.headers
    assert not {"set", "add"} & set(recipe.storage.names)


@pytest.mark.parametrize("odd_form", ["empty", "another field", "JSON", "files", "huge"])
@pytest.mark.parametrize("path", ["/unlock", "/devices/sign-out"])
def test_an_odd_form_of_a_user(recipe: Site, path: str, odd_form: str) -> None:
    """What is not the form of the page leaves the session of its user as it is."""
    content, content_type = ODD[odd_form]
    with recipe.device(ALICE) as device:
        answer = device.post(path, content=content, headers=typed(content_type))
        assert answer.is_client_error
        assert "Hello, alice" in device.get("/").text
    assert not {"pop", "discard"} & set(recipe.storage.names)


def test_a_form_without_a_length(recipe: Site) -> None:
    """A body that comes in chunks is no way around the limit."""

    def chunks() -> Iterator[bytes]:
        yield b"more=" + HUGE
        yield b"&username=alice&password=looking-glass"

    with recipe.device() as device:
        answer = device.post("/login", content=chunks(), headers={"Content-Type": FORM})
    assert answer.is_client_error
    assert [] == recipe.handles_of("alice")


@pytest.mark.parametrize(
    "content", [b"username=%ff%00&password=\xff%ed%a0%80", b"username=a&username=b&password=c&password="]
)
def test_a_form_of_odd_text(recipe: Site, content: bytes) -> None:
    """Text that is no UTF-8, and a field that comes twice, log nobody in and come back as a page."""
    with recipe.device() as device:
        answer = device.post("/login", content=content, headers={"Content-Type": FORM})
    assert answer.is_client_error
    assert [] == recipe.storage.calls
