"""The pages of the site, as HTML: every recipe in this folder sends these and differs in its framework alone."""

import secrets
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cross_auth import SessionConfig, SessionData, SessionInfo, make_session_cookie

# This is a demo: a real site keeps hashes made for passwords, such as argon2-cffi makes, and shows nobody's.
USERS = {"alice": "looking-glass", "bob": "can-we-fix-it"}
RECOVERY_CODES = ("7QFD-K2MX", "P4WN-93TB", "XJ6H-VC8R", "2LKM-Y7GS", "B9TE-5ZPQ", "HN3V-D6WA")

# The first that a User-Agent holds is its name: most claim to be several of these, in this order.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "Chrome/": "Chrome",
    "CriOS/": "Chrome",
    "Safari/": "Safari",
    "curl/": "curl",
    "python-httpx/": "HTTPX",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}

templates = Environment(
    autoescape=True,
    loader=FileSystemLoader(Path(__file__).parent / "templates", "utf-8"),
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)
STYLE = Path(__file__).parent.joinpath("templates/style.css").read_text("utf-8")
MORE: dict[str, str] = {}  # of pages that a program adds: where each is, and the text of the link to it
templates.globals |= {"style": Markup(STYLE), "more": MORE, "users": USERS}  # noqa: S704  a file of this folder


def knows(username: str, password: str) -> bool:
    """Tell whether this is a user and their password, in the same time for a wrong name and a wrong password."""
    wanted = USERS.get(username, secrets.token_hex())
    return secrets.compare_digest(_digest(password), _digest(wanted))


def _digest(text: str) -> bytes:
    """Return bytes of one length for every text, so that a comparison does not tell the length of a password."""
    return sha256(text.encode("utf-8", "replace")).digest()


def device(user_agent: str | None) -> dict[str, str]:
    """Return the metadata that let users tell their devices apart; nothing of the header itself is in it."""
    header = user_agent or ""
    browser = next((name for sign, name in BROWSERS.items() if sign in header), "Unknown browser")
    system = next((f" on {name}" for sign, name in SYSTEMS.items() if sign in header), "")
    return {"browser": browser + system}


def log_in(message: str = "", username: str = "") -> str:
    """Return the form that starts a session."""
    return templates.get_template("log_in.html").render(message=message, username=username)


def home(session: SessionData, config: SessionConfig, unlocked: bool, message: str = "") -> str:
    """Return what users see of their session and of its cookie, and the area behind a second look at the password."""
    return templates.get_template("home.html").render(
        session=session,
        cookie=make_session_cookie("stand-in", config),  # the page needs its attributes and must never see the id
        codes=RECOVERY_CODES if unlocked else (),
        message=message,
    )


def devices(session: SessionData, sessions: list[SessionInfo]) -> str:
    """Return the list of a user's sessions, each but this one with a button that ends it."""
    return templates.get_template("devices.html").render(session=session, sessions=sessions)


def message(text: str) -> str:
    """Return a page that says why there is no other."""
    return templates.get_template("message.html").render(text=text)
