"use strict";

/* One map of two: tells the page around it where it looks, and looks where the other does. */

(() => {
  const map = window.map_whitesignal;
  let following = false;
  map.on("moveend", () => {
    if (following) return;
    const { lat, lng } = map.getCenter();
    window.parent.postMessage({ whitesignal: [lat, lng, map.getZoom()] }, "*");
  });
  window.addEventListener("message", ({ source, data }) => {
    if (source !== window.parent || !Array.isArray(data.whitesignal)) return;
    const [latitude, longitude, zoom] = data.whitesignal;
    following = true;
    map.setView([latitude, longitude], zoom, { animate: false });
    following = false;
  });
})();
