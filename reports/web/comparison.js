/** The rows of a comparison: an image a row, a column a run. They are added to the document some at a time, as the
 * window comes near their end. */
const {items, metrics, columns, values, leads} = data, CHUNK = 40;
const rows = byId("rows"), metric = byId("metric");
const sources = new Set(Object.values(metrics).map(({baseline}) => baseline));  // which no run has made
const shared = Object.keys(items[0].images).filter(label => !columns.some(run => label.startsWith(`${run}: `)));
let order = [...items.keys()];

/** The values of a metric for an image, one a run, as they are seen. */
const seen = (name, number) => values.map(own => own[name][number] == null ? null : Number(digits(own[name][number])));

/** What a table says of a metric, one a run: the best with a mark, the others with what they lack, unless all are equal. */
function scores(name, number) {
  const own = seen(name, number), known = own.filter(value => value != null);
  const best = metrics[name].better === "higher" ? Math.max(...known) : Math.min(...known);
  const differ = !sources.has(name) && known.some(value => value !== best);
  return own.map(value => {
    if (!differ || value == null) return element("span", {}, digits(value));
    if (value === best) return element("span", {class: "good"}, `${digits(value)} ✓`, element("span", {class: "unseen"}, " best"));
    const lack = value - best;
    return element("span", {class: "bad"}, `${digits(value)} ${lack > 0 ? "+" : "-"}${digits(Math.abs(lack), value)}`);
  });
}

function imageButton(number, label, text = "") {
  const {name, images} = items[number];
  const button = element("button", {type: "button", "aria-label": `${name}, ${label}`}, element("img", {src: images[label], alt: "", loading: "lazy"}), text);
  button.addEventListener("click", () => openLarge(number, label));
  return button;
}

function makeRow(number) {
  const {name, images} = items[number], marked = leads.map(lead => scores(lead, number));
  const cells = shared.map(label => element("figure", {}, element("figcaption", {}, label), imageButton(number, label)));
  columns.forEach((run, place) => {
    const list = leads.map((lead, line) => element("div", {},
      element("dt", {title: metrics[lead].text}, lead), element("dd", {}, marked[line][place])));
    const others = Object.keys(images).filter(label => label.startsWith(`${run}: `) && label !== `${run}: output`);
    const own = others.map(label => imageButton(number, label, label.slice(run.length + 2)));
    cells.push(element("figure", {class: "run"}, element("figcaption", {}, run), imageButton(number, `${run}: output`),
      element("dl", {class: "scores"}, ...list), element("div", {class: "own"}, ...own)));
  });
  return element("section", {class: "row", "data-number": number}, element("h3", {}, name), element("div", {class: "cells"}, ...cells));
}

function addRows(count = CHUNK) {
  const start = rows.childElementCount;
  rows.append(...order.slice(start, start + count).map(makeRow));
}

function arrange() {
  const by = metric.value, run = columns.indexOf(chosen("of"));
  order = [...items.keys()];
  byId("of").hidden = !by;
  if (by && run >= 0) order = sorted(order, values[run][by], metrics[by].better === "higher" ? 1 : -1);
  else if (by) order = sorted(order, order.map(number => difference(seen(by, number))), -1);
  rows.replaceChildren();
  addRows();
  const how = run >= 0 ? `worst ${by} of ${columns[run]} first` : `largest difference in ${by} first`;
  byId("status").value = `${items.length} images${by ? `, ${how}` : ""}`;
}

function difference(own) {
  const known = own.filter(value => value != null);
  return known.length > 1 ? Math.max(...known) - Math.min(...known) : null;
}

const openLarge = largeView({
  visible: () => order,
  numbers: number => metricTable(columns, Object.keys(metrics).map(name => [name, scores(name, number)])),
  swapped(label) {  // the next run's output
    const outputs = columns.map(run => `${run}: output`);
    return outputs[(outputs.indexOf(label) + 1) % outputs.length];
  },
  closed(number) {
    while (!rows.querySelector(`[data-number="${number}"]`)) addRows();
    rows.querySelector(`[data-number="${number}"] .run button`).focus();
  },
});

rows.style.setProperty("--columns", shared.length + columns.length);
addMetricOptions(metric);
byId("of").append(segment("of", "", "difference"), ...columns.map(run => segment("of", run)));
choose("of", "");
metric.addEventListener("change", arrange);
byId("of").addEventListener("change", arrange);
arrange();
new IntersectionObserver(([{isIntersecting}], end) => {
  if (!isIntersecting || rows.childElementCount === items.length) return;
  addRows();
  end.unobserve(byId("end"));  // so that it is looked at again, even if it is still near
  end.observe(byId("end"));
}, {rootMargin: "1500px"}).observe(byId("end"));
