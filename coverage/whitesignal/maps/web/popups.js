"use strict";

/* What a popup says. Names come from registers and may hold anything: text is only ever set as textContent. */

whitesignal.element = (tag, className, ...children) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  for (const child of children) {
    if (child === null || child === undefined) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
};

/* A name from a register: isolated, so that right-to-left text turns nothing around it. */
whitesignal.name = (text, className) => {
  const node = whitesignal.element("bdi", className);
  node.textContent = text;
  return node;
};

whitesignal.dot = (colour, className = "ws-dot") => {
  const node = whitesignal.element("span", className);
  node.style.setProperty("--colour", colour);
  return node;
};

whitesignal.Words = class {
  constructor(labels, language) {
    this.labels = labels;
    this.locale = language === "vi" ? "vi-VN" : "en-GB";
  }

  label(key) {
    return this.labels[key] ?? key;
  }

  number(value, decimals = 0) {
    const options = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    return value.toLocaleString(this.locale, options).replace("-", "−");
  }

  quantity(value, unit, decimals = 0) {
    return typeof value === "number" ? `${this.number(value, decimals)} ${unit}` : null;
  }

  status(code) {
    return this.labels[`status.${code}`] ?? code;
  }

  stationStatus(code) {
    return this.labels[`station_status.${code}`] ?? code;
  }

  yesNo(value) {
    if (value === true || value === "true") return this.label("value.yes");
    if (value === false || value === "false") return this.label("value.no");
    return value === null || value === undefined ? null : String(value);
  }

  date(text) {
    const parts = /^(\d{4})-(\d{2})-(\d{2})/.exec(text ?? "");
    return parts && this.locale === "vi-VN" ? `${parts[3]}/${parts[2]}/${parts[1]}` : text;
  }
};

/* A table of label and value; a value that is not known is left out. */
whitesignal.facts = (pairs) => {
  const table = whitesignal.element("table", "ws-facts");
  for (const [label, value] of pairs) {
    if (value === null || value === undefined || value === "") continue;
    const content = value instanceof Node ? value : whitesignal.name(value);
    table.append(
      whitesignal.element("tr", null, whitesignal.element("th", null, label), whitesignal.element("td", null, content)),
    );
  }
  return table;
};

whitesignal.villagePopup = (village, words, colours) => {
  const { element, name } = whitesignal;
  const L = (key) => words.label(`village.${key}`);
  const where = [village.commune, village.district, village.province].filter(Boolean).join(" · ");
  const status = element("span", "ws-status", words.status(village.status));
  status.style.setProperty("--colour", colours.status[village.status]);
  const change = village.change
    ? `${words.status(village.change.before)} → ${words.status(village.change.after)}`
    : null;
  const known = typeof village.clusters === "number" && village.clusters > 0;
  const served = typeof village.clusters_covered === "number" ? words.number(village.clusters_covered) : "?";
  const best = [village.best_generation, village.best_operator, village.best_station].filter(Boolean).join(" · ");
  return element(
    "div", "ws-popup",
    element("div", "ws-popup-title", name(village.name ?? village.village_id ?? "?")),
    where ? element("div", "ws-popup-where", name(where)) : null,
    element("div", null, status),
    whitesignal.facts([
      [L("change"), change],
      [L("declared_status"), village.declared_status ? words.status(village.declared_status) : null],
      [L("best_station"), best],
      [L("level_dbm"), words.quantity(village.level_dbm, "dBm", 1)],
      [L("margin_db"), words.quantity(village.margin_db, "dB", 1)],
      [L("levels"), whitesignal.levelTable(village, words)],
      [L("operators"), village.operators],
      [L("clusters"), known ? `${served} / ${words.number(village.clusters)}` : null],
      [L("p_covered"), typeof village.p_covered === "number" ? `${words.number(100 * village.p_covered)} %` : null],
      [L("nearest_station_km"), words.quantity(village.nearest_station_km, "km", 1)],
      [L("population"), words.quantity(village.population, "")],
      [L("households"), words.quantity(village.households, "")],
      [L("has_grid_power"), words.yesNo(village.has_grid_power)],
      [L("id"), village.village_id],
    ]),
  );
};

whitesignal.levelTable = (village, words) => {
  const parts = [];
  for (const generation of ["2G", "3G", "4G", "5G"]) {
    const level = village[`level_dbm_${generation.toLowerCase()}`];
    if (typeof level === "number") parts.push(`${generation} ${words.number(level)}`);
  }
  return parts.length ? `${parts.join(" · ")} dBm` : null;
};

/* Everything that stands at a position: one block per station, its cells' directions joined. */
whitesignal.positionPopup = (stations, words, colours) => {
  const { element, name } = whitesignal;
  const first = stations[0].cells[0];
  const place = whitesignal.hasPlace(first) ? `${words.number(first.latitude, 5)}; ${words.number(first.longitude, 5)}` : "?";
  const blocks = stations.map((station) => whitesignal.stationBlock(station, words, colours));
  return element(
    "div", "ws-popup",
    element("div", "ws-popup-title", words.label("station.position"), " ", name(first.position_id ?? "")),
    element("div", "ws-popup-where", words.label("station.coordinates"), " ", place),
    element("div", "ws-popup-scroll", ...blocks),
  );
};

whitesignal.stationBlock = (station, words, colours) => {
  const { element, name } = whitesignal;
  const filled = new Set(station.cells.flatMap((cell) => String(cell.defaults ?? "").split(";").map((s) => s.trim())));
  const fact = (column, unit, decimals = 0) => {
    const shown = [...new Set(station.cells.map((cell) => cell[column]).filter((v) => v !== null && v !== undefined))];
    if (!shown.length) return [words.label(`station.${column}`), null];
    const text = shown.map((v) => (typeof v === "number" ? words.number(v, Number.isInteger(v) ? 0 : decimals) : v));
    const value = element("span", null, name(`${text.join(" / ")} ${unit}`.trim()));
    if (filled.has(column)) {
      const star = element("span", "ws-default", " *");
      star.title = words.label("value.default");
      value.append(star);
    }
    return [words.label(`station.${column}`), value];
  };
  const cell = station.cells[0];
  const heading = element(
    "div", "ws-station",
    whitesignal.dot(colours.generation[cell.generation]), element("b", null, cell.generation), " ",
    name(cell.operator ?? words.label("value.unknown")), " ", name(cell.station_id ?? "", "ws-id"),
  );
  if (cell.counted === false) heading.append(element("span", "ws-muted", ` ${words.label("station.not_counted")}`));
  return element("div", null, heading, whitesignal.facts([
    fact("band_mhz", "MHz", 1), fact("bandwidth_mhz", "MHz", 1), fact("antenna_height_m", "m", 1),
    fact("power_dbm", "dBm", 1), fact("gain_dbi", "dBi", 1), fact("azimuth_deg", "°"), fact("tilt_deg", "°", 1),
    fact("beamwidth_deg", "°"), fact("structure", ""), fact("owner", ""),
    [words.label("station.status"), cell.status ? words.stationStatus(cell.status) : null],
    [words.label("station.on_air_on"), words.date(cell.on_air_on)],
    [words.label("station.off_air_on"), words.date(cell.off_air_on)],
  ]), filled.size > 1 || !filled.has("") ? element("div", "ws-muted", `* ${words.label("value.default")}`) : null);
};
