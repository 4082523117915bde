"use strict";

/* Passes on where one map looks to the other. */

window.addEventListener("message", ({ source, data }) => {
  const frames = [...document.querySelectorAll("iframe")].map((frame) => frame.contentWindow);
  if (!frames.includes(source) || !data.whitesignal) return;
  for (const frame of frames) if (frame !== source) frame.postMessage(data, "*");
});
