// Draws the histograms of `props.value` (see curve_editor.py), and lets the reference's be dragged.
// Heights are square roots of the bins, so that what is rare can be seen, and dragged, beside what is not.
const WIDTH = 256, HEIGHT = 100, HEADROOM = 1.15;
const REACH = 2.5; // bins: how far from the pointer a curve follows it
const STEP = 0.06; // of the height, for a key
const IDLE = 700; // milliseconds after the last key
const HELP = ": left and right choose a tone, up and down change how much of it the reference has";

const root = element.querySelector(".panels");
let panels = [], drawn = "";

function draw() {
  panels.forEach(panel => clearTimeout(panel.timer));
  const value = props.value;
  const kind = value ? JSON.stringify([value.channels, value.editable]) : "";
  if (kind !== drawn) build(value);
  drawn = kind;
  if (!value) return;
  panels.forEach((panel, channel) => {
    panel.heights = value.reference[channel].map(Math.sqrt);
    const bins = ["source", "output", "reference", "original"].flatMap(name => value[name][channel]);
    panel.top = HEADROOM * Math.sqrt(Math.max(...bins));
    for (const name of ["source", "output"]) {
      const outline = path(value[name][channel].map(Math.sqrt), panel.top);
      panel.figure.querySelector(`path.${name}`).setAttribute("d", `${outline}L${WIDTH},${HEIGHT}L0,${HEIGHT}Z`);
    }
    if (value.editable) drawReference(panel);
    panel.reset.hidden = String(value.reference[channel]) === String(value.original[channel]);
  });
  root.querySelector("img").src = value.joint;
}

function build(value) {
  root.innerHTML = "";
  panels = [];
  if (!value) return;
  root.innerHTML = `<div class="legend"><span><i class="source"></i>source</span><span><i class="output"></i>output</span>` +
    (value.editable ? `<span><i class="reference"></i>reference (drag it)</span>` : "") + `</div>` +
    value.channels.map(({name, low, high, color}) => `<figure><figcaption><span>${name}</span><button hidden>reset</button>` +
      `</figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="group" ` +
      `aria-label="${name}${value.editable ? HELP : ""}">` +
      `<path class="source"/><path class="output" fill="${color}"/><path class="reference"/><line y1="0" y2="${HEIGHT}"/>` +
      `</svg><div class="ends"><span>${low}</span><span>${high}</span></div></figure>`).join("") +
    `<figure><figcaption>Joint histogram</figcaption>` +
    `<img alt="joint histogram of lightness: the source's across, the output's up">` +
    `<div class="ends"><span>source \u2192</span><span>output \u2191</span></div></figure>`;
  panels = [...root.querySelectorAll("figure")].slice(0, value.channels.length)
    .map(figure => ({figure, reset: figure.querySelector("button"), heights: [], top: 1, place: 0}));
  if (value.editable) panels.forEach(listen);
}

function path(heights, top) {
  const point = (height, bin) =>
    `${(bin * WIDTH / (heights.length - 1)).toFixed(1)},${(HEIGHT * (1 - Math.min(height / top, 1))).toFixed(2)}`;
  return "M" + heights.map(point).join("L");
}

function drawReference(panel) {
  panel.figure.querySelector("path.reference").setAttribute("d", path(panel.heights, panel.top));
}

function listen(panel, channel) {
  const svg = panel.figure.querySelector("svg");
  svg.classList.add("editable");
  svg.setAttribute("tabindex", 0);
  const drag = event => {
    const box = svg.getBoundingClientRect(), last = panel.heights.length - 1;
    const bin = clamp((event.clientX - box.left) / box.width, 0, 1) * last;
    pull(panel, bin, panel.top * clamp(1 - (event.clientY - box.top) / box.height, 0, 1));
  };
  svg.addEventListener("pointerdown", event => {
    svg.setPointerCapture(event.pointerId);
    drag(event);
    svg.addEventListener("pointermove", drag);
  });
  const release = () => {
    svg.removeEventListener("pointermove", drag);
    commit(panel, channel);
  };
  svg.addEventListener("pointerup", release);
  svg.addEventListener("pointercancel", () => {
    svg.removeEventListener("pointermove", drag);
    draw();
  });
  svg.addEventListener("keydown", event => pressKey(panel, channel, event));
  panel.reset.addEventListener("click", () => replace(channel, props.value.original[channel]));
}

function pressKey(panel, channel, event) {
  const sideways = {ArrowLeft: -1, ArrowRight: 1}[event.key], upward = {ArrowUp: 1, ArrowDown: -1}[event.key];
  if (!sideways && !upward) return;
  event.preventDefault();
  const last = panel.heights.length - 1;
  panel.place = clamp(panel.place + (sideways ?? 0), 0, last);
  const line = panel.figure.querySelector("line"), x = panel.place * WIDTH / last;
  line.setAttribute("x1", x);
  line.setAttribute("x2", x);
  if (!upward) return;
  pull(panel, panel.place, clamp(panel.heights[panel.place] + upward * STEP * panel.top, 0, panel.top));
  clearTimeout(panel.timer);
  panel.timer = setTimeout(() => commit(panel, channel), IDLE);
}

function pull(panel, bin, height) {
  // The bins near the pointer move toward its height, by a share that falls off smoothly.
  panel.heights = panel.heights.map((before, place) =>
    before + (height - before) * Math.exp(-0.5 * ((place - bin) / REACH) ** 2));
  drawReference(panel);
}

function commit(panel, channel) {
  const curve = panel.heights.map(height => height * height), total = curve.reduce((sum, share) => sum + share, 0);
  if (total > 0) replace(channel, curve.map(share => share / total));
  else draw();
}

function replace(channel, curve) {
  const reference = props.value.reference.map((other, place) => place === channel ? curve : other);
  props.value = {...props.value, reference};
  draw();
  trigger("input");
}

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

watch("value", draw);
draw();
