"""The page as it ships: the default workspace, the real language model and its pretrained adapter."""

import pytest
from visiting import send, serving

pytest.importorskip("gradio")
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]


def test_a_conversation_and_a_reading_with_the_default_model(visit, shoot):
    from chatrec.dialogue.tracking.store import Sessions
    from chatrec.recommender import Recommender

    recommender = Recommender.open(sessions=Sessions("sqlite://"))
    recommender.manager  # noqa: B018
    with serving(recommender) as url:
        page = visit(url)
        send(page, "I loved Pulp Fiction and Fargo. What should I watch?")
        shoot(page, "cards")
        names, reasons = (page.locator(part).all_inner_texts() for part in (".cr-card h3", ".cr-reason"))
        assert len(names) == len(reasons) == 3 and all(reasons)
        assert not {"Pulp Fiction", "Fargo"} & {name.rpartition(" ")[0] for name in names}
        page.click("[name=cr-tab][value=words]")
        page.fill("#cr-read [name=one]", "Star Wars (1977)")
        page.press("#cr-read [name=one]", "Enter")
        page.wait_for_selector("#cr-read-out blockquote")
        shoot(page, "reading")
        assert "Star Wars" in page.inner_text("#cr-read-out blockquote"), "read from soft tokens alone"
        assert page.locator("#cr-parts table").count() == 3
