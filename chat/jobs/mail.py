"""Jobs that send mail: one job a mail, so that a mail that is tried again is not sent to others twice."""

from django.db import transaction

from chat.domain import invite_mails, mail, passwords

from .declare import DAY_S, job

RETRY_FOR_S = 60 * 60
"""Who waits for a link asks again after an hour."""
MAX_WAITING = 1000
"""Anybody can ask for mail; further requests are dropped."""


@job(retry_for_s=RETRY_FOR_S, max_waiting=MAX_WAITING)
def find_password_resets(email: str, language: str) -> None:
    """Enqueue a mail for each account with this address."""
    with transaction.atomic():
        passwords.enqueue_mails(email=email, language=language)


@job(retry_for_s=RETRY_FOR_S, takes_context=True)
def send_password_reset(context, user_id: int, language: str) -> None:
    """Send one person the link to choose a new password."""
    try:
        passwords.send_reset(user_id=user_id, language=language, key=context.task_result.id)
    except Exception as error:
        mail.note_failure(error)
        raise


@job(retry_for_s=DAY_S, takes_context=True)
def send_invite(context, invite_id: int, language: str) -> None:
    """Send one person their invitation."""
    try:
        invite_mails.send(invite_id=invite_id, language=language, key=context.task_result.id)
    except Exception as error:
        mail.note_failure(error)
        raise
