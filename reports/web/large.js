/** The dialog that shows an image large, with its histograms, joint histograms and metrics. Returns the function that
 * opens it: `open(number, label)`.
 *
 * A page provides `visible()`, the numbers of the items shown, in order; `numbers(number)`, the table of an item's
 * metrics; `swapped(label, item)`, the label of the image to swap with; and `closed(number)`, called when it is closed.
 */
function largeView({visible, numbers, swapped, closed}) {
  const dialog = byId("large"), image = byId("large-image");
  let number, label;

  function show(next) {
    number = next;
    const item = data.items[number], order = visible(), place = order.indexOf(number);
    byId("large-name").textContent = item.name;
    byId("large-place").value = `${place + 1} of ${order.length}`;
    // A disabled button would lose the focus.
    byId("before").setAttribute("aria-disabled", place <= 0);
    byId("after").setAttribute("aria-disabled", place >= order.length - 1);
    byId("thumbs").replaceChildren(...Object.entries(item.images).map(([name, src]) => {
      const thumb = element("button", {type: "button"}, element("img", {src, alt: ""}), element("span", {}, name));
      thumb.addEventListener("click", () => enlarge(name));
      return thumb;
    }));
    byId("charts").replaceChildren(...["charts", "joints"].flatMap(kind =>
      Object.entries(item[kind]).map(([name, src]) => element("figure", {class: kind === "joints" ? "joint" : ""},
        element("figcaption", {}, name), element("img", {src, alt: name})))));
    byId("numbers").replaceChildren(numbers(number));
    enlarge(label in item.images ? label : Object.keys(item.images)[0]);
  }

  function enlarge(name) {
    const item = data.items[number];
    label = name;
    image.src = item.images[name];
    image.alt = `${item.name}, ${name}`;
    Object.keys(item.images).forEach((key, place) => byId("thumbs").children[place].setAttribute("aria-pressed", key === name));
  }

  function step(by) {
    const order = visible(), next = order[order.indexOf(number) + by];
    if (next !== undefined) show(next);
  }

  byId("before").addEventListener("click", () => step(-1));
  byId("after").addEventListener("click", () => step(1));
  byId("close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", event => event.target === dialog && dialog.close());  // a click outside
  dialog.addEventListener("close", () => closed(number));
  document.addEventListener("keydown", event => {  // on the document: a click may move the focus out of the dialog
    if (!dialog.open) return;
    const act = {ArrowLeft: () => step(-1), k: () => step(-1), ArrowRight: () => step(1), j: () => step(1),
      s: () => enlarge(swapped(label, data.items[number]))}[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });

  return (next, name) => {
    label = name;
    dialog.showModal();
    show(next);
  };
}
