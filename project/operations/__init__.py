"""What an operator needs: health and readiness probes, metrics, logs.

The probes are answered before Django: for any Host, without a session, and while all threads for pages are busy.
"""
