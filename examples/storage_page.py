"""The page that shows what the storage holds: for the demo, and for nobody else."""

import json
from contextlib import suppress
from hashlib import sha256
from math import isinf
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup, escape

from cross_auth import SessionData, StorageError, aio, read_session_cookie
from examples import inside
from examples.fastapi_app import CONFIG, SentId, Storage, Visitor
from examples.pages import MORE, templates

LONGEST = 8192  # letters of a value
SCRIPT = Path(__file__).parent.joinpath("templates/countdown.js").read_text("utf-8")
router = APIRouter(prefix="/storage", default_response_class=HTMLResponse, max_body_size=16_384)


@router.get("")
async def show(request: Request, session: Visitor, session_id: SentId, storage: Storage) -> str:
    return await page(request, session, session_id, storage)


@router.post("")
async def try_out(
    request: Request, session: Visitor, session_id: SentId, storage: Storage, cookie: Annotated[str, Form()]
) -> str:
    """Say what a request with this cookie would be: the site's own way from a header to a session."""
    found_id = read_session_cookie(f"{CONFIG.name}={cookie}", CONFIG)
    if found_id is None:
        verdict = "No session. An id has 43 characters and this is none, so the storage was not even asked."
    elif found := await aio.get_session(found_id, storage):
        verdict = f"A session of {found.user_id}: this is a live id, which only one browser should have."
    else:
        verdict = f"No session. The storage was asked for session:{sha256(found_id.encode()).hexdigest()} and has none."
    return await page(request, session, session_id, storage, verdict=verdict)


async def page(
    request: Request, session: SessionData | None, session_id: str, storage: Storage, verdict: str = ""
) -> str:
    try:
        entries = await inside.look(storage, keys_of(session) if session else ())
    except StorageError:  # a server may refuse to list, and serve all else
        entries = None
    is_cut = len(entries or ()) >= inside.LIMIT
    came, gone = changes(request, None if entries is None or is_cut else [entry.key for entry in entries])
    return templates.get_template("storage.html").render(
        session=session,
        storage_name=inside.name(storage),
        cookie_name=CONFIG.name,
        digest=sha256(session_id.encode()).hexdigest(),
        verdict=verdict,
        came=came,
        gone=gone,
        kinds={} if entries is None else inside.KINDS,
        groups={kind: [entry for entry in entries or () if entry.kind == kind] for kind in inside.KINDS},
        limit=inside.LIMIT,
        is_cut=is_cut,
    )


def changes(request: Request, keys: list[str] | None) -> tuple[list[str], list[str]]:
    """Return the keys that came and went since all were last seen; none where not all are seen now."""
    seen: dict[str, None] | None = getattr(request.app.state, "seen", None)  # of this process: a demo has one reader
    request.app.state.seen = None if keys is None else dict.fromkeys(keys)
    if seen is None or keys is None:
        return [], []
    return [key for key in request.app.state.seen if key not in seen], [key for key in seen if key not in keys]


def keys_of(session: SessionData) -> list[str]:
    """Return under which keys there may be something of a session and of its user."""
    keys = [f"{kind}:{session.handle}" for kind in ("session", "alive", "next", "unlocked")]
    return [*keys, f"user:{sha256(session.user_id.encode()).hexdigest()}"]


def marked(text: str, handle: str | None) -> Markup:
    """Return a text, escaped, with a handle in it marked."""
    return Markup("<mark>{}</mark>").format(handle).join(map(escape, text.split(handle))) if handle else escape(text)


def indented(value: str) -> str:
    """Return a value as it is, or on lines of its own what is JSON, and no more of it than a page can show."""
    if len(value) >= LONGEST:
        return f"{value[:LONGEST]}…"
    with suppress(RecursionError, ValueError):
        lines = json.dumps(json.loads(value), indent=2, ensure_ascii=False) if value.startswith("{") else value
        lines.encode()  # half a character, which JSON can hold and a page cannot, is a ValueError
        return lines
    return value


def clock(seconds: float) -> str:
    """Return hours, minutes and seconds, which ``countdown.js`` counts down."""
    left = int(seconds)
    return f"{left // 3600:02}:{left // 60 % 60:02}:{left % 60:02}" if left > 0 else "over"


templates.filters |= {"marked": marked, "indented": indented, "clock": clock}
templates.tests["endless"] = isinf
templates.globals["script"] = Markup(SCRIPT)  # noqa: S704  a file of this folder
MORE["/storage"] = "Storage"
