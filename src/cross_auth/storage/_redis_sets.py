"""Sets whose members expire one by one: a sorted set a key, each member scored by the millisecond that it ends in.

The milliseconds are those of the server's clock, which only a script can read in the call that needs it.
The key expires with its longest-lived member.
"""

from collections.abc import Callable, Iterable
from typing import Any

_DROPPED = 1000  # dead members at most a call, which is some 0.1 ms of the server's time

# Lua may write a number with an exponent, which a command takes for none: hence %.0f.
_NOW = """
local now = redis.call('TIME')
now = now[1] * 1000 + math.floor(now[2] / 1000)
"""

# A full memory refuses ZADD, but not in a script that has already written something: hence it is first.
ADD = f"""{_NOW}
redis.call('ZADD', KEYS[1], 'GT', string.format('%.0f', now + ARGV[2] * 1000), ARGV[1])
local dead = redis.call('ZCOUNT', KEYS[1], '-inf', string.format('%.0f', now))
if dead > 0 then
  redis.call('ZREMRANGEBYRANK', KEYS[1], 0, math.min(dead, {_DROPPED}) - 1)
end
local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')[2]
redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', last))
"""

MEMBERS = f"""{_NOW}
return redis.call('ZRANGEBYSCORE', KEYS[1], string.format('(%.0f', now), '+inf')
"""


def asking_script(ask: Callable[..., Any], script: str) -> Callable[..., Any]:
    """Return how to send a script about one key; its text is not among the arguments, which no error may show."""

    def ask_script(command: str, *arguments: str | int) -> Any:
        return ask(command, script, 1, *arguments)

    return ask_script


def texts(values: Iterable[bytes | str]) -> list[str]:
    return [value.decode() if isinstance(value, bytes) else value for value in values]
