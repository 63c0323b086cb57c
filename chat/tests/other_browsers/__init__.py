"""The main journeys in Firefox (`make test`) and, with `make browsers`, in WebKit too.

Playwright drives neither of Debian's. Firefox is driven by WebDriver BiDi (https://w3c.github.io/webdriver-bidi) and
WebKit by WebDriver (https://www.w3.org/TR/webdriver2), each by a small client that is here.
"""
