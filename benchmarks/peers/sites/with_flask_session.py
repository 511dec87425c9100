"""Flask-Session on Redis; a log-in and a change of privilege make a new id, as its guide advises."""

from typing import Any

from flask import Flask, request, session
from flask_session import Session  # type: ignore[import-not-found]  # the peers' packages are elsewhere
from redis import Redis

from benchmarks.peers.sites.serving import ABSOLUTE, HOST_COOKIE, IDLE, USER, hold, order, serve_wsgi

ORDER = order()
SETTINGS: dict[str, dict[str, Any]] = {
    "default": {},
    "host": {"SESSION_COOKIE_NAME": HOST_COOKIE, "SESSION_COOKIE_SECURE": True},
    "idle": {"PERMANENT_SESSION_LIFETIME": IDLE},
    "absolute": {"PERMANENT_SESSION_LIFETIME": ABSOLUTE, "SESSION_REFRESH_EACH_REQUEST": False},
    "both": {"PERMANENT_SESSION_LIFETIME": IDLE},
}
app: Any = Flask(__name__)
app.config.update(SESSION_TYPE="redis", SESSION_REDIS=Redis.from_url(ORDER.redis), **SETTINGS[ORDER.mode])
Session(app)


@app.get("/who")  # type: ignore[untyped-decorator]  # a Flask whose session_interface has one method more
def who() -> str:
    return answer(session.get("user", ""))


@app.route("/note", methods=["GET", "POST"])  # type: ignore[untyped-decorator]  # as above
def note() -> str:
    if request.method == "POST":
        session["note"] = "kept"
    return answer(session.get("note", ""))


@app.post("/log-in")  # type: ignore[untyped-decorator]  # as above
def log_in() -> str:
    session["user"] = USER
    app.session_interface.regenerate(session)
    return ""


@app.post("/log-out")  # type: ignore[untyped-decorator]  # as above
def log_out() -> str:
    session.clear()
    return ""


@app.post("/renew")  # type: ignore[untyped-decorator]  # as above
def renew() -> str:
    app.session_interface.regenerate(session)
    return answer("")


def answer(text: str) -> str:
    if "hold" in request.args:
        hold()
    return text


if __name__ == "__main__":
    serve_wsgi(app, "Flask-Session")
