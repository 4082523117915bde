"use strict";

/* Puts the pieces together. `state` is what the reader has chosen; `refresh` makes the map agree with it. */

whitesignal.start = (map) => {
  const data = whitesignal.readData();
  const words = new whitesignal.Words(data.labels, data.language);
  const scene = whitesignal.buildScene(data, words);
  const state = whitesignal.firstState(data);
  const dress = () => whitesignal.refresh(map, data, scene, state, words);

  map.attributionControl.setPrefix("Leaflet");
  map.attributionControl.addAttribution(`whitesignal · ${words.label("title.attribution")}`);
  map.zoomControl.setPosition("bottomright");
  L.control.scale({ imperial: false, maxWidth: 140 }).addTo(map);
  whitesignal.addPanes(map);
  const search = whitesignal.searchBox(scene.villages, words, (village) => whitesignal.show(map, village, words, data.colours));
  const title = whitesignal.titlePanel(map, data.title, words, data.colours, search);
  whitesignal.controlPanel(map, data, scene, state, words, dress);
  scene.legend = whitesignal.section(words.label("legend.title"), true);
  const legend = whitesignal.panel(map, "bottomleft", "ws-legend", scene.legend);
  map.on("zoomend", () => whitesignal.resize(scene.layers, map.getZoom()));
  whitesignal.frame(map, data.bounds);
  whitesignal.resize(scene.layers, map.getZoom());
  dress();
  whitesignal.settleLegend(title, legend, scene.legend);
  document.documentElement.dataset.ready = "true";
};

/* On a low screen, or in a report's frame, the legend would lie under the title: there it starts folded, and beside it. */
whitesignal.settleLegend = (title, legend, section) => {
  if (title.getBoundingClientRect().bottom <= legend.getBoundingClientRect().top) return;
  legend.classList.add("ws-beside");
  section.open = false;
};

whitesignal.buildScene = (data, words) => {
  const villages = whitesignal.unpackTable(data.villages);
  villages.colourOf = (village) => data.colours.status[village.status];
  const villageOf = new Map(villages.map((village) => [village.village_id, village]));
  for (const { village_id: id, before, after } of data.changed ? whitesignal.unpackTable(data.changed) : []) {
    if (villageOf.has(id)) villageOf.get(id).change = { before, after };
  }
  const stations = whitesignal.stationsOf(whitesignal.unpackTable(data.stations));
  const layers = {
    hillshade: data.hillshade && whitesignal.imageLayer(data.hillshade, "ws-hillshade", 1),
    levels: new Map(data.levels.map((level) => [level.generation, whitesignal.imageLayer(level, "ws-levels", 0.82)])),
    villages: whitesignal.villageLayers(villages, data.villages.shapes, words, data.colours),
    stations: whitesignal.stationLayers(stations, words, data.colours, data.proposed),
    clusters: data.clusters && whitesignal.clusterLayer(whitesignal.unpackTable(data.clusters), villageOf, words),
    changed: data.changed && whitesignal.changedLayer(villages, words, data.colours),
  };
  return { villages, stations, layers, lazy: new Map() };
};

/* Few layers at first: villages, one level, what changed. */
whitesignal.firstState = (data) => {
  const levels = data.levels.map((level) => level.generation);
  return {
    statuses: new Set(whitesignal.STATUSES), level: levels.includes("4G") ? "4G" : levels.at(-1) ?? "",
    coverage: new Set(), generations: new Set(), operators: new Set(Object.keys(data.colours.operator)),
    colourBy: "operator", idle: data.proposed, clusters: false, changed: true, outlines: true, hillshade: true,
  };
};

whitesignal.hasOutlines = (data) => Object.keys(data.outlines).length > 0;

whitesignal.toggle = (map, layer, on) => {
  if (!layer || map.hasLayer(layer) === on) return;
  if (on) map.addLayer(layer);
  else map.removeLayer(layer);
};

/* A pane's layer that needs the map's panes, built when first wanted. */
whitesignal.lazily = (scene, key, build) => {
  if (!scene.lazy.has(key)) scene.lazy.set(key, build());
  return scene.lazy.get(key);
};

