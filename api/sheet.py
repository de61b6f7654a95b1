"""The web page of an alert group as HTML: readable on a phone, in light and dark, no script."""

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime
from html import escape

from core.models import State, User
from core.story import Story

STYLE = """
:root { color-scheme: light dark; --ink: #1c1c1e; --soft: #5c5c61; --paper: #fff; --card: #f4f4f6;
  --line: #d8d8dd; --link: #0b57d0; --firing: #b3261e; --held: #8a5a00; --over: #1b6e3c; }
@media (prefers-color-scheme: dark) { :root { --ink: #f0f0f2; --soft: #a9a9b0; --paper: #111113;
  --card: #1d1d20; --line: #3a3a3f; --link: #9dc1ff; --firing: #ff9a90; --held: #f5c26b;
  --over: #7fd6a0; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 1.25rem 1rem 3rem; }
h1 { margin: 0 0 1rem; font-size: 1.375rem; line-height: 1.3; overflow-wrap: anywhere; }
h1.long { font-size: 1.0625rem; }
h2 { margin: 1.5rem 0 .5rem; font-size: .875rem; font-weight: 600; color: var(--soft); }
.state { margin: 0 0 .5rem; font-weight: 600; color: var(--held); }
.state.firing { color: var(--firing); }
.state.resolved { color: var(--over); }
dl { margin: 0; display: grid; grid-template-columns: max-content 1fr; gap: .375rem 1rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
pre { margin: 0; padding: .875rem 1rem; background: var(--card); border: 1px solid var(--line);
  border-radius: .5rem; font: .9375rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace;
  white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; }
a { color: var(--link); }
code { font: .875em ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.wrong { margin: 0 0 1rem; padding: .625rem .875rem; border-left: .25rem solid var(--firing);
  background: var(--card); }
label { display: block; margin: 1.25rem 0 .375rem; font-weight: 600; }
input, button { width: 100%; padding: .75rem; font: inherit; border-radius: .5rem;
  border: 1px solid var(--soft); background: var(--paper); color: var(--ink); }
button { margin-top: .75rem; border-color: var(--link); background: var(--link);
  color: var(--paper); font-weight: 600; }
input:focus-visible, button:focus-visible, a:focus-visible { outline: 3px solid var(--link);
  outline-offset: 2px; }
"""
STYLE_HASH = "sha256-" + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

LONG_TITLE = 120  # characters, from which on it is set smaller
URL_LENGTH = 100  # of a link as it is shown; it leads to the whole
HEADLINES = {
    State.FIRING: "Firing",
    State.ACKNOWLEDGED: "Acknowledged",
    State.SILENCED: "Silenced",
    State.RESOLVED: "Resolved",
}
FORM = """
<h1>Read an alert</h1>
{wrong}<p>Whoever has a Tocsin token can read this page. Yours is sent to this server only, and
only to show the page; it is not kept.</p>
<form method="post">
<label for="token">Your token</label>
<input id="token" name="token" type="password" required autofocus
 autocomplete="current-password" autocapitalize="off" spellcheck="false">
<button>Show the alert</button>
</form>
<p class="soft">No token? Whoever runs Tocsin can make you one:
<code>app.py token create --user you@example.com --name phone</code></p>
"""


def form(wrong: str | None = None) -> str:
    """What a stranger sees; `wrong`: why the token they gave will not do."""
    said = f'<p class="wrong" role="alert">{escape(wrong)}</p>\n' if wrong else ""
    return _sheet("Read an alert", FORM.format(wrong=said))


def saying(words: str) -> str:
    """A page with one sentence."""
    return _sheet("Tocsin", f"<h1>{escape(words)}</h1>")


def alert(told: Story, reader: User) -> str:
    """The alert group, whole, with times where the reader lives."""
    title = told.title or "Alert without text"
    size = ' class="long"' if len(title) > LONG_TITLE else ""
    rows = [(name, value) for name, value in _rows(told, reader) if value]
    facts = "".join(f"<dt>{name}</dt><dd>{value}</dd>\n" for name, value in rows)
    return _sheet(
        f"{HEADLINES[told.state]}: {title}",
        f'<p class="state {told.state.value}">{_state(told)}</p>\n'
        f'<h1 dir="auto"{size}>{escape(title)}</h1>\n'
        f"<dl>\n{facts}</dl>\n{_message(told)}\n"
        f'<p class="soft">Times are those of {escape(reader.zone.key)}.</p>',
    )


def _state(told: Story) -> str:
    if told.state is not State.FIRING:
        return HEADLINES[told.state]
    if any(each.outcome is None for each in told.responders):
        return "Firing: nobody has answered yet"
    return "Firing: nobody has answered, and nobody is being paged any more"


def _rows(told: Story, reader: User) -> Sequence[tuple[str, str]]:
    """What is said of the alert group: a name and its HTML, which may be empty."""
    who = escape(told.holder.name) if told.holder else "somebody"
    since = f"{who}, since {_time(told.since, reader)}"
    at = f"{who}, {_time(told.since, reader)}"
    held = {
        State.ACKNOWLEDGED: ("Who has it", since),
        State.SILENCED: ("Silenced by", at),
        State.RESOLVED: ("Resolved by", at),
    }.get(told.state, ("Who has it", "nobody"))
    paged = [escape(each.person.name) for each in told.responders if each.outcome is None]
    until = _time(told.silenced_until, reader) if told.silenced_until else "further notice"
    asked = f"{escape(told.author.name)}, {_time(told.created_at, reader)}"
    readable = told.is_public or told.author.id == reader.id
    return [
        held,
        ("Until", until if told.state is State.SILENCED else ""),
        ("Being paged", ", ".join(paged)),
        ("Asked for help", asked),
        ("Source", _link(told.source_url)),
        ("In Slack", _link(told.link, "Open the alert") if readable else ""),
    ]


def _message(told: Story) -> str:
    if told.is_wiped:
        who = escape(told.removed_by.name) if told.removed_by else "somebody"
        return f'<p class="soft">Wiped by {who}: its text was removed.</p>'
    if not told.message:
        return '<p class="soft">There is no message beside the title.</p>'
    # A line end right after <pre> would be dropped, so there is one to drop.
    return f'<h2>Message</h2>\n<pre dir="auto">\n{escape(told.message)}</pre>'


def _link(url: str | None, label: str | None = None) -> str:
    if not url or not url.lower().startswith(("https://", "http://")):
        return ""
    shown = label or (url if len(url) <= URL_LENGTH else f"{url[:URL_LENGTH]}…")
    return f'<a href="{escape(url)}" rel="noreferrer noopener">{escape(shown)}</a>'


def _time(at: datetime, reader: User) -> str:
    there = at.astimezone(reader.zone)
    words = f"{there.day} {there.strftime('%B %Y, %H:%M')}"
    return f'<time datetime="{at.isoformat(timespec="seconds")}">{words}</time>'


def _sheet(title: str, content: str) -> str:
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{content}\n</main>\n</body>\n</html>\n"
    )
