"""What a person does to the sandbox itself: its time, its troubles, and starting over."""

from sandbox.page.clock import SPEEDS
from sandbox.page.tab import Tab
from sandbox.page.time import Time
from sandbox.page.trouble import NAMES
from sandbox.page.verbs import Request, Work, verb
from sandbox.shapes import Json, NotPossible


@verb("time")
def set_time(tab: Tab, request: Request) -> Work:
    wanted = request.text("set")
    clock = tab.page.clock
    if wanted == "speed":
        speed = request.number("speed", least=min(SPEEDS), most=max(SPEEDS))
        if speed not in SPEEDS:
            raise NotPossible(f"`speed` must be one of {SPEEDS}")
        return lambda: clock.change(lambda time: time.set_speed(speed))
    ways = {"pause": Time.pause, "resume": Time.resume, "jump": Time.jump}
    if wanted not in ways:
        raise NotPossible("`set` must be speed, pause, resume or jump")
    return lambda: clock.change(lambda time: getattr(time, wanted)())


@verb("trouble")
def trouble(tab: Tab, request: Request) -> Json:
    name = request.text("name")
    if name not in NAMES:
        raise NotPossible("There is no such switch")
    on = request.flag("on")
    with tab.workspace.editing():
        tab.page.trouble.switch(name, on)
    return {}


@verb("watch")
def watch(tab: Tab, request: Request) -> Json:
    tab.watching_from = 0 if request.flag("on") else None
    return {}


@verb("start_over")
def start_over(tab: Tab, _request: Request) -> Work:
    return tab.page.begin_starting_over()
