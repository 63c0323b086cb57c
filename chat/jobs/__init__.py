"""Background jobs: work that no request waits for. Each is a thin call of a verb.

`declare` has the decorator, `queue` what happens to the rows, `worker` the threads that run them, `periodic` the jobs
that run by the clock. See “Add a job” in docs/architecture.md.
"""
