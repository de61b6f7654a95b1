"""The program of the child: judges one term after the other, within limits it cannot lift.

It is run by its path, so it imports the standard library and Jinja2 only.  Two lines on its
input ask: `[type, text]` and the payload, both JSON.  Two lines answer: `begun`, then
`[outcome, reason]`, where the reason is only given for what is incorrect or failed.  Before
the first it says `ready`.  The end of its input is its own end: it does not outlive the parent.
"""

import importlib
import json
import re
import resource
import signal
import sys
from contextlib import suppress
from typing import Any

from jinja2 import Environment, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

MEMORY = 256 * 1024 * 1024  # bytes of address space, Python's own 25 MB included
LONGEST_OUTPUT = 50_000  # characters
LONGEST_REASON = 200
TRUE = {"1", "true", "ok"}
# Jinja2 and `re` import these when a term first needs them, and by then no file opens.
LATER = (
    "encodings.unicode_escape",
    "html",
    "jinja2.constants",
    "jinja2.debug",
    "pprint",
    "textwrap",
    "unicodedata",
)

Answer = tuple[str, str]


def main() -> None:
    seconds = float(sys.argv[1])
    environment = ImmutableSandboxedEnvironment(autoescape=False)
    for module in LATER:
        importlib.import_module(module)
    give_up_rights()
    # What is slow the first time is so now, and does not count as a term's work.
    for kind, text in (("jinja2", "{{ 'a' }}{{ payload.a.b }}"), ("regex", "^a$")):
        judge(environment, kind, text, b"{}")
    say(b"ready")
    while (term := sys.stdin.buffer.readline()) and (payload := sys.stdin.buffer.readline()):
        kind, text = json.loads(term)
        say(b"begun")
        # The kernel ends this process when that much work is done, whatever it is at.
        signal.setitimer(signal.ITIMER_PROF, seconds)
        answer = judge(environment, kind, text, payload)
        signal.setitimer(signal.ITIMER_PROF, 0)
        say(json.dumps(answer).encode())


def give_up_rights() -> None:
    """From here on there is little memory, no new file or socket, and no other process."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGPROF})
    limit(resource.RLIMIT_CORE, 0)
    limit(resource.RLIMIT_FSIZE, 0)
    limit(resource.RLIMIT_NPROC, 0)
    limit(resource.RLIMIT_NOFILE, 3)
    limit(resource.RLIMIT_AS, MEMORY)


def limit(what: int, most: int) -> None:
    hard = resource.getrlimit(what)[1]
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    with suppress(ValueError):  # macOS knows no limit of memory
        resource.setrlimit(what, (most, most))


def say(line: bytes) -> None:
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


def judge(environment: Environment, kind: str, text: str, payload: bytes) -> Answer:
    try:
        if kind == "regex":
            return search(text, payload.decode().rstrip("\n"))
        return render(environment, text, json.loads(payload))
    except MemoryError:
        return "memory", ""
    except Exception as error:  # noqa: BLE001  (whatever a template brings about)
        return "failed", type(error).__name__  # the message may quote the payload


def search(pattern: str, payload: str) -> Answer:
    try:
        compiled = re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return "incorrect", ""
    finally:
        re.purge()  # what one expression takes is not held against the next
    return found(compiled.search(payload) is not None)


def render(environment: Environment, text: str, payload: Any) -> Answer:
    try:
        template = environment.from_string(text)
    except TemplateSyntaxError as error:
        return "incorrect", (error.message or "it cannot be read")[:LONGEST_REASON]
    except SyntaxError as error:  # Python's, for too many blocks or a word given twice
        return "incorrect", error.msg[:LONGEST_REASON]
    except RecursionError:
        return "incorrect", "it is nested too deeply"
    pieces, length = [], 0
    for piece in template.generate(payload=payload):
        length += len(piece)
        if length > LONGEST_OUTPUT:
            return "long", ""
        pieces.append(piece)
    return found("".join(pieces).strip().lower() in TRUE)


def found(it_is: bool) -> Answer:
    return "matches" if it_is else "differs", ""


if __name__ == "__main__":
    main()
