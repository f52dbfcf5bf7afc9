"""The page of a test and the page of a comparison, in a browser."""

import json
import re
import shutil

import pytest

from metrics import explain
from tests.commands import page_data, run_here

# The lowest contrast between a text and its background (WCAG 2), the element that has it, and the number of texts.
CONTRAST = """
const light = color => color.map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
  .reduce((sum, v, place) => sum + v * [.2126, .7152, .0722][place], 0);
const parse = text => text.match(/[\\d.]+/g).map(Number);
function ground(node) {
  for (; node; node = node.parentElement) {
    const color = parse(getComputedStyle(node).backgroundColor);
    if (color.length < 4) return color;
  }
}
let least = [99, ""], count = 0;
for (const node of document.querySelectorAll("body *")) {
  const text = [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim());
  if (!text || !node.checkVisibility() || node.closest("[aria-disabled=true], .badge, script, noscript")) continue;
  const style = getComputedStyle(node), svg = node instanceof SVGElement;
  const pair = [parse(svg ? style.fill : style.color), ground(node)].map(color => light(color.slice(0, 3)) + .05);
  const ratio = Math.max(...pair) / Math.min(...pair);
  count += 1;
  if (ratio < least[0]) least = [ratio, node.outerHTML.slice(0, 200)];
}
return [...least, count];
"""

# A function from an element to its table: an object from a metric's name to the texts of its cells.
TABLE = """(root => Object.fromEntries([...root.querySelectorAll("tr:has(b)")].map(({cells: [name, ...cells]}) =>
  [name.textContent, cells.map(cell => cell.textContent.replace("\\u00a0", " "))])))"""


@pytest.fixture
def browser(chromium):
    """The browser, with a wide window; no script may have failed at the end."""
    chromium.set_window_size(1100, 900)
    dark(chromium, False)
    yield chromium
    assert not [entry for entry in chromium.get_log("browser") if entry["level"] == "SEVERE"]


@pytest.fixture(scope="module")
def page(tested, tmp_path_factory):
    """A copy of a test's results: the page needs nothing outside its folder. Half of the images are in a folder."""
    page = shutil.copytree(tested / "test" / "own", tmp_path_factory.mktemp("moved") / "page")
    rows = rows_of(page)
    for row in rows[::2]:
        text = (page / "index.html").read_text()
        (page / "index.html").write_text(text.replace(f'"name": "{row["name"]}"', f'"name": "cats/{row["name"]}"'))
    lines = [row | {"name": f"cats/{row['name']}"} if place % 2 == 0 else row for place, row in enumerate(rows)]
    (page / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return page


def rows_of(page):
    return [json.loads(line) for line in (page / "metrics.jsonl").read_text().splitlines()]


def shown(value, like=None):
    """A number as the page shows it. Its data have six significant digits."""
    decimals = 4 if abs(value if like is None else like) < 10 else 2
    return f"{float(f'{value:.6g}'):.{decimals}f}"


def dark(browser, on):
    features = [{"name": "prefers-color-scheme", "value": "dark" if on else "light"}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def click(browser, selector):
    """Click the first element that is shown."""
    return browser.execute_script(
        "[...document.querySelectorAll(arguments[0])].find(e => e.checkVisibility()).click()", selector
    )


def sort_by(browser, name):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import Select

    Select(browser.find_element(By.ID, "metric")).select_by_visible_text(name)


def names(browser):
    """The names of the visible tiles in document order, in which a screen reader reads them."""
    script = "return [...document.querySelectorAll('.tile:not([hidden]) .caption')].map(e => e.firstChild.textContent)"
    return browser.execute_script(script)


def wait(browser, condition):
    from selenium.webdriver.support.ui import WebDriverWait

    return WebDriverWait(browser, 30).until(lambda _: browser.execute_script(f"return {condition}"))


def press(browser, *keys):
    from selenium.webdriver import ActionChains

    ActionChains(browser).send_keys(*keys).perform()


def test_the_grid_sorts_filters_and_loads_what_comes_near(page, browser):
    browser.get(f"file://{page}/index.html")
    rows = rows_of(page)
    assert names(browser) == [row["name"] for row in rows]
    loaded = "[...document.querySelectorAll('.tile img')].filter(e => e.naturalWidth).length"
    wait(browser, f"{loaded} > 4")
    sort_by(browser, "ssim")
    worst = [row["name"] for row in sorted(rows, key=lambda row: row["metrics"]["ssim"])]
    assert names(browser) == worst
    tops = browser.execute_script(
        "return [...document.querySelectorAll('.tile')].map(e => [e.getBoundingClientRect().top, e.offsetLeft])"
    )
    assert tops == sorted(tops)  # the visual order is the same
    first = browser.execute_script("return document.querySelector('.tile').innerText")
    assert shown(min(row["metrics"]["ssim"] for row in rows)) in first
    click(browser, "input[value=best][name=direction]")
    assert names(browser) == worst[::-1]
    sort_by(browser, "delta_e")  # lower is better
    best = [row["name"] for row in sorted(rows, key=lambda row: row["metrics"]["delta_e"])]
    assert names(browser) == best
    click(browser, "input[value=worst][name=view]")
    assert names(browser) == best[:-11:-1]
    click(browser, "input[value=best][name=view]")
    assert names(browser) == best[:10]
    assert "10 of" in browser.execute_script("return document.getElementById('status').value")
    browser.execute_script("folder.value = 'cats'; folder.dispatchEvent(new Event('change'))")
    assert names(browser) == [name for name in best if name.startswith("cats/")][:10]
    sort_by(browser, "test set order")
    assert names(browser) == [row["name"] for row in rows if row["name"].startswith("cats/")]


def test_pointing_or_a_tap_swaps_output_and_target_and_a_click_opens(page, browser):
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.by import By

    browser.get(f"file://{page}/index.html")
    tile = browser.find_element(By.CSS_SELECTOR, ".tile button")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", tile)
    opacity = "getComputedStyle(document.querySelector('.tile .other')).opacity"
    ActionChains(browser).move_to_element(tile).perform()
    wait(browser, f"document.querySelector('.tile .other')?.naturalWidth && {opacity} === '1'")
    source = browser.execute_script("return [...document.querySelectorAll('.tile img')].slice(0, 2).map(e => e.src)")
    assert source[0].endswith("_output.png") and source[1].endswith("_target.png")
    assert browser.execute_script("return document.querySelector('.badge').textContent") == "target"
    ActionChains(browser).move_to_element(browser.find_element(By.TAG_NAME, "h1")).perform()
    wait(browser, f"{opacity} === '0'")
    browser.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", tile)
    x, y = browser.execute_script("const {x, y} = arguments[0].getBoundingClientRect(); return [x + 40, y + 40]", tile)
    for kind, points in (("touchStart", [{"x": x, "y": y}]), ("touchEnd", [])):
        browser.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    wait(browser, f"{opacity} === '1'")
    assert not browser.execute_script("return large.open")
    browser.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})
    tile.click()
    assert browser.execute_script("return large.open")


