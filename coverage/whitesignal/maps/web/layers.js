"use strict";

/* What lies on the map. Every layer that answers a click shares one canvas: of two canvases on top of each other
   the upper takes all clicks. So drawing order is kept by `restack`, not by panes. */

whitesignal.STATION_RADIUS_PX = { "2G": 7, "3G": 5.6, "4G": 4.2, "5G": 2.8 };
whitesignal.VILLAGE_RADIUS_PX = { covered: 1.5, unknown: 3, weak: 4, white: 5 };
whitesignal.STATUSES = ["covered", "unknown", "weak", "white"];

whitesignal.addPanes = (map) => {
  const order = { hillshade: 210, levels: 220, coverage: 230, outlines: 240 };
  for (const [pane, depth] of Object.entries(order)) {
    const node = map.createPane(`ws-${pane}`);
    node.style.zIndex = depth;
    node.style.pointerEvents = "none";
  }
};

whitesignal.imageLayer = (image, pane, opacity) =>
  L.imageOverlay(image.image, image.bounds, { pane, opacity, className: `${pane}-image`, interactive: false });

/* Communes thin, everything above them bold. */
whitesignal.outlineLayer = (outlines) => {
  const renderer = L.canvas({ pane: "ws-outlines", padding: 0.3 });
  const style = { renderer, pane: "ws-outlines", interactive: false, color: "#3a3f47" };
  const weight = (level) => (level === "commune" ? { weight: 0.7, opacity: 0.55 } : { weight: 1.7, opacity: 0.8 });
  const lines = Object.entries(outlines).map(([level, rings]) =>
    L.polyline(rings.map(whitesignal.unpackRing), { ...style, ...weight(level) }));
  return L.layerGroup(lines);
};

whitesignal.coverageLayer = (coverage, colour) => {
  const renderer = L.canvas({ pane: "ws-coverage", padding: 0.3 });
  const style = {
    renderer, pane: "ws-coverage", interactive: false, color: colour, weight: 1.2, fillColor: colour, fillOpacity: 0.22,
  };
  return L.polygon(coverage.shape.map(whitesignal.unpackRing), style);
};

/* Per status: {areas, centres}; centres grow with the zoom. */
whitesignal.villageLayers = (villages, shapes, words, colours) => {
  const layers = {};
  for (const status of whitesignal.STATUSES) layers[status] = { areas: L.featureGroup(), centres: L.featureGroup() };
  villages.forEach((village, row) => {
    const layer = layers[village.status];
    const colour = colours.status[village.status];
    const rings = shapes ? shapes[row] : [];
    if (rings.length) {
      const fillOpacity = { covered: 0.02, unknown: 0.35, weak: 0.45, white: 0.55 }[village.status];
      const edge = village.status === "covered" ? { color: "#5d6670", weight: 0.35, opacity: 0.5 } : { color: colour, weight: 1.4 };
      layer.areas.addLayer(L.polygon(rings.map(whitesignal.unpackRing), { ...edge, fillColor: colour, fillOpacity, village }));
    }
    if (!whitesignal.hasPlace(village)) return;
    const prominent = village.status !== "covered";
    layer.centres.addLayer(L.circleMarker([village.latitude, village.longitude], {
      radius: whitesignal.VILLAGE_RADIUS_PX[village.status], weight: prominent ? 1.3 : 0, color: "#ffffff",
      fillColor: colour, fillOpacity: prominent ? 1 : 0.9, village,
    }));
  });
  for (const { areas, centres } of Object.values(layers)) {
    for (const group of [areas, centres]) {
      group.bindPopup((layer) => whitesignal.villagePopup(layer.options.village, words, colours), { maxWidth: 340 });
      group.bindTooltip((layer) => whitesignal.name(layer.options.village.name ?? ""), { sticky: true });
    }
  }
  return layers;
};

/* Rows that share a station_id are cells of one station; a station without an id stands alone. */
whitesignal.stationsOf = (rows) => {
  const groups = whitesignal.groupBy(rows, (row) => row.station_id ?? row);
  return [...groups.values()].map((cells) => ({
    cells, generation: cells[0].generation, operator: cells[0].operator ?? "", counted: cells.some((c) => c.counted),
  }));
};

/* Leaflet stops at a marker without a place. */
whitesignal.hasPlace = (row) => typeof row.latitude === "number" && typeof row.longitude === "number";

whitesignal.positionKey = (station) => {
  const cell = station.cells[0];
  return cell.position_id ?? `${cell.longitude} ${cell.latitude}`;
};

whitesignal.stationMarker = (station, style) => {
  const cell = station.cells[0];
  return L.circleMarker([cell.latitude, cell.longitude], {
    radius: whitesignal.STATION_RADIUS_PX[station.generation] ?? 4, weight: 1, color: "#ffffff", fillOpacity: 0.95,
    station, ...style,
  });
};

