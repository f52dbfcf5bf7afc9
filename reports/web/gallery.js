/** The page of a test: the table of its metrics and the grid of its images. All tiles are in the document, in the order
 * shown; an image is loaded when it comes near the window. */
const {items, metrics, lead} = data, [values] = data.values, [means] = data.reports, TEN = 10;
const grid = byId("grid"), metric = byId("metric"), folder = byId("folder");
const labels = Object.keys(items[0].images), folders = [...new Set(items.map(folderOf))];
const tiles = items.map(makeTile);
let order = [...items.keys()];

/** The class or folder of an image: the first part of its name, or an empty string. */
function folderOf(item) {
  return item.name.includes("/") ? item.name.split("/")[0] : "";
}

/** The label of the image to swap with: for the output, the target or, without one, the source; else the output. */
function swapped(label, {images}) {
  return label !== "output" ? "output" : "target" in images ? "target" : "source";
}

function makeTile(item, number) {
  const button = element("button", {type: "button", tabindex: number ? -1 : 0}, element("img", {alt: ""}));
  const caption = element("div", {class: "caption", "aria-hidden": "true"}, element("span", {title: item.name}, item.name), element("span"));
  const tile = element("li", {class: "tile", "data-number": number}, button, caption);
  return tile;
}

const near = new IntersectionObserver(entries => {
  for (const {isIntersecting, target} of entries) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    target.classList.add("loaded");
    setImages(target);
  }
}, {rootMargin: "800px"});

function setImages(tile) {
  const item = items[tile.dataset.number], shown = chosen("shown");
  tile.querySelector("img").src = item.images[shown];
  const other = tile.querySelector(".other");
  if (other) {
    other.src = item.images[swapped(shown, item)];
    tile.querySelector(".badge").textContent = swapped(shown, item);
  }
}

/** Lay the other image over the first, hidden. */
function addOther(tile) {
  if (tile.querySelector(".other")) return;
  tile.querySelector("button").append(element("img", {class: "other", alt: ""}), element("span", {class: "badge", "aria-hidden": "true"}));
  setImages(tile);
}

function swap(tile, force) {
  addOther(tile);
  tile.classList.toggle("swapped", force);
}

function arrange() {
  const view = chosen("view"), by = metric.value || (view === "all" ? "" : lead);
  metric.value = by;
  if (view !== "all") choose("direction", view);
  byId("direction").hidden = !by || view !== "all";
  const worst = chosen("direction") === "worst";
  order = [...items.keys()].filter(number => !folder.value || folderOf(items[number]) === folder.value);
  if (by) order = sorted(order, values[by], (metrics[by].better === "higher") === worst ? 1 : -1);
  if (view !== "all") order = order.slice(0, TEN);
  const seen = new Set(order), fragment = document.createDocumentFragment();
  for (const number of [...order, ...[...items.keys()].filter(number => !seen.has(number))]) {
    const tile = tiles[number], value = by ? digits(values[by][number]) : "";
    tile.hidden = !seen.has(number);
    tile.lastChild.lastChild.textContent = value;
    tile.firstChild.setAttribute("aria-label", by ? `${items[number].name}, ${by} ${value}` : items[number].name);
    fragment.append(tile);
  }
  grid.append(fragment);
  setCurrent(order[0]);
  const count = order.length < items.length ? `${order.length} of ${items.length} images` : `${items.length} images`;
  byId("status").value = by ? `${count}, ${worst ? "worst" : "best"} ${by} first` : count;
}

/** Make this the one tile that Tab reaches; arrow keys move on from it. */
function setCurrent(number) {
  grid.querySelector("button[tabindex='0']")?.setAttribute("tabindex", -1);
  tiles[number]?.firstChild.setAttribute("tabindex", 0);
}

function focusTile(number) {
  setCurrent(number);
  tiles[number].firstChild.focus();
}

/** The table of the metrics in `known`, one column per channel; `text` makes a cell of an entry. */
function channelTable(known, text) {
  const channels = [...new Set(Object.values(metrics).map(({channel}) => channel))].filter(Boolean);
  const names = Object.keys(metrics).filter(name => !metrics[name].channel && name in known);
  const cell = name => name in known ? text(known[name]) : "";
  const cells = name => [cell(name), ...channels.map(channel => cell(`${name}_${channel}`))];
  return metricTable(channels.length ? ["all", ...channels] : ["value"], names.map(name => [name, cells(name)]));
}

const openLarge = largeView({
  visible: () => order,
  numbers: number => channelTable(values, own => digits(own[number])),
  swapped,
  closed: focusTile,
});

let pointer;
grid.addEventListener("pointerdown", event => pointer = event.pointerType);
grid.addEventListener("pointerover", event => {
  if (event.pointerType !== "touch" && event.target.closest("button")) swap(event.target.closest(".tile"), true);
});
grid.addEventListener("pointerout", event => {
  if (event.pointerType !== "touch" && event.target.closest("button")) swap(event.target.closest(".tile"), false);
});
grid.addEventListener("click", event => {
  const tile = event.target.closest(".tile"), button = event.target.closest("button");
  if (!tile) return;
  // A tap swaps. A tap on the caption enlarges, and so does a screen reader's click, which has no detail.
  if (button && pointer === "touch" && event.detail) swap(tile);
  else openLarge(Number(tile.dataset.number), chosen("shown"));
});
grid.addEventListener("keydown", event => {
  const tile = event.target.closest(".tile");
  if (!tile || event.ctrlKey || event.metaKey || event.altKey) return;
  const columns = getComputedStyle(grid).gridTemplateColumns.split(" ").length;
  const by = {ArrowLeft: -1, k: -1, ArrowRight: 1, j: 1, ArrowUp: -columns, ArrowDown: columns, Home: -Infinity, End: Infinity}[event.key];
  if (event.key === "s") swap(tile);
  if (!by) return;
  event.preventDefault();
  const place = order.indexOf(Number(tile.dataset.number)) + by;
  focusTile(order[Math.min(Math.max(place, 0), order.length - 1)]);
});

byId("all").append(channelTable(means, summary));
addMetricOptions(metric);
folder.append(...folders.filter(Boolean).sort().map(name => element("option", {}, name)));
folder.parentElement.hidden = folders.length < 2;
byId("shown").append(...["output", ...labels.filter(label => label !== "output")].map(label => segment("shown", label)));
choose("shown", "output");
byId("other").textContent = swapped("output", items[0]);
metric.addEventListener("change", () => { if (!metric.value) choose("view", "all"); arrange(); });
folder.addEventListener("change", arrange);
byId("view").addEventListener("change", arrange);
byId("direction").addEventListener("change", arrange);
byId("shown").addEventListener("change", () => grid.querySelectorAll(".loaded").forEach(setImages));
arrange();
tiles.forEach(tile => near.observe(tile));
