"""What a page of a team comes to, as forms and the Home tab say it."""

from bot.views.chain import BY_DEFAULT
from bot.views.fitting import SECTION_LENGTH, size
from bot.views.team_words import besides, pages
from core.audiences import Member
from core.models import ChainStep, PolicyType
from core.outlook import Outlook, StepOutlook


def calling(*, important: bool = False, name: str = "Ana") -> Outlook:
    step = ChainStep(PolicyType.NOTIFY_PERSONS, persons=("U1",), important=important)
    return Outlook((StepOutlook(step, (Member("U1", name),)),), calls=True, chain=name)


def test_an_important_page_that_no_important_step_is_for() -> None:
    bob = calling(name="Bob")
    told = [
        "• A page to SRE will call Bob at once.\nChain Bob.",
        f"• An important page to SRE will call Ana at once. {BY_DEFAULT}\nChain Ana.",
    ]
    assert pages(bob, calling(), "SRE") == told
    assert BY_DEFAULT not in str(pages(bob, calling(important=True), "SRE"))
    assert BY_DEFAULT not in str(pages(bob, bob, "SRE"))
    [normal, important] = besides(bob, calling())
    assert BY_DEFAULT not in normal
    assert f"also Ana at once. {BY_DEFAULT}" in important


def test_what_is_the_same_for_both_is_said_once() -> None:
    normal, important = (
        StepOutlook(ChainStep(PolicyType.NOTIFY_TEAM, important=each), (), "SRE")
        for each in (False, True)
    )
    nobody = "• Nobody hears of a page to SRE: its chain calls nobody now. Choose members for "
    assert pages(Outlook((normal,)), Outlook((important,)), "SRE") == [f"{nobody}team SRE."]
    assert pages(Outlook((normal,)), Outlook(), "SRE") == [f"{nobody}team SRE."]
    assert pages(Outlook(), Outlook((important,)), "SRE") == [f"{nobody}team SRE."]
    quiet, loud = (
        Outlook((step,), slack_channel="C1", slack_channel_name="#sre")
        for step in (normal, important)
    )
    only = "• Any page to SRE, important or not, calls nobody: only #sre hears of it."
    assert pages(quiet, loud, "SRE") == [only]
    other = Outlook((normal,), slack_channel="C2", slack_channel_name="#ops")
    assert len(pages(quiet, other, "SRE")) == 2
    assert len(pages(quiet, calling(), "SRE")) == 2


def test_two_long_pages_fit_into_a_section() -> None:
    name = "&" * 1_000
    step = calling(name=name).steps[0]
    default, important = (Outlook((step,) * count, True, name, "C1", name) for count in (100, 101))
    told = "\n".join(["x" * 80, *pages(default, important, name)])
    assert told.count(BY_DEFAULT) == 1
    assert size(told) <= SECTION_LENGTH
