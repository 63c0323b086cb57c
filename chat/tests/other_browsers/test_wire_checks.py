"""The page `/wire/` in other browsers: a key of one's own, and the connection doctor."""


def test_alice_tries_a_key_and_runs_the_connection_doctor(site, open_page):
    alice = open_page(site, "alice", "/wire/")
    alice.expect_visible(".wire-verdict", "The server computes the same value.")
    alice.fill("#wire-key", "AAAA")
    alice.expect_visible("#wire-key-problem", "This is base64 of 3 bytes.")
    alice.click("[data-rfc-key]")
    alice.expect_visible(".wire-accept-value", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    alice.click("[data-run]")
    alice.expect_visible('.check[data-outcome="ok"]', "A page of another site")
    alice.click("[data-skip]")
    alice.expect_visible(".doctor-summary", "No problem found.")
    found = alice.run("() => [...document.querySelectorAll('.check')].map(({ dataset }) => dataset.outcome)")
    assert found == ["ok"] * 8 + ["skipped"] + ["ok"] * 5
