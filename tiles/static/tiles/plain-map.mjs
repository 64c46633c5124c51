/* A map on plain paper that mouse and keyboard can read: what every page with a map needs. */

import {Map, NavigationControl, Popup, ScaleControl} from "../maplibre/maplibre-gl.mjs";

export const AROUND = {padding: 24};
/* By the names that a swatch of the legend has for them. */
export const SHAPES = {
  area: ["Polygon", "MultiPolygon"],
  line: ["LineString", "MultiLineString"],
  point: ["Point", "MultiPoint"],
};

/* `sources` and `layers` are those of a MapLibre style; the others are options of the map. */
export function plainMap(container, {sources, layers, ...options}) {
  const map = new Map({
    container,
    style: {version: 8, sources, layers: [paper(container), ...layers]},
    fitBoundsOptions: AROUND,
    hash: true, // #zoom/latitude/longitude
    maxZoom: 18,
    dragRotate: false,
    pitchWithRotate: false,
    renderWorldCopies: false,
    attributionControl: false, // the page names who the data are from
    ...options,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({showCompass: false}), "top-right");
  map.addControl(new ScaleControl(), "bottom-right");
  window.tileMap = map; // for the console, and for tests
  return map;
}

function paper(container) {
  return {
    id: "paper",
    type: "background",
    paint: {"background-color": getComputedStyle(container).backgroundColor},
  };
}

/* What is at a pixel is read by a click on it, or by Enter if it is the middle of the map.
   `find` gives what is there, `describe` an element that tells it, `choose` lets it be seen. */
export function listenToReader(map, {find, describe, choose = () => {}, say, nothingHere}) {
  const popup = new Popup({maxWidth: "22rem"});
  const canvas = map.getCanvas();
  const read = (point) => {
    const found = find(point);
    say(found.length ? "" : nothingHere);
    if (!found.length) {
      popup.remove();
      return;
    }
    popup.setLngLat(map.unproject(point)).setDOMContent(describe(found)).addTo(map);
    choose(found);
  };
  popup.on("close", () => {
    choose([]);
    // Whoever closed it with the keyboard goes on from the map, not from the top of the page.
    if (document.activeElement === document.body) canvas.focus({preventScroll: true});
  });
  map.on("click", ({point}) => read(point));
  map.on("mousemove", ({point}) => {
    canvas.style.cursor = find(point).length ? "pointer" : "";
  });
  canvas.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // or the key would press the popup's button, which has the focus then
    read(map.project(map.getCenter()));
  });
  map.getContainer().addEventListener("keydown", ({key}) => {
    if (key === "Escape") popup.remove();
  });
  return popup;
}

/* Tiles know what is in them, the server does not: the swatches of the legend learn it from what is
   drawn. The layers of a source are called like the source and the shape. */
export function showShapes(map) {
  for (const {dataset} of document.querySelectorAll(".swatch[data-source]")) {
    const shapes = Object.keys(SHAPES).filter((shape) => {
      const layer = `${dataset.source} ${shape}`;
      return map.getLayer(layer) && map.queryRenderedFeatures({layers: [layer]}).length;
    });
    if (shapes.length) dataset.shapes = shapes.join(" ");
  }
}

/* The pixels around one that a finger or a mouse may have meant. */
export function boxAround({x, y}) {
  const reach = matchMedia("(pointer: coarse)").matches ? 10 : 4;
  return [[x - reach, y - reach], [x + reach, y + reach]];
}

export function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
