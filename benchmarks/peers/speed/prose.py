"""What the page says around the tables: how it was measured, what bounds a side, and what is not alike."""

HEAD = """## Beside other libraries

One session is made for a user and stored, loaded by its id, and ended: by this library and by others, on the same stores.
A cell has the microseconds of a call, and in brackets how many times as long as this library's it was in the same round: medians of {rounds} rounds, and quartiles.
Below 1 the other is faster.

Each side is a process in an environment of its own, this library and the work by hand too, and each holds {sessions} sessions while it loads them.
Sessions are checked when the clock has stopped: whose they are, and that nobody gets one that was ended.
Sides that await do one operation after the other, and stand beside this library awaited; the others beside its plain functions.
Each is asked by its own functions below HTTP, as its documentation sets it up (`benchmarks/peers/speed/workers`).
The second tables say what is done in that time: an end by its own clock, and calls, were seen; the rest is what the code says."""  # noqa: E501  # a sentence a line

TITLES = {
    "memory": "In memory",
    "no store": "Nothing stored",
    "SQLite": "On a disk",
    "Redis": "On Redis",
    "PostgreSQL": "On PostgreSQL",
}

REMARKS = {
    "memory": """* In memory crudauth has no index of users: a log-in reads all sessions that there are to count the user's, and an end has nothing to clear.
* What starsessions keeps in memory never ends.
* `locmem` and cachelib drop sessions above 300 and 500 unless they are told of more, as here.
* `save_session` of Flask-Session also writes the `Set-Cookie` header; no function of it stores a session without that.""",  # noqa: E501  # a sentence a line
    "no store": """* Beside this library in memory.
* Here a signature is checked, there a record is loaded; a log-out has nothing here that it could end.""",
    "SQLite": """* All peers on SQLite have a write-ahead log that is synced at every commit, as this library has; it was read back on their connections.
* This library commits twice to create and twice to delete, the index of the user and the record; they commit once.
* The connection of Django stays open, for which a site has to set `CONN_MAX_AGE`.
* cross-auth marks the row of a session that was ended, and keeps it. Its functions below HTTP are not public; they are what the public ones call.
* Neither store of files can be told to sync: what was acknowledged may be gone after a power cut. A thread does the file's work for Litestar.""",  # noqa: E501  # a sentence a line
    "Redis": """* starsessions, Litestar, Flask-Session and Django keep no index of users, so that no function of them finds the sessions of one.
* They leave the end of a session to the server, and take what it says as it is: a load by starsessions or Litestar is one GET and the parse of its JSON.
* Noting activity is what crudauth does unless it is told not to. Its tokens for forms are left out; they would be one more write.
* Every client has its parser in C: hiredis, and libvalkey for valkey-py.""",  # noqa: E501  # a sentence a line
    "PostgreSQL": """* Flask-Session and cross-auth open a transaction to read, and end it: two more calls.
* Django stays connected and in autocommit mode; to create it asks whether the id is taken and opens a transaction, and to delete it loads the row first.""",  # noqa: E501  # a sentence a line
}

UNMET = {
    "memory": "This library also keeps and clears an index of the user, by which all sessions of a user are found.",
    "SQLite": "What bounds it is SQLite itself, as the work by hand shows.",
    "Redis": "What bounds it is redis-py and the way to the server and back, which both have.",
    "PostgreSQL": "What bounds it is the way to the server and back, which both have.",
}
