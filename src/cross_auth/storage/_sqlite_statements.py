"""The tables of a SQLite file, of values and of the members of sets, and what is asked of them."""

CREATE = (
    """
    CREATE TABLE IF NOT EXISTS cross_auth_storage (
        key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL, expires_at INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
    "CREATE INDEX IF NOT EXISTS cross_auth_storage_expires_at ON cross_auth_storage (expires_at)",
    """
    CREATE TABLE IF NOT EXISTS cross_auth_storage_members (
        key TEXT NOT NULL, member TEXT NOT NULL, expires_at INTEGER NOT NULL, PRIMARY KEY (key, member)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX IF NOT EXISTS cross_auth_storage_members_expires_at ON cross_auth_storage_members (expires_at)",
)

SET = "INSERT OR REPLACE INTO cross_auth_storage (key, value, expires_at) VALUES (?, ?, ?)"
GET = "SELECT value FROM cross_auth_storage WHERE key = ? AND expires_at > ?"
DELETE = "DELETE FROM cross_auth_storage WHERE key = ?"
TAKE = "DELETE FROM cross_auth_storage WHERE key = ? AND value = ?"
EXPIRE = """
DELETE FROM cross_auth_storage WHERE key IN
    (SELECT key FROM cross_auth_storage WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)
"""

ADD = """
INSERT INTO cross_auth_storage_members (key, member, expires_at) VALUES (?, ?, ?)
ON CONFLICT (key, member) DO UPDATE SET expires_at = max(expires_at, excluded.expires_at)
"""
MEMBERS = "SELECT member FROM cross_auth_storage_members WHERE key = ? AND expires_at > ?"
DISCARD = "DELETE FROM cross_auth_storage_members WHERE key = ? AND member = ?"
EXPIRE_MEMBERS = """
DELETE FROM cross_auth_storage_members WHERE (key, member) IN
    (SELECT key, member FROM cross_auth_storage_members WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)
"""