whitesignal.IDLE_STYLE = { color: "#30343a", fillColor: "#ffffff", dashArray: "2 2" };
whitesignal.PROPOSED_STYLE = { radius: 6, weight: 2, color: "#ffffff", fillColor: "#0b2a8f" };

/* {live: groups by generation and operator, idle: group of those not counted, areProposed: whether those are a plan's} */
whitesignal.stationLayers = (stations, words, colours, proposed) => {
  const positions = whitesignal.groupBy(stations, whitesignal.positionKey);
  const popup = (layer) =>
    whitesignal.positionPopup(positions.get(whitesignal.positionKey(layer.options.station)), words, colours);
  const live = new Map();
  const idle = L.featureGroup();
  for (const station of stations.filter((one) => whitesignal.hasPlace(one.cells[0]))) {
    if (!station.counted) {
      idle.addLayer(whitesignal.stationMarker(station, proposed ? whitesignal.PROPOSED_STYLE : whitesignal.IDLE_STYLE));
      continue;
    }
    const key = JSON.stringify([station.generation, station.operator]);
    if (!live.has(key)) live.set(key, { generation: station.generation, operator: station.operator, group: L.featureGroup() });
    live.get(key).group.addLayer(whitesignal.stationMarker(station, { fillColor: colours.operator[station.operator] }));
  }
  for (const group of [idle, ...[...live.values()].map((entry) => entry.group)]) group.bindPopup(popup, { maxWidth: 340 });
  return { live: [...live.values()], idle, areProposed: proposed };
};

whitesignal.paintStations = (stationLayers, colours, by) => {
  for (const { generation, operator, group } of stationLayers.live) {
    group.setStyle({ fillColor: by === "generation" ? colours.generation[generation] : colours.operator[operator] });
  }
};

whitesignal.CLUSTER_COLOURS = { served: "#2e8b57", unserved: "#d7191c", unknown: "#767676" };

whitesignal.clusterLayer = (clusters, villageOf, words) => {
  const group = L.featureGroup();
  for (const cluster of clusters.filter(whitesignal.hasPlace)) {
    const fillColor = whitesignal.CLUSTER_COLOURS[cluster.status] ?? whitesignal.CLUSTER_COLOURS.unknown;
    const style = { radius: 2.4, weight: 0.6, color: "#ffffff", fillColor, fillOpacity: 1, cluster };
    group.addLayer(L.circleMarker([cluster.latitude, cluster.longitude], style));
  }
  group.bindTooltip((layer) => {
    const cluster = layer.options.cluster;
    const village = villageOf.get(cluster.village_id);
    return whitesignal.element("span", null, whitesignal.name(village?.name ?? cluster.village_id ?? ""), ` · ${words.label("control.clusters")}`);
  });
  return group;
};

whitesignal.changedLayer = (villages, words, colours) => {
  const group = L.featureGroup();
  for (const village of villages) {
    if (!village.change || !whitesignal.hasPlace(village)) continue;
    const style = { radius: 10, weight: 3, color: "#d500f9", fillColor: colours.status[village.change.after], fillOpacity: 0.9, village };
    group.addLayer(L.circleMarker([village.latitude, village.longitude], style));
  }
  group.bindPopup((layer) => whitesignal.villagePopup(layer.options.village, words, colours), { maxWidth: 340 });
  group.bindTooltip((layer) => whitesignal.name(layer.options.village.name ?? ""), { sticky: true });
  return group;
};

/* From the bottom up: village areas, clusters, stations (large rings first), village centres, changes, what a plan proposes. */
whitesignal.restack = (layers) => {
  const stations = [...layers.stations.live].sort((a, b) => a.generation.localeCompare(b.generation));
  const order = [
    ...whitesignal.STATUSES.map((status) => layers.villages[status].areas),
    layers.villages.covered.centres, layers.clusters, layers.stations.idle,
    ...stations.map((entry) => entry.group),
    ...["unknown", "weak", "white"].map((status) => layers.villages[status].centres), layers.changed,
    layers.stations.areProposed ? layers.stations.idle : null,
  ];
  for (const group of order) group?.bringToFront();
};

/* Dots that suit a province would be lost in a commune. */
whitesignal.resize = (layers, zoom) => {
  const growth = Math.min(Math.max(1 + (zoom - 9.5) * 0.22, 0.8), 2.4);
  for (const status of whitesignal.STATUSES) {
    layers.villages[status].centres.eachLayer((dot) => dot.setRadius(whitesignal.VILLAGE_RADIUS_PX[status] * growth));
  }
  for (const { generation, group } of layers.stations.live) {
    group.eachLayer((ring) => ring.setRadius((whitesignal.STATION_RADIUS_PX[generation] ?? 4) * growth * 0.9));
  }
};
