"""Jobs that delete files which nobody can reach any more."""

from chat.domain import file_cleaning

from .declare import job


@job(time_limit_s=600)
def delete_expired() -> None:
    """Delete uploads that were not sent, and the files of deleted messages."""
    file_cleaning.delete_expired()


@job(time_limit_s=3600)
def delete_orphans() -> None:
    """Delete what is in the storage without a row: left by a process that was killed."""
    file_cleaning.delete_orphans()