def test_an_image_opens_large_with_its_histograms_and_all_its_metrics(page, browser):
    from selenium.webdriver.common.keys import Keys

    browser.get(f"file://{page}/index.html")
    rows = rows_of(page)
    sort_by(browser, "psnr")
    ordered = sorted(rows, key=lambda row: row["metrics"]["psnr"])
    browser.execute_script("document.querySelector('.tile button').focus()")
    press(browser, "j", Keys.ARROW_RIGHT, "k", Keys.ENTER)  # to the second

    def image():
        return browser.execute_script(
            "return [document.getElementById('large-name').textContent, document.getElementById('large-image').src]"
        )

    assert image()[0] == ordered[1]["name"] and image()[1].endswith(ordered[1]["images"]["output"])
    wait(browser, "[...large.querySelectorAll('img')].every(e => e.complete && e.naturalWidth)")
    assert browser.execute_script("return document.querySelector('.joint img').naturalWidth") == 3 * 32 + 2 * 4
    text = browser.execute_script("return large.innerText")
    for name, value in ordered[1]["metrics"].items():
        assert shown(value) in text, name
    explained = json.loads((page / "metrics.json").read_text())["explained"]
    assert all(row["text"] in text for row in explained.values())
    assert browser.execute_script(f"return {TABLE}(large)['emd_output']") == [
        shown(ordered[1]["metrics"][name]) for name in ("emd_output", "emd_output_y", "emd_output_u", "emd_output_v")
    ]
    press(browser, "s")
    assert image()[1].endswith(ordered[1]["images"]["target"])
    press(browser, Keys.ARROW_RIGHT)
    assert image()[0] == ordered[2]["name"] and image()[1].endswith(ordered[2]["images"]["target"])
    press(browser, *["k"] * 5)  # the first one has no predecessor
    assert image()[0] == ordered[0]["name"]
    press(browser, "j", Keys.ESCAPE)
    wait(browser, "!large.open")
    assert browser.execute_script("return document.activeElement.ariaLabel").startswith(ordered[1]["name"])


def test_the_table_has_the_mean_and_deviation_of_every_metric_by_channel(page, browser):
    browser.get(f"file://{page}/index.html")
    table = browser.execute_script(f"return {TABLE}(document.getElementById('all'))")
    means = json.loads((page / "metrics.json").read_text())["metrics"]
    channels = {name for name in means if name.endswith(("_y", "_u", "_v"))}
    assert set(table) == set(means) - channels
    for name, cells in table.items():
        expected = [means.get(own) for own in (name, f"{name}_y", f"{name}_u", f"{name}_v")]
        assert cells == [
            f"{shown(row['mean'])} ± {shown(row['std'], like=row['mean'])}" if row else "" for row in expected
        ]


