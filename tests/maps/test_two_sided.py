"""The two-sided map as a reader meets it: both sides draw without a network, and move together."""

import pytest

from whitesignal.maps.two_sided import build_two_sided

pytestmark = pytest.mark.browser


def test_both_sides_are_drawn_and_look_at_the_same_place(browser, make_province, tmp_path):
    province = make_province()
    page_text = build_two_sided(province, province, title="Thử <b>", gained=2, lost=1, lang="en")
    file = tmp_path / "map.html"
    file.write_text(page_text, encoding="utf-8")
    context = browser.new_context(offline=True, viewport={"width": 1600, "height": 900})
    page = context.new_page()
    complaints, requests = [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"file://{file}")
    left, right = page.frames[1:]
    for frame in (left, right):
        frame.wait_for_function("document.documentElement.dataset.ready === 'true'")
    left.evaluate("map_whitesignal.setView([22.9, 105.1], 11, { animate: false })")
    right.wait_for_function("map_whitesignal.getZoom() === 11")
    centre = right.evaluate("[map_whitesignal.getCenter().lat, map_whitesignal.getCenter().lng]")
    assert centre == pytest.approx([22.9, 105.1], abs=1e-3)
    assert "Thử <b>: " in page.inner_text("h1") or page.inner_text("h1") == "Thử <b>"
    assert complaints == []
    assert [url for url in requests if not url.startswith(("file:", "data:", "about:"))] == []
    context.close()
