/* Draws the sources of the page's legend, from the tiles of this site alone. */

import {
  AROUND, SHAPES, boxAround, element, listenToReader, plainMap, showShapes,
} from "./plain-map.mjs";

const {sources, bounds, texts, locale} = JSON.parse(document.getElementById("config").textContent);
const container = document.getElementById("map");
const notice = document.getElementById("notice");
const switches = [...document.querySelectorAll("input[name=source]")];

const CHOSEN = ["boolean", ["feature-state", "chosen"], false];

try {
  draw();
} catch (error) {
  notice.textContent = texts.notDrawn;
  console.error(error);
}

function draw() {
  const map = plainMap(container, {
    sources: Object.fromEntries(sources.map(({id, url}) => [id, {type: "vector", url}])),
    layers: [areas, edges, casings, lines, points].flatMap((kind) => sources.map(kind)),
    bounds,
    locale,
  });
  const popup = listenToReader(map, {
    find: (point) => featuresAt(map, point),
    describe: described,
    choose: chooser(map),
    say: (text) => { notice.textContent = text; },
    nothingHere: texts.nothingHere,
  });
  listenToLegend(map, popup);
  reportTrouble(map);
  map.on("idle", () => {
    showShapes(map);
    container.dataset.drawn = "yes";
  });
}

/* Layers: areas below lines below points, whatever the order of the sources */

function areas(source) {
  return layer(source, "area", "area", "fill", {
    "fill-color": source.color,
    "fill-opacity": ["case", CHOSEN, 0.22, 0.08],
  });
}

function edges(source) {
  return layer(source, "edge", "area", "line", {
    "line-color": source.color,
    "line-opacity": ["case", CHOSEN, 1, 0.75],
    "line-width": growing(["case", CHOSEN, 2, 0.6], ["case", CHOSEN, 4, 1.6]),
  });
}

/* White beside the lines sets them off from the areas. */
function casings(source) {
  return layer(source, "casing", "line", "line", {
    "line-color": "#fff",
    "line-width": growing(["case", CHOSEN, 9, 4.5], ["case", CHOSEN, 14, 8]),
  });
}

function lines(source) {
  return layer(source, "line", "line", "line", {
    "line-color": source.color,
    "line-width": growing(["case", CHOSEN, 6, 2.5], ["case", CHOSEN, 9, 4]),
    ...(source.dash.length && {"line-dasharray": source.dash}),
  });
}

function points(source) {
  return layer(source, "point", "point", "circle", {
    "circle-color": source.color,
    "circle-radius": growing(["case", CHOSEN, 6, 3], ["case", CHOSEN, 10, 7]),
    "circle-stroke-color": "#fff",
    "circle-stroke-width": 1.5,
  });
}

function layer(source, name, shape, type, paint) {
  return {
    id: `${source.id} ${name}`,
    type,
    source: source.id,
    "source-layer": source.layer,
    filter: ["match", ["geometry-type"], SHAPES[shape], true, false],
    layout: {
      visibility: isOn(source.id) ? "visible" : "none",
      ...(type === "line" && {"line-join": "round", "line-cap": source.dash.length ? "butt" : "round"}),
    },
    paint,
  };
}

function growing(far, near) {
  return ["interpolate", ["linear"], ["zoom"], 8, far, 15, near];
}

/* Legend */

function isOn(id) {
  return switches.find(({value}) => value === id).checked;
}

function listenToLegend(map, popup) {
  switches[0].form.addEventListener("change", ({target}) => {
    popup.remove(); // it may be about what goes
    turn(map, target.value, target.checked);
  });
  document.getElementById("everything").addEventListener("click", () => {
    map.fitBounds(bounds, AROUND);
  });
}

function turn(map, id, on) {
  for (const {id: layerId, source} of map.getStyle().layers) {
    if (source === id) map.setLayoutProperty(layerId, "visibility", on ? "visible" : "none");
  }
}

/* Popup */

/* Makes what was read stand out, until something else is. */
function chooser(map) {
  let chosen = [];
  return (features) => {
    chosen.forEach((feature) => map.setFeatureState(feature, {chosen: false}));
    chosen = features.filter(({id}) => id !== undefined).map(({source, sourceLayer, id}) =>
      ({source, sourceLayer, id}));
    chosen.forEach((feature) => map.setFeatureState(feature, {chosen: true}));
  };
}

function featuresAt(map, point) {
  const near = map.queryRenderedFeatures(boxAround(point)).filter(({geometry}) =>
    !SHAPES.area.includes(geometry.type));
  // An area beside the click was not meant.
  const under = map.queryRenderedFeatures(point).filter(({geometry}) =>
    SHAPES.area.includes(geometry.type));
  return once([...near, ...under]);
}

/* A feature comes once for each layer and tile it is drawn in. */
function once(features) {
  const seen = new Set();
  return features.filter(({source, id, properties}) => {
    const key = JSON.stringify([source, id ?? properties]);
    return !seen.has(key) && seen.add(key);
  });
}

function described(features) {
  return element("div", {className: "reading"}, ...features.map(describedOne));
}

function describedOne({source, properties}) {
  const section = element("section", {className: "found"});
  const swatch = switches.find(({value}) => value === source)
    .parentElement.querySelector(".swatch").cloneNode(true);
  const title = element("h2", {}, swatch, sources.find(({id}) => id === source).label);
  const facts = Object.entries(properties).flatMap(([name, value]) => [
    element("dt", {textContent: name}),
    element("dd", {textContent: readable(value)}),
  ]);
  section.append(title, facts.length
    ? element("dl", {}, ...facts)
    : element("p", {textContent: texts.noProperties}));
  return section;
}

function readable(value) {
  // No separators: a number may be an identifier.
  return typeof value === "number"
    ? value.toLocaleString(document.documentElement.lang, {useGrouping: false})
    : String(value);
}

/* Trouble */

function reportTrouble(map) {
  map.on("error", ({error}) => {
    notice.textContent = texts.notLoaded;
    console.error(error);
  });
  map.on("movestart", () => {
    notice.textContent = "";
  });
}
