"""The map as a reader meets it: in a browser, without a network."""

import re

import pytest

from whitesignal.maps import build_map, embed

pytestmark = pytest.mark.browser


class Visit:
    """An open page and everything it complained of."""

    def __init__(self, context, file):
        self.page = context.new_page()
        self.requests, self.complaints, self.dialogs = [], [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", self._note_dialog)
        self.page.goto(f"file://{file}")
        self.url = f"file://{file}"

    def _note_dialog(self, dialog):
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    @property
    def foreign_requests(self):
        return [url for url in self.requests if url != self.url and not url.startswith(("data:", "about:srcdoc"))]

    def is_clean(self):
        return (self.complaints, self.dialogs, self.foreign_requests) == ([], [], [])


@pytest.fixture
def visit(browser, tmp_path):
    context = browser.new_context(offline=True, viewport={"width": 1300, "height": 900})

    def open_page(content):
        file = tmp_path / "map.html"
        file.write_text(content, encoding="utf-8")
        return Visit(context, file)

    yield open_page
    context.close()


READY = "document.documentElement.dataset.ready === 'true'"
EVERY_POPUP = """() => {
    const data = whitesignal.readData(), words = new whitesignal.Words(data.labels, data.language);
    const stations = whitesignal.stationsOf(whitesignal.unpackTable(data.stations));
    const villages = whitesignal.unpackTable(data.villages);
    const popups = [whitesignal.positionPopup(stations, words, data.colours),
                    ...villages.map((village) => whitesignal.villagePopup(village, words, data.colours))];
    document.body.append(...popups);
    return popups.map((popup) => popup.textContent).join(" ");
}"""


def shown(page, kind):
    """How many markers of a kind, ``village`` or ``station``, are on the map."""
    count = (
        "() => {{ let n = 0; map_whitesignal.eachLayer(l => {{ if (l.options.{0} && l.getLatLng) n++; }}); return n; }}"
    )
    return page.evaluate(count.format(kind))


def tick(page, layer):
    page.locator(f'[data-layer="{layer}"]').evaluate("node => node.click()")


def pixel_of(page, kind, row):
    """Where a marker stands on the screen."""
    return page.evaluate(
        """([kind, row]) => {
            const found = [];
            map_whitesignal.eachLayer(l => { if (l.options[kind] && l.getLatLng) found.push(l); });
            map_whitesignal.setView(found[row].getLatLng(), 15, { animate: false });
            const place = map_whitesignal.latLngToContainerPoint(found[row].getLatLng());
            return [place.x, place.y];
        }""",
        [kind, row],
    )


def test_a_map_opens_without_a_network_and_without_complaint(visit, make_province):
    seen = visit(build_map(make_province()))
    seen.page.wait_for_function(READY)
    assert seen.is_clean(), (seen.complaints, seen.dialogs, seen.foreign_requests)
    assert seen.page.locator(".ws-badge").inner_text() == "DỮ LIỆU MÔ PHỎNG"
    assert "2.833" in seen.page.locator(".ws-title").inner_text()
    assert seen.page.locator(".leaflet-control-scale-line").count() == 1
    assert "31/12/2022" in seen.page.locator(".ws-title").inner_text()


def test_nothing_is_called_synthetic_that_is_not(visit, make_province):
    seen = visit(build_map(make_province(synthetic=False), lang="en"))
    seen.page.wait_for_function(READY)
    assert seen.page.locator(".ws-badge").count() == 0
    assert "2,833" in seen.page.locator(".ws-title").inner_text()


def test_few_layers_are_on_at_first_and_the_control_turns_the_others_on(visit, make_province):
    province = make_province()
    page = visit(build_map(province)).page
    page.wait_for_function(READY)
    assert shown(page, "station") == 0
    assert shown(page, "village") == len(province.villages)
    assert page.locator("img.ws-levels-image").count() == 1

    live = province.stations[province.stations["counted"]]
    tick(page, "generation-4G")
    assert shown(page, "station") == (live["generation"] == "4G").sum()
    tick(page, "generation-2G")
    tick(page, "operator-Viettel")
    kept = live[live["generation"].isin(["2G", "4G"]) & (live["operator"] != "Viettel")]
    assert shown(page, "station") == len(kept)
    tick(page, "not-counted")
    assert shown(page, "station") == len(kept) + (~province.stations["counted"]).sum()

    tick(page, "village-covered")
    assert shown(page, "village") == (province.villages["status"] != "covered").sum()
    tick(page, "level-none")
    assert page.locator("img.ws-levels-image").count() == 0
    canvases = page.locator("canvas").count()
    tick(page, "coverage-2G")
    assert page.locator("canvas").count() == canvases + 1
    assert "2G · ≥ −98 dBm" in page.locator(".ws-legend").inner_text()


def test_hostile_names_neither_run_nor_break_the_map(visit, hostile_province, hostile_names):
    seen = visit(build_map(hostile_province))
    page = seen.page
    page.wait_for_function(READY)
    for layer in ("generation-2G", "generation-3G", "generation-4G", "not-counted", "clusters"):
        tick(page, layer)
    image = next(row for row, name in enumerate(hostile_names) if name.startswith("<img"))
    page.mouse.click(*pixel_of(page, "village", 0))
    page.wait_for_selector(".ws-popup-title")
    assert page.locator(".leaflet-popup img, .leaflet-popup script").count() == 0
    page.fill(".ws-search input", "<img src=x")
    page.locator(".ws-found button").first.click()
    assert page.locator(".ws-popup-title").last.inner_text() == hostile_names[image]
    assert hostile_names[0] in page.locator(".ws-title").inner_text()
    text = page.evaluate(EVERY_POPUP)
    assert all(name in text for name in hostile_names if name.isprintable())
    assert page.locator(".ws-popup :not(div, span, bdi, b, table, tbody, tr, th, td)").count() == 0
    page.wait_for_timeout(200)
    assert seen.is_clean(), (seen.complaints, seen.dialogs, seen.foreign_requests)


def test_a_click_on_a_station_lists_everything_at_its_position(visit, make_province):
    province = make_province()
    page = visit(build_map(province, lang="en")).page
    page.wait_for_function(READY)
    for generation in ("2G", "3G", "4G"):
        tick(page, f"generation-{generation}")
    for status in ("white", "weak", "unknown", "covered"):
        tick(page, f"village-{status}")
    page.mouse.click(*pixel_of(page, "station", 0))
    page.wait_for_selector(".ws-station")
    position = re.search(r"P\d{4}", page.locator(".ws-popup-title").inner_text())[0]
    here = province.stations[province.stations["position_id"] == position]
    assert len(here) > 1
    assert page.locator(".ws-station .ws-id").all_inner_texts() == here["station_id"].tolist()
    filled = page.locator(".ws-default")
    assert (filled.count() > 0) == (here["defaults"] != "").any()


def test_cells_of_one_station_are_one_marker_with_their_azimuths_joined(visit, make_province):
    stations = (
        make_province().stations.iloc[[0, 0, 0, 1]].assign(azimuth_deg=[0.0, 120.0, 240.0, float("nan")], counted=True)
    )
    page = visit(build_map(make_province(stations=stations), lang="en")).page
    page.wait_for_function(READY)
    for generation in sorted(set(stations["generation"])):
        tick(page, f"generation-{generation}")
    assert shown(page, "station") == 2
    assert (
        page.evaluate(
            "whitesignal.stationsOf(whitesignal.unpackTable(whitesignal.readData().stations))[0].cells.length"
        )
        == 3
    )


def test_rows_without_a_place_stay_in_the_figures_and_break_nothing(visit, make_province):
    stations, villages = make_province().stations.copy(), make_province().villages.copy()
    stations.loc[:2, ["longitude", "latitude"]] = float("nan")
    villages.loc[0, ["longitude", "latitude"]] = float("nan")
    villages.loc[0, "geometry"] = None
    seen = visit(build_map(make_province(stations=stations, villages=villages)))
    seen.page.wait_for_function(READY)
    for generation in ("2G", "3G", "4G"):
        tick(seen.page, f"generation-{generation}")
    assert shown(seen.page, "station") == stations["counted"].sum() - 3
    assert shown(seen.page, "village") == len(villages) - 1
    assert seen.is_clean()


def test_search_does_not_mind_missing_marks(visit, make_province):
    villages = make_province().villages.copy()
    villages.loc[5, "name"] = "Đồng Lũng Cú"
    page = visit(build_map(make_province(villages=villages))).page
    page.wait_for_function(READY)
    page.fill(".ws-search input", "dong lung cu")
    page.keyboard.press("Enter")
    assert page.locator(".ws-popup-title").inner_text() == "Đồng Lũng Cú"


def test_villages_that_change_are_a_layer_with_before_and_after(visit, make_province):
    import pandas as pd

    changed = pd.DataFrame({"village_id": ["V00005"], "before": ["white"], "after": ["covered"]})
    page = visit(build_map(make_province(changed=changed))).page
    page.wait_for_function(READY)
    assert page.locator('[data-layer="changed"]').is_checked()
    assert "Thôn đổi trạng thái" in page.locator(".ws-legend").inner_text()
    page.fill(".ws-search input", make_province().villages.loc[5, "name"])
    popups = page.evaluate("whitesignal.unpackTable(whitesignal.readData().changed).map(c => `${c.before} ${c.after}`)")
    assert popups == ["white covered"]


def test_a_raster_lies_where_the_villages_under_it_are(visit, make_province):
    """The image's corners on the screen are those that the page states."""
    page = visit(build_map(make_province())).page
    page.wait_for_function(READY)
    page.evaluate("map_whitesignal.setZoom(10, { animate: false })")
    offsets = page.evaluate("""() => {
        const level = whitesignal.readData().levels.find(one => one.generation === "4G");
        const box = document.querySelector("img.ws-levels-image").getBoundingClientRect();
        const place = (corner) => map_whitesignal.latLngToContainerPoint(corner);
        const southwest = place(level.bounds[0]), northeast = place(level.bounds[1]);
        return [box.left - southwest.x, box.bottom - southwest.y, box.right - northeast.x, box.top - northeast.y];
    }""")
    assert max(abs(offset) for offset in offsets) <= 1.0


@pytest.mark.parametrize(("width", "height", "opens"), [(1300, 900, True), (800, 600, False), (1300, 480, False)])
def test_the_legend_is_never_under_the_title(visit, make_province, width, height, opens):
    seen = visit(build_map(make_province()))
    seen.page.set_viewport_size({"width": width, "height": height})
    seen.page.reload()
    seen.page.wait_for_function(READY)
    assert seen.page.locator(".ws-legend details").evaluate("node => node.open") is opens
    seen.page.locator(".ws-legend details").evaluate("node => { node.open = true; }")
    title, legend = (seen.page.locator(name).bounding_box() for name in (".ws-title", ".ws-legend"))
    below = title["y"] + title["height"] <= legend["y"]
    beside = title["x"] + title["width"] <= legend["x"]
    assert below or beside


def test_an_embedded_map_draws_inside_a_report(visit, hostile_province):
    fragment = embed(build_map(hostile_province), title="Bản đồ")
    seen = visit(f"<!doctype html><meta charset='utf-8'><h1>Báo cáo</h1>{fragment}<p id='after'>hết</p>")
    frame = seen.page.frame_locator("iframe")
    frame.locator("html[data-ready=true]").wait_for(state="attached")
    assert frame.locator(".ws-control").count() == 1
    assert seen.page.locator("#after").inner_text() == "hết"
    assert seen.is_clean(), (seen.complaints, seen.dialogs, seen.foreign_requests)


def test_a_frame_that_is_laid_out_late_still_opens_on_the_whole_province(visit, make_province):
    fragment = embed(build_map(make_province()), title="Bản đồ")
    seen = visit(f"<!doctype html><meta charset='utf-8'><div id='fold' style='display:none'>{fragment}</div>")
    seen.page.frame_locator("iframe").locator("html[data-ready=true]").wait_for(state="attached")
    seen.page.evaluate("document.getElementById('fold').style.display = ''")
    inner, bounds = seen.page.frames[1], "L.latLngBounds(whitesignal.readData().bounds)"
    shown = f"map_whitesignal.getSize().y > 0 && map_whitesignal.getBounds().contains({bounds})"
    waited = [seen.page.wait_for_timeout(50) for _ in range(60) if not inner.evaluate(shown)]
    assert len(waited) < 60
    assert inner.evaluate(f"map_whitesignal.getZoom() > map_whitesignal.getBoundsZoom({bounds}) - 2")
    assert seen.is_clean()


def test_a_full_size_province_is_drawn_within_seconds(visit, large_page):
    seen = visit(large_page)
    seen.page.wait_for_function(READY)
    milliseconds = seen.page.evaluate("performance.now()")
    assert milliseconds < 6000
    assert seen.is_clean()
