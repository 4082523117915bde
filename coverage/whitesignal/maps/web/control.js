"use strict";

/* The layer control: one group per question, villages and level open, the rest folded. */

whitesignal.controlPanel = (map, data, scene, state, words, dress) => {
  const { colours } = data;
  const say = (key) => words.label(`control.${key}`);
  const choice = (options, change) => whitesignal.choice({ type: "checkbox", words, ...options }, (on) => { change(on); dress(); });
  const member = (set, code) => (on) => (on ? set.add(code) : set.delete(code));
  const count = (rows, test) => rows.filter(test).length;

  const villages = [...whitesignal.STATUSES].reverse().map((status) => choice({
    key: `village-${status}`, on: true, colour: colours.status[status], text: words.status(status),
    count: count(scene.villages, (village) => village.status === status),
  }, member(state.statuses, status)));
  if (data.changed) {
    villages.push(choice({
      key: "changed", on: state.changed, colour: "#d500f9", swatch: "ws-ring", text: say("changed"),
      count: count(scene.villages, (village) => village.change),
    }, (on) => { state.changed = on; }));
  }
  if (data.clusters) {
    villages.push(choice({ key: "clusters", on: false, text: say("clusters"), count: data.clusters.count }, (on) => { state.clusters = on; }));
  }

  const levels = ["", ...data.levels.map((level) => level.generation)].map((generation) => choice({
    type: "radio", group: "level", key: `level-${generation || "none"}`, on: state.level === generation,
    text: generation || say("none"),
  }, () => { state.level = generation; }));

  const coverage = data.coverage.map(({ generation }) => choice({
    key: `coverage-${generation}`, on: false, colour: colours.generation[generation], swatch: "ws-swatch", text: generation,
  }, member(state.coverage, generation)));

  const base = [
    data.hillshade && choice({ key: "hillshade", on: true, text: say("hillshade") }, (on) => { state.hillshade = on; }),
    whitesignal.hasOutlines(data) && choice({ key: "outlines", on: true, text: say("boundaries") }, (on) => { state.outlines = on; }),
  ].filter(Boolean);

  const sections = [
    whitesignal.section(say("villages"), true, ...villages),
    levels.length > 1 ? whitesignal.section(say("level"), true, whitesignal.element("div", "ws-row", ...levels)) : null,
    coverage.length ? whitesignal.section(say("coverage"), false, whitesignal.element("div", "ws-row", ...coverage)) : null,
    whitesignal.section(say("stations"), true, ...whitesignal.stationChoices(data, scene, state, words, choice, member)),
    base.length ? whitesignal.section(say("base"), false, ...base) : null,
  ];
  const body = whitesignal.section(say("title"), whitesignal.isWide(map), ...sections);
  body.classList.add("ws-control-body");
  return whitesignal.panel(map, "topright", "ws-control", body);
};

/* A station shows where both its generation and its operator are ticked. */
whitesignal.stationChoices = (data, scene, state, words, choice, member) => {
  const { colours } = data;
  const { element, name } = whitesignal;
  const say = (key) => words.label(`control.${key}`);
  const live = scene.stations.filter((station) => station.counted);
  const idle = scene.stations.length - live.length;
  const generations = Object.keys(colours.generation).filter((generation) => live.some((s) => s.generation === generation));
  const operators = Object.keys(colours.operator).filter((operator) => live.some((s) => s.operator === operator));
  const colourBy = ["operator", "generation"].map((by) => choice({
    type: "radio", group: "colour-by", key: `colour-${by}`, on: state.colourBy === by, text: say(by),
  }, () => { state.colourBy = by; }));
  const parts = [
    element("div", "ws-sub", say("generation")),
    ...generations.map((generation) => choice({
      key: `generation-${generation}`, on: false, colour: colours.generation[generation], text: generation,
      count: live.filter((station) => station.generation === generation).length,
    }, member(state.generations, generation))),
    element("div", "ws-sub", say("operator")),
    ...operators.map((operator) => choice({
      key: `operator-${operator}`, on: true, colour: colours.operator[operator],
      text: name(operator || words.label("value.unknown")),
      count: live.filter((station) => station.operator === operator).length,
    }, member(state.operators, operator))),
    element("div", "ws-sub", say("colour_by")), element("div", "ws-row", ...colourBy),
  ];
  const others = data.proposed ? say("proposed") : say("not_counted");
  if (idle) parts.push(choice({ key: "not-counted", on: state.idle, text: others, count: idle }, (on) => { state.idle = on; }));
  return parts;
};
