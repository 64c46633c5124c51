/* Draws the places of a test above the networks; asks only for those in sight. */

import {
  SHAPES, boxAround, element, listenToReader, plainMap, showShapes,
} from "../tiles/plain-map.mjs";

const config = JSON.parse(document.getElementById("map-config").textContent);
const {points, row, sources, bounds, groups, types, outcomes, texts, locale} = config;
const container = document.getElementById("map");
const notice = document.getElementById("map-notice");
const SHOWN = 5; // places in a popup
const SHARPNESS = 2; // pixels of an image for one of the page

try {
  draw();
} catch (error) {
  notice.textContent = texts.notDrawn;
  console.error(error);
}

function draw() {
  const map = plainMap(container, {
    sources: {
      ...Object.fromEntries(sources.map(({id, url}) => [id, {type: "vector", url}])),
      points: {type: "geojson", data: {type: "FeatureCollection", features: []}},
    },
    layers: [areas, edges, lines].flatMap((kind) => sources.map(kind)),
    bounds,
    locale,
    hash: false, // the page has other anchors
  });
  listenToReader(map, {
    find: (point) => map.getLayer("points") ? placesAt(map, point) : [],
    describe: described,
    say: (text) => { notice.textContent = text; },
    nothingHere: texts.nothingHere,
  });
  // Or the map would take the wheel from whoever scrolls the page.
  map.scrollZoom.disable();
  map.on("load", () => {
    addPoints(map);
    showThoseInSight(map);
    map.on("moveend", () => showThoseInSight(map));
  });
  map.on("error", ({error}) => complain(error));
  map.on("idle", () => {
    showShapes(map);
    container.dataset.drawn = "yes";
  });
}

function complain(error) {
  if (error.name === "AbortError") return;
  notice.textContent = texts.notLoaded;
  console.error(error);
}

/* Networks: thin, below the points */

function areas(source) {
  return layer(source, "area", "fill", SHAPES.area, {"fill-color": source.color, "fill-opacity": 0.06});
}

function edges(source) {
  return layer(source, "edge", "line", SHAPES.area, {
    "line-color": source.color,
    "line-opacity": 0.4,
    "line-width": 0.75,
  });
}

function lines(source) {
  return layer(source, "line", "line", SHAPES.line, {
    "line-color": source.color,
    "line-width": ["interpolate", ["linear"], ["zoom"], 8, 1, 15, 2.5],
    ...(source.dash.length && {"line-dasharray": source.dash}),
  });
}

function layer(source, name, type, shapes, paint) {
  return {
    id: `${source.id} ${name}`,
    type,
    source: source.id,
    "source-layer": source.layer,
    filter: ["match", ["geometry-type"], shapes, true, false],
    paint,
  };
}

/* Points */

const SYMBOL = ["case",
  ["==", ["get", "outcome"], "to_review"], "to_review",
  ["in", ["get", "type"], ["literal", groups.existing]], "existing",
  ["in", ["get", "type"], ["literal", groups.future]], "future",
  "none"];

function addPoints(map) {
  for (const symbol of document.querySelectorAll("[data-symbol]")) {
    map.addImage(symbol.dataset.symbol, image(symbol), {pixelRatio: SHARPNESS});
  }
  map.addLayer({
    id: "points",
    type: "symbol",
    source: "points",
    layout: {
      "icon-image": SYMBOL,
      // Those that may be connected above those that may not.
      "symbol-sort-key": ["match", SYMBOL, "existing", 3, "future", 2, "to_review", 1, 0],
      "icon-size": ["interpolate", ["linear"], ["zoom"], 6, 0.5, 14, 1],
      "icon-allow-overlap": true,
    },
  });
}

/* A symbol of the legend as MapLibre wants it: so both look the same. */
function image(symbol) {
  const path = symbol.querySelector("path");
  const {fill, stroke, strokeWidth} = getComputedStyle(path);
  const {width, height} = symbol.viewBox.baseVal;
  const canvas = element("canvas", {width: width * SHARPNESS, height: height * SHARPNESS});
  const context = canvas.getContext("2d");
  const shape = new Path2D(path.getAttribute("d"));
  context.scale(SHARPNESS, SHARPNESS);
  Object.assign(context, {
    fillStyle: fill, strokeStyle: stroke, lineWidth: parseFloat(strokeWidth), lineJoin: "round",
  });
  context.fill(shape);
  context.stroke(shape);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

let request;

/* An answer that comes late must not replace a newer one. */
async function showThoseInSight(map) {
  request?.abort();
  request = new AbortController();
  try {
    const response = await fetch(addressOf(map.getBounds()), {signal: request.signal});
    if (!response.ok) throw new Error(`${response.status} for the points in sight`);
    const found = await response.json();
    map.getSource("points").setData(found);
    notice.textContent = saidOf(found);
  } catch (error) {
    complain(error);
  }
}

function saidOf({features, truncated}) {
  if (truncated) return texts.truncated;
  return features.length ? "" : texts.nothingInSight;
}

function addressOf(box) {
  const address = new URL(points, location.href);
  const [west, south, east, north] = box.toArray().flat();
  const inTheWorld = [
    Math.max(west, -180), Math.max(south, -90), Math.min(east, 180), Math.min(north, 90),
  ];
  address.searchParams.set("bbox", inTheWorld.map((degrees) => degrees.toFixed(6)).join());
  return address;
}

/* Popup */

function placesAt(map, point) {
  const seen = new Set();
  return map.queryRenderedFeatures(boxAround(point), {layers: ["points"]})
    .map(({properties}) => properties)
    .filter(({number}) => !seen.has(number) && seen.add(number))
    .sort((one, other) => one.number - other.number);
}

function described(places) {
  const more = places.length - SHOWN;
  return element("div", {className: "reading"}, ...places.slice(0, SHOWN).map(describedOne),
    ...(more > 0 ? [element("p", {textContent: texts.more.replace("{count}", more)})] : []));
}

function describedOne({number, label, outcome, type}) {
  const link = element("a", {
    href: `${row}${number}/`, textContent: texts.row.replace("{number}", number),
  });
  const lines = [label, outcomes[outcome], types[type]].filter(Boolean);
  return element("section", {className: "found"}, element("h2", {}, link),
    ...lines.map((textContent) => element("p", {textContent})));
}
