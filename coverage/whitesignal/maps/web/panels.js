"use strict";

/* The boxes around the map: title and figures, search, layers, legend. */

whitesignal.panel = (map, position, className, ...children) => {
  const node = whitesignal.element("div", `ws-panel ${className}`, ...children);
  const control = L.control({ position });
  control.onAdd = () => {
    L.DomEvent.disableClickPropagation(node);
    L.DomEvent.disableScrollPropagation(node);
    return node;
  };
  control.addTo(map);
  return node;
};

whitesignal.titlePanel = (map, title, words, colours, search) => {
  const { element, name } = whitesignal;
  const badge = title.synthetic ? element("div", "ws-badge", words.label("title.synthetic")) : null;
  if (badge) badge.title = words.label("title.synthetic_hint");
  const heading = element("h1", null, name(title.title));
  const facts = element(
    "div", "ws-muted",
    ...(title.as_of ? [words.label("title.as_of"), " ", name(words.date(title.as_of)), element("br")] : []),
    words.label("title.model"), ": ", name(title.model),
  );
  const notes = title.notes.length
    ? element("details", "ws-notes", element("summary", null, words.label("title.notes")),
        element("ul", null, ...title.notes.map((note) => element("li", null, name(note)))))
    : null;
  const figures = whitesignal.headline(title.headline, words, colours);
  return whitesignal.panel(map, "topleft", "ws-title", badge, heading, facts, figures, notes, search);
};

whitesignal.headline = (headline, words, colours) => {
  const { element } = whitesignal;
  const row = (key, counts, colourOf, labelOf) => {
    if (!counts.parts.length) return null;
    const parts = counts.parts.map(([code, value]) =>
      element("span", "ws-part", whitesignal.dot(colourOf(code)), element("b", null, words.number(value)), ` ${labelOf(code)}`));
    const total = typeof counts.total === "number" ? words.number(counts.total) : "";
    return element("div", "ws-figure", element("div", "ws-figure-name", words.label(key), " ", element("b", null, total)),
      element("div", "ws-parts", ...parts));
  };
  const percents = headline.percents.map(({ key, value, numerator, denominator }) => {
    const of = typeof denominator === "number" ? ` (${words.number(numerator)}\u00a0/\u00a0${words.number(denominator)})` : "";
    return element("div", "ws-percent", element("b", null, `${words.number(value, 2)} %`), ` ${words.label(key)}${of}`);
  });
  return element("div", "ws-figures",
    row("title.stations", headline.stations, (code) => colours.generation[code], (code) => code),
    row("title.villages", headline.villages, (code) => colours.status[code], (code) => words.status(code)),
    row("title.people", headline.people, (code) => colours.status[code], (code) => words.status(code)),
    ...percents);
};

whitesignal.MOST_FOUND = 8;

whitesignal.searchBox = (villages, words, choose) => {
  const { element, name } = whitesignal;
  const names = villages.map((village) => whitesignal.fold(village.name));
  const keys = villages.map((village, row) => `${names[row]} ${whitesignal.fold(village.commune)}`);
  const input = element("input");
  input.type = "search";
  input.placeholder = words.label("search.placeholder");
  input.setAttribute("aria-label", input.placeholder);
  const list = element("ul", "ws-found");
  const look = () => {
    list.replaceChildren();
    const wanted = whitesignal.fold(input.value).trim();
    if (!wanted) return;
    const byName = villages.filter((_, row) => names[row].includes(wanted));
    const byPlace = villages.filter((_, row) => keys[row].includes(wanted) && !names[row].includes(wanted));
    const found = [...byName, ...byPlace].slice(0, whitesignal.MOST_FOUND);
    for (const village of found) {
      const button = element("button", null, whitesignal.dot(villages.colourOf(village)), name(village.name ?? ""), " ",
        element("span", "ws-muted", name(village.commune ?? "")));
      button.type = "button";
      button.addEventListener("click", () => choose(village));
      list.append(element("li", null, button));
    }
    if (!found.length) list.append(element("li", "ws-muted", words.label("search.none")));
  };
  input.addEventListener("input", look);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") list.querySelector("button")?.click();
  });
  return element("div", "ws-search", input, list);
};

/* A tick box or radio button that calls back with its state. */
whitesignal.choice = ({ type, group, key, on, colour, swatch, text, count, words }, change) => {
  const { element } = whitesignal;
  const input = element("input");
  input.type = type;
  input.checked = on;
  input.dataset.layer = key;
  if (group) input.name = `ws-${group}`;
  input.addEventListener("change", () => change(input.checked));
  return element("label", "ws-choice", input, colour ? whitesignal.dot(colour, swatch ?? "ws-dot") : null,
    text instanceof Node ? text : element("span", null, text),
    typeof count === "number" ? element("span", "ws-count", words.number(count)) : null);
};

whitesignal.section = (title, open, ...children) => {
  const details = whitesignal.element("details", "ws-section", whitesignal.element("summary", null, title), ...children);
  details.open = open;
  return details;
};

whitesignal.levelLegend = (level, words) => {
  const { element } = whitesignal;
  if (!level) return null;
  const rows = level.classes.map(({ lowest_dbm: lowest, colour, serves }, place) => {
    const upper = place ? ` … ${words.number(level.classes[place - 1].lowest_dbm)}` : "";
    const text = place ? `${words.number(lowest)}${upper}` : `≥ ${words.number(lowest)}`;
    return element("div", "ws-class", whitesignal.dot(colour, "ws-swatch"), text,
      serves ? null : element("span", "ws-muted", ` ${words.label("legend.below_service")}`));
  });
  const pixel = `${words.label("legend.pixel")} ${words.number(level.cell_m)} m; ${words.label("legend.no_signal")}`;
  return element("div", null, element("div", "ws-legend-name", `${level.generation} · ${words.label("legend.level")}`),
    ...rows, element("div", "ws-muted", pixel));
};

whitesignal.coverageLegend = (shown, colours, words) => {
  const { element } = whitesignal;
  if (!shown.length) return null;
  const rows = shown.map((coverage) => {
    const parts = [coverage.generation, `≥ ${words.quantity(coverage.level_dbm, "dBm") ?? "?"}`];
    if (typeof coverage.area_km2 === "number") parts.push(words.quantity(coverage.area_km2, "km²"));
    if (typeof coverage.people === "number") parts.push(`${words.number(coverage.people)} ${words.label("title.people").toLowerCase()}`);
    return element("div", "ws-class", whitesignal.dot(colours.generation[coverage.generation], "ws-swatch"), parts.join(" · "));
  });
  return element("div", null, element("div", "ws-legend-name", words.label("legend.coverage")), ...rows);
};
