"""A workspace with a bot in it, and starting over."""

import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from websockets.sync.client import connect as open_socket

from sandbox import Sandbox
from sandbox.page.time import TimeState
from sandbox.shapes import NotPossible
from sandbox.trial import Trial
from sandbox.workspace import PATIENCE


class StoppedTime:
    """A clock that nobody moves."""

    def look(self) -> TimeState:
        return TimeState(0.0, 1.0, True, None, "")

    def set_speed(self, speed: float) -> None: ...

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def jump(self) -> None: ...


class Greeter:
    """A bot that connects and says hello in #general."""

    def __init__(self, box: Sandbox) -> None:
        self.time = StoppedTime()
        self.client = WebClient(box.bot_token, base_url=box.api_url)
        door = WebClient(box.app_token, base_url=box.api_url)
        url = door.apps_connections_open(app_token=box.app_token)["url"]
        self.stack = ExitStack()
        self.stack.enter_context(open_socket(str(url), proxy=None))
        self.stopped = 0
        self.say("hello")

    def say(self, text: str) -> None:
        self.client.chat_postMessage(channel="#general", text=text)

    def stop(self) -> None:
        self.stopped += 1
        self.stack.close()


class Greeters:
    """Starts one after the other; `before` is called before each."""

    def __init__(self) -> None:
        self.all: list[Greeter] = []
        self.before: Callable[[], object] = lambda: None

    def __call__(self, box: Sandbox) -> Greeter:
        self.before()
        greeter = Greeter(box)
        self.all.append(greeter)
        return greeter

    def fail(self) -> None:
        raise RuntimeError("no disk")


@pytest.fixture
def greeters() -> Greeters:
    return Greeters()


def said(box: Sandbox) -> str:
    return box.person("alice").sees("general")


def test_the_page_gets_the_bots_time_and_may_start_over(manifest: Path, greeters: Greeters) -> None:
    with Trial(manifest, greeters) as trial:
        [bot] = greeters.all
        assert trial.box.page.time is bot.time
        assert trial.box.page.start_over == trial.start_over
        assert trial.box.workspace.problems == []
        assert "hello" in said(trial.box)
    assert bot.stopped == 1


def test_starting_over_empties_the_workspace_and_brings_a_new_bot(
    manifest: Path, greeters: Greeters
) -> None:
    with Trial(manifest, greeters) as trial:
        trial.box.person("alice").say("what is this?", channel="general")
        greeters.all[0].say("no idea")
        trial.start_over()
        old, new = greeters.all
        assert (old.stopped, new.stopped) == (1, 0)
        assert said(trial.box).count("hello") == 1
        assert "what is this?" not in said(trial.box)
        assert trial.box.page.time is new.time
        assert len(trial.box.sockets.connections) == 1


def test_what_the_old_bot_still_has_on_its_way_is_refused(
    manifest: Path, greeters: Greeters
) -> None:
    with Trial(manifest, greeters) as trial:
        trial.start_over()
        with pytest.raises(SlackApiError, match="invalid_auth"):
            greeters.all[0].say("late")
        greeters.all[1].say("in time")
        assert "late" not in said(trial.box)
        assert "in time" in said(trial.box)


def test_who_presses_while_it_starts_over_waits_for_that(
    manifest: Path, greeters: Greeters
) -> None:
    with Trial(manifest, greeters) as trial, ThreadPoolExecutor(3) as pool:
        begun, go_on = threading.Event(), threading.Event()

        def wait() -> None:
            begun.set()
            assert go_on.wait(PATIENCE)

        greeters.before = wait
        presses = [pool.submit(trial.start_over)]
        assert begun.wait(PATIENCE)
        presses += [pool.submit(trial.start_over) for _ in range(2)]
        until(lambda: trial.asked == 3)
        assert not any(press.done() for press in presses)
        go_on.set()
        for press in presses:
            press.result(PATIENCE)
        assert len(greeters.all) == 2
        trial.start_over()
        assert len(greeters.all) == 3


def until(true: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(2000):
        if true():
            return
        pause.wait(0.01)
    raise AssertionError("it did not happen")


def test_a_bot_that_does_not_start_can_be_tried_again(manifest: Path, greeters: Greeters) -> None:
    with Trial(manifest, greeters) as trial:
        greeters.before = greeters.fail
        for _ in range(2):
            with pytest.raises(NotPossible, match="The bot does not start: no disk"):
                trial.start_over()
            assert trial.box.page.time is None
            assert said(trial.box) == ""
        greeters.before = lambda: None
        trial.start_over()
        assert "hello" in said(trial.box)


def test_a_bot_that_does_not_connect_is_stopped(manifest: Path, greeters: Greeters) -> None:
    def start(box: Sandbox) -> Greeter:
        bot = greeters(box)
        if len(greeters.all) == 2:
            bot.stack.close()
            box.wait(lambda: not box.sockets.connections)
        return bot

    with Trial(manifest, start, connect_seconds=0.1) as trial:
        with pytest.raises(NotPossible, match="does not start"):
            trial.start_over()
        assert greeters.all[1].stopped == 1
        trial.start_over()
        assert trial.box.page.time is greeters.all[2].time


def test_a_bot_that_stops_badly_holds_nothing_up(manifest: Path) -> None:
    class Sulking(Greeter):
        def stop(self) -> None:
            super().stop()
            raise RuntimeError("I won't")

    with Trial(manifest, Sulking) as trial:
        trial.start_over()
        assert said(trial.box).count("hello") == 1


def test_the_workspace_ends_also_when_somebody_is_tired_of_waiting(manifest: Path) -> None:
    class Slow(Greeter):
        def stop(self) -> None:
            super().stop()
            raise KeyboardInterrupt

    trial = Trial(manifest, Slow)
    with pytest.raises(KeyboardInterrupt), trial:
        pass
    with socket.create_server(("127.0.0.1", int(trial.box.url.rpartition(":")[2]))):
        pass


def test_without_a_first_bot_there_is_no_workspace(manifest: Path, greeters: Greeters) -> None:
    greeters.before = greeters.fail
    trial = Trial(manifest, greeters)
    with pytest.raises(NotPossible, match="no disk"):
        trial.__enter__()
    with socket.create_server(("127.0.0.1", int(trial.box.url.rpartition(":")[2]))):
        pass


def test_a_port_that_is_taken(manifest: Path, greeters: Greeters) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        trial = Trial(manifest, greeters, taken.getsockname()[1])
        with pytest.raises(OSError, match="in use"):
            trial.__enter__()
    assert greeters.all == []
