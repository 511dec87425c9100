"""What a log-in does to sessions, in each recipe."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.examples.sites import ALICE, BOB, Site

FOREIGN_ID = "A" * 43


def test_a_log_in_ends_the_session_that_the_request_carried(recipe: Site) -> None:
    """Of two log-ins in one browser the second one is the session, and the first one is dead."""
    with recipe.device(ALICE) as device:
        old_id = device.session_id
        device.post("/login", data=BOB)
        assert "Hello, bob" in device.get("/").text
    assert "Hello" not in recipe.shown_to(old_id)
    assert ([], 1) == (recipe.handles_of("alice"), len(recipe.handles_of("bob")))


def test_a_log_in_never_adopts_an_id(recipe: Site) -> None:
    """An id that the client brings along does not become a session (session fixation)."""
    with recipe.device() as device:
        device.post("/login", data=ALICE, headers={"Cookie": f"session_id={FOREIGN_ID}"})
        assert FOREIGN_ID != device.session_id
    assert "Hello" not in recipe.shown_to(FOREIGN_ID)


def test_a_planted_session_is_not_taken_over(recipe: Site) -> None:
    """Who plants the cookie of a session of their own is logged out of it, and not into the victim's."""
    with recipe.device(BOB) as attacker, recipe.device() as victim:
        planted = attacker.session_id
        victim.cookies.set("session_id", planted, domain="127.0.0.1", path="/")
        victim.post("/login", data=ALICE)
        assert "Hello, alice" in victim.get("/").text
    assert "Hello" not in recipe.shown_to(planted)


def test_a_failed_log_in_keeps_the_session(recipe: Site) -> None:
    """A wrong password does not end the session that the request carries."""
    with recipe.device(ALICE) as device:
        device.post("/login", data={**BOB, "password": "wrong"})
        assert "Hello, alice" in device.get("/").text


@pytest.mark.parametrize(
    "username", ["alice", "nobody", " ", "alice\N{NULL}"], ids=["known", "unknown", "blank", "NUL"]
)
@pytest.mark.parametrize("password", ["wrong", ""])
def test_a_wrong_password(recipe: Site, username: str, password: str) -> None:
    """A wrong password and an unknown user get the same words, 401 and no cookie."""
    with recipe.device() as device:
        answer = device.post("/login", data={"username": username, "password": password})
    assert (401, False) == (answer.status_code, "Set-Cookie" in answer.headers)
    assert "Wrong name or password." in answer.text
    assert not {"set", "add"} & set(recipe.storage.names)


def test_a_typed_name_is_escaped(recipe: Site) -> None:
    """A name that was typed comes back as text, not as markup."""
    with recipe.device() as device:
        answer = device.post("/login", data={"username": '"><script>', "password": "wrong"})
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    "user_agent", [b"", b"\xff\xfe", b"x" * 10_000, b"<script>alert(1)</script> Firefox/1.0"], ids=lambda text: text[:9]
)
def test_any_user_agent_can_log_in(recipe: Site, user_agent: bytes) -> None:
    """What a browser says of itself neither stops a log-in nor reaches a page as markup."""
    with recipe.device() as device:
        assert 303 == device.post("/login", data=ALICE, headers={b"User-Agent": user_agent}).status_code
        assert "<script>" not in device.get("/devices").text


def test_ten_log_ins_at_once(recipe: Site) -> None:
    """Log-ins of one user that run beside one another are a session each."""

    def log_in(_: int) -> str:
        with recipe.device(ALICE) as device:
            return device.session_id

    with ThreadPoolExecutor(10) as pool:
        ids = list(pool.map(log_in, range(10)))
    assert 10 == len(set(ids)) == len(recipe.handles_of("alice"))
