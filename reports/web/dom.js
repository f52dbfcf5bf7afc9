"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const byId = id => document.getElementById(id);

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function segment(name, value, label = value) {
  return element("label", {}, element("input", {type: "radio", name, value}), element("span", {}, label));
}

const chosen = name => document.querySelector(`input[name=${name}]:checked`)?.value;

function choose(name, value) {
  document.querySelector(`input[name=${name}][value="${CSS.escape(value)}"]`).checked = true;
}

/** A number as text: four decimals, or two if `like` is 10 or more. */
const digits = (value, like = value) => value == null ? "-" : value.toFixed(Math.abs(like) < 10 ? 4 : 2);

/** Fill a select with the metrics that single images have, by family. */
function addMetricOptions(select) {
  for (const [name, {family}] of Object.entries(data.metrics)) {
    if (!(name in data.values[0])) continue;
    const group = select.querySelector(`optgroup[label="${family}"]`) ?? element("optgroup", {label: family});
    group.append(element("option", {}, name));
    select.append(group);
  }
}

/** Sort numbers of items by their values: ascending if `sign` is 1, descending if it is -1. Missing values come last. */
function sorted(numbers, values, sign) {
  const key = number => values[number] == null ? Infinity : sign * values[number];
  return [...numbers].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a - b));
}

/** A mean with its standard deviation or, for a metric of the whole set, with the number of images. */
const summary = ({mean, std, images}) => images ? `${digits(mean)} (${images} images)` : `${digits(mean)} ±\u00a0${digits(std, mean)}`;

/** The table of metrics, by family, each with its explanation.
 *
 * `head` holds the headings of the columns, `rows` pairs of a metric's name and its cells, which are strings or elements.
 */
function metricTable(head, rows) {
  const body = element("tbody");
  let family;
  for (const [name, cells] of rows) {
    const metric = data.metrics[name];
    if (metric.family !== family) {
      family = metric.family;
      body.append(element("tr", {class: "group"}, element("th", {scope: "rowgroup", colspan: head.length + 1}, family)));
    }
    const label = element("th", {scope: "row"}, element("b", {}, name));
    body.append(element("tr", {}, label, ...cells.map(cell => element("td", {}, cell))));
    if (metric.channel) continue;
    const text = `${metric.text} ${metric.better === "lower" ? "Lower" : "Higher"} is better.`;
    body.append(element("tr", {class: "text"}, element("td", {colspan: head.length + 1}, element("span", {}, text))));
  }
  const columns = ["metric", ...head].map(column => element("th", {scope: "col"}, column));
  return element("div", {class: "wide"}, element("table", {}, element("thead", {}, element("tr", {}, ...columns)), body));
}
