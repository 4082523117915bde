"use strict";

/* The page's data, unpacked. Everything else hangs on this one name. */
const whitesignal = {};

whitesignal.UNITS_PER_DEGREE = 1e5;

whitesignal.readData = () => JSON.parse(document.getElementById("whitesignal-data").textContent);

/* A column is a list, or {values, rows} where text repeats itself. */
whitesignal.unpackColumn = (column) =>
  Array.isArray(column) ? column : column.rows.map((place) => (place < 0 ? null : column.values[place]));

/* Rows as objects; a column the table does not have is absent from all of them. */
whitesignal.unpackTable = (table) => {
  const rows = Array.from({ length: table.count }, () => ({}));
  for (const [name, column] of Object.entries(table.columns)) {
    whitesignal.unpackColumn(column).forEach((value, row) => {
      rows[row][name] = value;
    });
  }
  return rows;
};

/* First corner, then differences, in 1e-5 degrees; longitude first. Leaflet wants latitude first. */
whitesignal.unpackRing = (ring) => {
  const corners = [];
  let longitude = 0;
  let latitude = 0;
  for (let place = 0; place < ring.length; place += 2) {
    longitude += ring[place];
    latitude += ring[place + 1];
    corners.push([latitude / whitesignal.UNITS_PER_DEGREE, longitude / whitesignal.UNITS_PER_DEGREE]);
  }
  return corners;
};

/* Text as a key for searching: no marks, no case. */
whitesignal.fold = (text) =>
  String(text ?? "")
    .replace(/đ/g, "d")
    .replace(/Đ/g, "D")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase();

whitesignal.groupBy = (rows, key) => {
  const groups = new Map();
  for (const row of rows) {
    const name = key(row);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(row);
  }
  return groups;
};
