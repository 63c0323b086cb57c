"""Jobs of the tests. What they did is in `done`."""

import threading

from chat.jobs.declare import job

done: list = []
began = threading.Event()
may_end = threading.Event()


@job
def note(value) -> None:
    done.append(value)


@job
def refuse(value) -> None:
    done.append(value)
    raise ValueError(f"no {value}")


@job(retry_for_s=0)
def refuse_once(value) -> None:
    done.append(value)
    raise ValueError(f"no {value}")


@job(max_waiting=2)
def limited(value) -> None:
    done.append(value)


@job(time_limit_s=0.2)
def hang() -> None:
    began.set()
    may_end.wait(20)
    done.append("late")


@job
def wait() -> None:
    began.set()
    may_end.wait(20)
    done.append("waited")
