"""What whoever runs a site asks of it: is it alive, is it ready, how much does it do.

Answered before Django's own handling: by any Host, without a session, while pages have no thread free.
"""
