/** The page of a comparison: the tables of means, and one row per image with one column per run. Rows are added to the
 * document in chunks, as the window comes near their end. */
const {items, metrics, columns, reports, values, headline} = data, CHUNK = 40;
const rows = byId("rows"), metric = byId("metric");
const leads = headline.filter(name => name in values[0]);  // those that single images have
const baselines = new Set(Object.values(metrics).map(({baseline}) => baseline));  // of the source, the same for every run
const shared = Object.keys(items[0].images).filter(label => !columns.some(run => label.startsWith(`${run}: `)));
let order = [...items.keys()];

/** A value as precise as the page shows it, so that values that look equal are equal. */
const rounded = value => value == null ? null : Number(digits(value));

/** The values of a metric for an image, one per run. */
const perRun = (name, number) => values.map(own => rounded(own[name][number]));

/** The best of a metric's values, one per run; null if all are equal, or if the metric measures the source. */
function bestOf(name, own) {
  const known = own.filter(value => value != null);
  const best = metrics[name].better === "higher" ? Math.max(...known) : Math.min(...known);
  return baselines.has(name) || known.every(value => value === best) ? null : best;
}

const winner = text => element("span", {class: "good"}, `${text} ✓`, element("span", {class: "unseen"}, " best"));

/** The cells of a metric's means, one per run; the best is marked. */
function means(name) {
  const own = reports.map(report => rounded(report[name]?.mean)), best = bestOf(name, own);
  return reports.map((report, run) => {
    if (own[run] == null) return "-";
    return own[run] === best ? winner(summary(report[name])) : summary(report[name]);
  });
}

/** The cells of a metric for an image, one per run; the best is marked, the others have their difference from it. */
function scores(name, number) {
  const own = perRun(name, number), best = bestOf(name, own);
  return own.map(value => {
    if (value == null || best == null) return element("span", {}, digits(value));
    if (value === best) return winner(digits(value));
    const difference = value - best;
    return element("span", {class: "bad"}, `${digits(value)} ${difference > 0 ? "+" : "-"}${digits(Math.abs(difference), value)}`);
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
  else if (by) order = sorted(order, order.map(number => difference(perRun(by, number))), -1);
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
  numbers(number) {
    const names = Object.keys(metrics).filter(name => name in values[0]);
    return metricTable(columns, names.map(name => [name, scores(name, number)]));
  },
  swapped(label) {  // the output of the next run
    const outputs = columns.map(run => `${run}: output`);
    return outputs[(outputs.indexOf(label) + 1) % outputs.length];
  },
  closed(number) {
    while (!rows.querySelector(`[data-number="${number}"]`)) addRows();
    rows.querySelector(`[data-number="${number}"] .run button`).focus();
  },
});

rows.style.setProperty("--columns", shared.length + columns.length);
byId("means").append(metricTable(columns, headline.map(name => [name, means(name)])));
byId("all").append(metricTable(columns, Object.keys(metrics).map(name => [name, means(name)])));
addMetricOptions(metric);
byId("of").append(segment("of", "", "difference"), ...columns.map(run => segment("of", run)));
choose("of", "");
metric.addEventListener("change", arrange);
byId("of").addEventListener("change", arrange);
arrange();
new IntersectionObserver(([{isIntersecting}], end) => {
  if (!isIntersecting || rows.childElementCount === items.length) return;
  addRows();
  end.unobserve(byId("end"));  // observed anew, it reports again, even if it is still near
  end.observe(byId("end"));
}, {rootMargin: "1500px"}).observe(byId("end"));
