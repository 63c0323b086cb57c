"""Pages and their forms.

May know domain, models (to read) and the shapes of events; never meets live.
"""