@pytest.mark.parametrize("width", [1400, 400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_pages_fit_the_window_and_all_texts_can_be_read(width, scheme, page, compared, browser):
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    dark(browser, scheme == "dark")
    grounds = set()
    for folder, opener in ((page, ".tile button"), (compared, ".row button")):
        browser.get(f"file://{folder}/index.html")
        browser.execute_script("document.querySelector('details').open = true")
        for large in (False, True):
            if large:
                click(browser, opener)
            assert browser.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
            ratio, text, count = browser.execute_script(CONTRAST)
            assert ratio >= 4.5 and count > 100, text
        grounds.add(browser.execute_script("return getComputedStyle(document.body).backgroundColor"))
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    (ground,) = grounds
    assert (int(re.search(r"\d+", ground)[0]) < 128) == (scheme == "dark")


@pytest.fixture(scope="module")
def compared(tested, tmp_path_factory):
    """A comparison of the run with one that is better in SSIM in all images but the first, and equal in the rest.

    The means of the other one are lower in delta_e and emd_source. It has an FID, but no mean of mi.
    """
    folder = tmp_path_factory.mktemp("compared")
    other = shutil.copytree(tested / "test" / "own", folder / "another_run_with_a_long_name")
    rows = rows_of(other)
    for number, row in enumerate(rows):
        row["metrics"]["ssim"] += 0.01 * number if number else -0.105
    (other / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    report = json.loads((other / "metrics.json").read_text())
    for name, difference in (("ssim", 0.01), ("delta_e", -1), ("emd_source", -0.01)):
        report["metrics"][name]["mean"] += difference
    del report["metrics"]["mi"]
    report["set"], report["explained"] = {"fid": 12.3}, report["explained"] | explain(["fid"])
    (other / "metrics.json").write_text(json.dumps(report))
    run_here("test.py", "--compare", tested, other, "--out", folder / "page")
    return folder / "page"


def test_the_tables_of_a_comparison_mark_the_better_mean_by_its_own_direction(compared, tested, browser):
    browser.get(f"file://{compared}/index.html")
    tables = browser.execute_script(f"return ['means', 'all'].map(id => {TABLE}(document.getElementById(id)))")
    assert set(tables[0]) == {"palette", "emd_output", "ssim_content", "ssim", "delta_e", "fid"}
    assert set(tables[1]) == set(page_data(compared / "index.html")["metrics"])
    assert all(tables[1][name] == cells for name, cells in tables[0].items())
    marked = {name: [cell.endswith("✓ best") for cell in cells] for name, cells in tables[1].items()}
    better = {name for name, cells in marked.items() if cells == [False, True]}
    # Higher is better in SSIM and lower in delta_e. The source's EMD says nothing of the runs, and the rest is equal.
    assert better == {"ssim", "delta_e"} and not any(cells[0] for cells in marked.values())
    images = len(rows_of(tested / "test" / "own"))
    assert tables[1]["fid"] == ["-", f"12.30 ({images} images)"] and tables[1]["mi"][1] == "-"


def test_the_comparison_marks_who_is_better_and_sorts_by_the_difference(compared, tested, browser):
    browser.get(f"file://{compared}/index.html")
    rows = rows_of(tested / "test" / "own")

    def cells(row, label):
        """What the row's two runs have at a metric: their text and class."""
        script = """return [...document.querySelectorAll(".row")[arguments[0]].querySelectorAll(".scores div")]
            .filter(e => e.firstChild.textContent === arguments[1])
            .map(e => [e.lastChild.firstChild.textContent, e.lastChild.firstChild.className])"""
        return browser.execute_script(script, row, label)

    ssim = [row["metrics"]["ssim"] for row in rows]
    assert cells(0, "ssim") == [[f"{shown(ssim[0])} ✓ best", "good"], [f"{shown(ssim[0] - 0.105)} -0.1050", "bad"]]
    assert cells(3, "ssim") == [[f"{shown(ssim[3])} -0.0300", "bad"], [f"{shown(ssim[3] + 0.03)} ✓ best", "good"]]
    assert [kind for _, kind in cells(3, "palette")] == ["", ""]  # they are equal
    sort_by(browser, "ssim")
    by_difference = sorted(range(len(rows)), key=lambda number: -(0.01 * number if number else 0.105))
    order = browser.execute_script("return [...document.querySelectorAll('.row')].map(e => +e.dataset.number)")
    assert order == by_difference
    click(browser, "input[value^=another]")
    order = browser.execute_script("return [...document.querySelectorAll('.row')].map(e => +e.dataset.number)")
    changed = [value + (0.01 * number if number else -0.105) for number, value in enumerate(ssim)]
    assert order == sorted(range(len(rows)), key=changed.__getitem__)
    click(browser, ".row .run button")
    assert browser.execute_script("return large.open && large.innerText.includes('✓')")
    press(browser, "s")
    assert browser.execute_script("return document.getElementById('large-image').alt").endswith(
        "another_run_with_a_long_name: output"
    )
