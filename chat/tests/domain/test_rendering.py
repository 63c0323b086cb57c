"""Old messages are rendered again when the renderer has changed."""

import pytest

from chat.domain import rendering, text
from chat.domain.mentioning import References
from chat.jobs import rendering as jobs
from chat.models import Job, Message, Site
from chat.tests.running_jobs import run_jobs
from chat.tests.talk import head, post_message

pytestmark = pytest.mark.django_db


def make_old(message, html: str = "<p>old</p>\n") -> None:
    """Let a message be one that an older renderer has rendered."""
    Message.objects.filter(pk=message.pk).update(html=html, renderer=1)


def forms() -> list[tuple[str, int]]:
    return list(Message.objects.order_by("pk").values_list("html", "renderer"))


def test_old_messages_are_rendered_again_without_a_version(harbour, alice, monkeypatch):
    monkeypatch.setattr(rendering, "BATCH", 2)
    for body in ("||one||", "two", "three", "**four**", "five"):
        make_old(post_message(harbour, alice, body))
    before = list(Message.objects.order_by("pk").values_list("version", "edited_at", "text"))
    jobs.begin.enqueue()
    ran = run_jobs(also_later=True)
    while Job.objects.queued().exists():
        ran += run_jobs(also_later=True)
    assert ran == ["rendering.begin", *["rendering.render_older"] * 3]
    assert forms() == [
        ('<p><span class="spoiler">one</span></p>\n', text.RENDERER),
        ("<p>two</p>\n", text.RENDERER),
        ("<p>three</p>\n", text.RENDERER),
        ("<p><strong>four</strong></p>\n", text.RENDERER),
        ("<p>five</p>\n", text.RENDERER),
    ]
    assert list(Message.objects.order_by("pk").values_list("version", "edited_at", "text")) == before
    assert head(harbour) == 5


def test_nothing_is_enqueued_when_all_is_done_or_a_run_is_under_way(harbour):
    jobs.begin.func()
    jobs.begin.func()
    assert [str(job) for job in Job.objects.all()] == ["rendering.render_older"]
    run_jobs()
    assert Site.current().renderer == text.RENDERER
    jobs.begin.func()
    assert not Job.objects.queued().exists()


def test_the_newest_messages_come_first_and_an_interrupted_run_goes_on(harbour, alice, monkeypatch):
    monkeypatch.setattr(rendering, "BATCH", 2)
    for body in ("one", "two", "three"):
        make_old(post_message(harbour, alice, body))
    rest = rendering.render_older(before=None)
    assert [renderer for _html, renderer in forms()] == [1, text.RENDERER, text.RENDERER]
    assert rendering.is_older_left()
    assert rendering.render_older(before=rest) is None
    assert [renderer for _html, renderer in forms()] == [text.RENDERER] * 3
    assert not rendering.is_older_left()


def test_a_message_keeps_the_names_that_it_had(harbour, alice, bob):
    message = post_message(harbour, alice, "@Bob, see #harbour and @all")
    former = message.html
    bob.memberships.all().delete()
    make_old(message, former)
    rendering.render_older(before=None)
    assert forms() == [(former, text.RENDERER)]


def test_the_references_of_a_message_are_in_its_html():
    known = References({"o'brien": 7, "all": "all"}, {"a-b": "/rooms/a-b/"}, {"shipit": "/e/1.png"})
    html = text.render("@O’Brien @all #a-b :shipit: `@x` :tada:", *known).html
    assert rendering.references_of(html) == known


def test_an_edit_during_the_run_wins(harbour, alice, monkeypatch):
    message = post_message(harbour, alice, "one")
    make_old(message)
    render_again = rendering.render_again

    def edit_first(body, html):
        Message.objects.filter(pk=message.pk).update(text="two", html="<p>two</p>\n", renderer=text.RENDERER)
        return render_again(body, html)

    monkeypatch.setattr(rendering, "render_again", edit_first)
    rendering.render_older(before=None)
    assert forms() == [("<p>two</p>\n", text.RENDERER)]


def test_a_message_that_is_too_complex_now_stays_as_it_is(harbour, alice):
    message = post_message(harbour, alice, "one")
    Message.objects.filter(pk=message.pk).update(text="[a](/)" * 1333)
    make_old(message)
    rendering.render_older(before=None)
    assert forms() == [("<p>old</p>\n", text.RENDERER)]
