"""What a person does with elements: press, type, choose, submit and close."""

from sandbox import state
from sandbox.channels import Message
from sandbox.choices import groups_of
from sandbox.modals import Modal, OpenView, interact
from sandbox.page import values
from sandbox.page.tab import Tab
from sandbox.page.talk import finished
from sandbox.page.verbs import Request, Work, verb
from sandbox.shapes import Json, NotPossible

GONE = "This is not open any more"
LONGEST_QUERY = 3_000


def open_view(tab: Tab, request: Request) -> OpenView:
    """The view that is meant, if it is in front of this person."""
    view_id = request.text("view")
    if any(view_id == each.id for each in tab.person.host.views.stack(tab.person.id)):
        return Modal(tab.person.host, tab.person.id, view_id)
    home = tab.person.home()
    if home is None or home.id != view_id:
        raise NotPossible(GONE)
    return home


def front_modal(tab: Tab, request: Request) -> Modal:
    view = open_view(tab, request)
    front = tab.person.modal()
    if front is None or front.id != view.id:
        raise NotPossible("Another form is in front of this one")
    return front


def element(blocks: list[Json], request: Request) -> state.Field:
    key = (request.text("block_id"), request.text("action_id"))
    for field in state.interactive(blocks):
        if field.key == key:
            return field
    raise NotPossible("This has changed: what you used is not there any more")


def element_in_message(blocks: list[Json], request: Request) -> state.Field:
    """The same, or what has taken its place: a block without an id gets another at each edit.

    Somebody may press while the message is edited, as they may on the platform.
    """
    action_id = request.text("action_id")
    alike = [field for field in state.interactive(blocks) if field.key[1] == action_id]
    is_there = any(field.key[0] == request.text("block_id") for field in alike)
    return alike[0] if len(alike) == 1 and not is_there else element(blocks, request)


@verb("press")
def press(tab: Tab, request: Request) -> Work:
    tab.person.check_here()
    message = request.message(tab.person)
    blocks = message.all_blocks
    field = element_in_message(blocks, request)
    value = values.checked(tab.person, field, request.object("value"))
    holds = tab.page.chosen_in(tab.person, message)
    if field.type in state.VALUES:
        holds[field.key] = value
    shown = state.kept_values(holds, blocks)
    payload = tab.person.action(message, field, value, shown)
    return lambda: finished(interact(tab.person.host, tab.person.id, payload))


@verb("fill")
def fill(tab: Tab, request: Request) -> Json:
    view = open_view(tab, request)
    field = element(view.view.blocks, request)
    if field.type not in state.VALUES:
        raise NotPossible("Nothing can be filled in here")
    view.keep(field, values.checked(tab.person, field, request.object("value")))
    return {}


@verb("act")
def act(tab: Tab, request: Request) -> Work:
    tab.person.check_here()
    view = open_view(tab, request)
    field = element(view.view.blocks, request)
    if not field.dispatches:
        raise NotPossible("The bot is not told of this before the form is sent")
    value = values.checked(tab.person, field, request.object("value"))
    if field.type in state.VALUES:
        view.keep(field, value)
    payload = view.action(field, value)
    return lambda: finished(interact(tab.person.host, tab.person.id, payload))


@verb("suggest")
def suggest(tab: Tab, request: Request) -> Work:
    query = request.text("query", most=LONGEST_QUERY)
    if request.optional("view") is not None:
        view = open_view(tab, request)
        field = element(view.view.blocks, request)
        return lambda: {"groups": groups_of(view.suggested(field, query))}
    message: Message = request.message(tab.person)
    in_message = element(message.all_blocks, request)
    return lambda: {"groups": groups_of(tab.person.suggested(message, in_message, query))}


@verb("submit")
def submit(tab: Tab, request: Request) -> Json | Work:
    tab.person.check_here()
    modal = front_modal(tab, request)
    view = modal.check_submittable()
    if modal.refuse(view):
        return {}
    payload = modal.payload(view)

    def work() -> Json:
        done = modal.settle(view, modal.host.deliver("interactive", payload))
        if done.failed is not None:
            raise NotPossible(done.failed)
        return {}

    return work


@verb("close")
def close(tab: Tab, request: Request) -> Json | Work:
    modal = front_modal(tab, request)
    told = modal.take_away(request.flag("everything", otherwise=False))
    if not told:
        return {}

    def work() -> Json:
        # That the bot does not hear of it changes nothing for the person.
        for payload in told:
            modal.host.deliver("interactive", payload)
        return {}

    return work


@verb("open_home")
def open_home(tab: Tab, request: Request) -> Json:
    tab_name = request.optional("tab") or "home"
    if tab_name not in ("home", "messages"):
        raise NotPossible("`tab` must be home or messages")
    tab.person.open_home(tab_name)
    return {}
