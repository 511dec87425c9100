"""The site on Flask: a blueprint, what a request carries in ``g``, and the storage among the app's extensions."""

import os
from contextlib import suppress

from flask import Blueprint, Flask, abort, current_app, g, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

import cross_auth
from cross_auth import Cookie, IndexedStorage, SessionConfig, SessionData, StorageError
from cross_auth.storage import open_storage
from examples import pages

# Safari drops Secure cookies over plain HTTP, even on localhost; a site over HTTPS uses SessionConfig.host_prefixed().
CONFIG = SessionConfig(secure=False)
site = Blueprint("site", __name__)


@site.before_app_request
def look_at_the_request() -> ResponseReturnValue | None:
    if cross_auth.is_cross_origin(request.method, request.headers):
        return pages.message("This form was sent from another site."), 403
    g.storage = current_app.extensions["sessions"]
    g.sent_id = cross_auth.read_session_cookie(request.headers.get("Cookie"), CONFIG) or ""  # no session's id
    return None


@site.after_app_request
def keep_out_of_caches(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@site.app_errorhandler(StorageError)
def unreachable(error: StorageError) -> ResponseReturnValue:
    current_app.logger.error("The storage of the sessions failed.", exc_info=error)
    return pages.message("Sessions cannot be reached right now. Please try again."), 503


def signed_in() -> SessionData:
    return cross_auth.touch_session(g.sent_id, g.storage) or abort(redirect("/", 303))


def see_other(path: str, cookie: Cookie | None = None) -> Response:
    response = redirect(path, 303)
    if cookie is not None:
        response.set_cookie(**cookie.to_dict())
    return response


def page_of(session: SessionData, message: str = "") -> str:
    unlocked = g.storage.get(f"unlocked:{session.handle}") is not None
    return pages.home(session, CONFIG, unlocked, message)


@site.get("/")
def home() -> str:
    session = cross_auth.touch_session(g.sent_id, g.storage)
    return page_of(session) if session else pages.log_in()


@site.post("/login")
def log_in() -> ResponseReturnValue:
    username, password = request.form["username"], request.form["password"]
    if not pages.knows(username, password):
        return pages.log_in("Wrong name or password.", username), 401
    device = pages.device(request.headers.get("User-Agent"))
    new_id, _ = cross_auth.create_session(username, g.storage, idle_timeout=1800, metadata=device, replaces=g.sent_id)
    return see_other("/", cross_auth.make_session_cookie(new_id, CONFIG))


@site.post("/logout")
def log_out() -> ResponseReturnValue:
    cross_auth.delete_session(g.sent_id, g.storage)
    return see_other("/", cross_auth.make_clear_cookie(CONFIG))


@site.post("/unlock")
def unlock() -> ResponseReturnValue:
    session = signed_in()
    if not pages.knows(session.user_id, request.form["password"]):
        return page_of(session, "Wrong password."), 401
    if (renewed := cross_auth.renew_session(g.sent_id, g.storage)) is None:
        return see_other("/")  # another request renewed or ended it meanwhile
    new_id, session = renewed
    with suppress(StorageError):  # the old id has ended: the new cookie goes out, the area stays closed
        g.storage.set(f"unlocked:{session.handle}", "yes", ttl=300)
    return see_other("/", cross_auth.make_session_cookie(new_id, CONFIG, expires_at=session.expires_at))


@site.get("/devices")
def devices() -> str:
    session = signed_in()
    return pages.devices(session, cross_auth.list_sessions(session.user_id, g.storage))


@site.post("/devices/sign-out")
def sign_out() -> ResponseReturnValue:
    cross_auth.revoke_session(signed_in().user_id, request.form["handle"], g.storage)
    return see_other("/devices")


@site.post("/devices/sign-out-others")
def sign_out_others() -> ResponseReturnValue:
    cross_auth.revoke_sessions(signed_in().user_id, g.storage, keep=g.sent_id)
    return see_other("/devices")


def create_app(storage: IndexedStorage) -> Flask:
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 16_384
    app.url_map.merge_slashes = False  # such a redirect names the Host that was sent
    app.extensions["sessions"] = storage
    app.register_blueprint(site)
    return app


if __name__ == "__main__":
    with open_storage(os.environ.get("STORAGE", "sqlite:///demo.db")) as storage:
        create_app(storage).run(port=int(os.environ.get("PORT", "8000")))