whitesignal.refresh = (map, data, scene, state, words) => {
  const { toggle } = whitesignal;
  const { layers } = scene;
  toggle(map, layers.hillshade, state.hillshade);
  for (const [generation, layer] of layers.levels) toggle(map, layer, state.level === generation);
  if (whitesignal.hasOutlines(data)) toggle(map, whitesignal.lazily(scene, "outlines", () => whitesignal.outlineLayer(data.outlines)), state.outlines);
  for (const coverage of data.coverage) {
    const key = `coverage ${coverage.generation}`;
    if (!state.coverage.has(coverage.generation) && !scene.lazy.has(key)) continue;
    const build = () => whitesignal.coverageLayer(coverage, data.colours.generation[coverage.generation]);
    toggle(map, whitesignal.lazily(scene, key, build), state.coverage.has(coverage.generation));
  }
  for (const status of whitesignal.STATUSES) {
    for (const group of Object.values(layers.villages[status])) toggle(map, group, state.statuses.has(status));
  }
  for (const { generation, operator, group } of layers.stations.live) {
    toggle(map, group, state.generations.has(generation) && state.operators.has(operator));
  }
  toggle(map, layers.stations.idle, state.idle);
  toggle(map, layers.clusters, state.clusters);
  toggle(map, layers.changed, state.changed);
  whitesignal.paintStations(layers.stations, data.colours, state.colourBy);
  whitesignal.restack(layers);
  whitesignal.drawLegend(data, scene, state, words);
};

whitesignal.drawLegend = (data, scene, state, words) => {
  const { element, dot } = whitesignal;
  const level = whitesignal.levelLegend(data.levels.find((one) => one.generation === state.level), words);
  const shown = data.coverage.filter((coverage) => state.coverage.has(coverage.generation));
  const line = (node, key) => element("div", "ws-class", node, words.label(key));
  const rows = [
    ...[...whitesignal.STATUSES].reverse().filter((status) => state.statuses.has(status)).map((status) =>
      element("div", "ws-class", dot(data.colours.status[status]), words.status(status))),
    state.generations.size ? element("div", "ws-muted", words.label("legend.stations")) : null,
    data.changed && state.changed ? line(dot("#d500f9", "ws-ring"), "legend.changed") : null,
    data.proposed && state.idle ? line(dot(whitesignal.PROPOSED_STYLE.fillColor), "control.proposed") : null,
  ];
  if (data.clusters && state.clusters) {
    const colours = whitesignal.CLUSTER_COLOURS;
    rows.push(line(dot(colours.served), "legend.cluster_covered"), line(dot(colours.unserved), "legend.cluster_uncovered"),
      line(dot(colours.unknown), "legend.cluster_unknown"));
  }
  const parts = [level, whitesignal.coverageLegend(shown, data.colours, words), element("div", "ws-legend-rows", ...rows)];
  scene.legend.replaceChildren(scene.legend.firstChild, ...parts.filter(Boolean));
};

/* Wide enough for the title on one side and the open layer control on the other. */
whitesignal.isWide = (map) => map.getSize().x > 1100;

whitesignal.frame = (map, bounds) => {
  const size = map.getSize();
  const left = size.x > 760 ? 300 : 10;
  const right = whitesignal.isWide(map) ? 230 : 10;
  if (size.x <= left + right || size.y <= 20) {
    // A frame that is not laid out yet: nothing fits into it, and Leaflet would show a single field of grey.
    map.setView(L.latLngBounds(bounds).getCenter(), map.getMinZoom(), { animate: false });
    map.once("resize", () => whitesignal.frame(map, bounds));
    return;
  }
  map.fitBounds(bounds, { paddingTopLeft: [left, 10], paddingBottomRight: [right, 10] });
};

whitesignal.show = (map, village, words, colours) => {
  if (!whitesignal.hasPlace(village)) return;
  const centre = [village.latitude, village.longitude];
  map.setView(centre, Math.max(map.getZoom(), 13), { animate: false });
  map.openPopup(whitesignal.villagePopup(village, words, colours), centre, { maxWidth: 340 });
};
