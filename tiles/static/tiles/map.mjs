/* Draws the sources of the page's legend, from the tiles of this site alone. */

import {Map, NavigationControl, Popup, ScaleControl} from "../maplibre/maplibre-gl.mjs";

const {sources, bounds, texts, locale} = JSON.parse(document.getElementById("config").textContent);
const container = document.getElementById("map");
const notice = document.getElementById("notice");
const switches = [...document.querySelectorAll("input[name=source]")];

const AROUND = {padding: 24};
const REACH = matchMedia("(pointer: coarse)").matches ? 10 : 4; // pixels beside a click
const SHAPES = {
  area: ["Polygon", "MultiPolygon"],
  line: ["LineString", "MultiLineString"],
  point: ["Point", "MultiPoint"],
};
const CHOSEN = ["boolean", ["feature-state", "chosen"], false];

try {
  draw();
} catch (error) {
  notice.textContent = texts.notDrawn;
  console.error(error);
}

function draw() {
  const map = new Map({
    container,
    style: style(),
    bounds,
    fitBoundsOptions: AROUND,
    hash: true, // #zoom/latitude/longitude
    locale,
    maxZoom: 18,
    dragRotate: false,
    pitchWithRotate: false,
    renderWorldCopies: false,
    attributionControl: false, // the legend names who the data are from
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({showCompass: false}), "top-right");
  map.addControl(new ScaleControl(), "bottom-right");
  const popup = new Popup({maxWidth: "22rem"});
  listenToLegend(map, popup);
  listenToReader(map, popup);
  reportTrouble(map);
  map.on("idle", () => {
    showShapes(map);
    container.dataset.drawn = "yes";
  });
  window.tileMap = map; // for the console, and for tests
}

/* Style: areas below lines below points, whatever the order of the sources */

function style() {
  const layers = [areas, edges, casings, lines, points].flatMap((kind) => sources.map(kind));
  return {
    version: 8,
    sources: Object.fromEntries(sources.map(({id, url}) => [id, {type: "vector", url}])),
    layers: [
      {
        id: "paper",
        type: "background",
        paint: {"background-color": getComputedStyle(container).backgroundColor},
      },
      ...layers,
    ],
  };
}

function areas(source) {
  return layer(source, "fill", "area", "fill", {
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

/* Tiles know what is in them, the server does not: the legend learns it from what is drawn. */
function showShapes(map) {
  for (const {value, parentElement} of switches) {
    const drawn = layersOf(map, value).filter(
      (id) => map.queryRenderedFeatures({layers: [id]}).length,
    );
    const shapes = Object.keys(SHAPES).filter((shape) =>
      drawn.some((id) => id.endsWith(shape === "area" ? " fill" : ` ${shape}`)));
    if (shapes.length) parentElement.querySelector(".swatch").dataset.shapes = shapes.join(" ");
  }
}

function layersOf(map, id) {
  return map.getStyle().layers.filter(({source}) => source === id).map(({id: layerId}) => layerId);
}

/* Popup */

function listenToReader(map, popup) {
  const canvas = map.getCanvas();
  let chosen = [];
  const choose = (features) => {
    chosen.forEach((feature) => map.setFeatureState(feature, {chosen: false}));
    chosen = features;
    chosen.forEach((feature) => map.setFeatureState(feature, {chosen: true}));
  };
  const read = (point) => {
    const found = featuresAt(map, point);
    notice.textContent = "";
    if (!found.length) {
      popup.remove();
      notice.textContent = texts.nothingHere;
      return;
    }
    popup.setLngLat(map.unproject(point)).setDOMContent(described(found)).addTo(map);
    choose(found.filter(({id}) => id !== undefined).map(({source, sourceLayer, id}) =>
      ({source, sourceLayer, id})));
  };
  popup.on("close", () => {
    choose([]);
    // Whoever closed it with the keyboard goes on from the map, not from the top of the page.
    if (document.activeElement === document.body) canvas.focus({preventScroll: true});
  });
  map.on("click", ({point}) => read(point));
  map.on("mousemove", ({point}) => {
    canvas.style.cursor = featuresAt(map, point).length ? "pointer" : "";
  });
  canvas.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // or the key would press the popup's button, which has the focus then
    read(map.project(map.getCenter()));
  });
  container.addEventListener("keydown", ({key}) => {
    if (key === "Escape") popup.remove();
  });
}

function featuresAt(map, {x, y}) {
  const box = [[x - REACH, y - REACH], [x + REACH, y + REACH]];
  const near = map.queryRenderedFeatures(box).filter(({geometry}) =>
    !SHAPES.area.includes(geometry.type));
  // An area beside the click was not meant.
  const under = map.queryRenderedFeatures([x, y]).filter(({geometry}) =>
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

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
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
