"""The demo's page in a browser: a real server, with two runs and with a fit that is long enough to be cancelled."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
from urllib.parse import urlsplit

import numpy as np
import pytest
import skimage.data
from skimage.io import imread

from tests.commands import ROOT, SMALL_IMAGES, last_line, run, run_here

needs_gradio = pytest.mark.skipif(not importlib.util.find_spec("gradio"), reason="needs requirements-demo.txt")

# Opens the demo, and prints every other host that the server asks for.
SERVER = """
import sys

def watch(event, args):
    if event in ("socket.getaddrinfo", "socket.connect"):
        address = args[0] if event == "socket.getaddrinfo" else args[1]
        host = address[0] if isinstance(address, tuple) else address
        if host not in (None, "127.0.0.1", "localhost"):
            print("asks for", host, flush=True)

sys.addaudithook(watch)
import app, config
app.open_demo({run: config.load_run(run) for run in sys.argv[1:]}, host="127.0.0.1", steps=100_000)
"""
RUN = "color_transfer"  # a part of its label


@pytest.fixture(scope="module")
def enhancement_run(tmp_path_factory):
    """A run that takes no reference."""
    folder = tmp_path_factory.mktemp("enhancement")
    run("train.py", "--task", "enhancement", *SMALL_IMAGES, "--max_steps", "1", "--output_dir", folder)
    return folder / "enhancement-sample"


@pytest.fixture(scope="module")
def server(matching_run, enhancement_run, tmp_path_factory):
    """The page's address. When it ends, nothing of it is left."""
    folder = tmp_path_factory.mktemp("demo")
    environment = os.environ | {"TMPDIR": str(folder), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", SERVER, str(matching_run), str(enhancement_run)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    first = process.stdout.readline()
    assert first.startswith("the demo: http://127.0.0.1:"), first
    yield first.split()[2]
    process.send_signal(signal.SIGTERM)
    rest, _ = process.communicate(timeout=60)
    assert process.returncode == 0 and rest == ""
    assert not list(folder.iterdir())


class Window:
    """One window of the page."""

    def __init__(self, browser, url):
        from selenium.webdriver.support.ui import WebDriverWait

        browser.switch_to.new_window("window")
        self._browser, self._handle = browser, browser.current_window_handle
        self._wait = WebDriverWait(browser, 60)
        browser.get(url)
        self.until(lambda: self.all("#source input[type=file]"))

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.look()
        self._browser.close()
        self._browser.switch_to.window(self._browser.window_handles[0])

    def look(self):
        self._browser.switch_to.window(self._handle)

    def until(self, condition):
        return self._wait.until(lambda _: condition())

    def run(self, script, *arguments):
        return self._browser.execute_script(script, *arguments)

    def all(self, selector):
        return self.run("return [...document.querySelectorAll(arguments[0])]", selector)

    def seen(self, name):
        return any(button.is_displayed() for button in self.all(f"#{name}"))

    def click(self, name):
        self.until(lambda: self.seen(name) and self.all(f"#{name}")[0].text == name.capitalize())
        self.all(f"#{name}")[0].click()

    def choose(self, source, reference):
        self.all("#source input[type=file]")[0].send_keys(str(source))
        self.until(lambda: self.all("#source img"))
        self.all("#reference input[type=file]")[0].send_keys(str(reference))
        self.until(lambda: self.all("#reference img"))

    def choose_method(self, label):
        from selenium.webdriver.common.keys import Keys

        field = self.all("#menu input")[0]
        field.click()
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(label, Keys.ENTER)

    def shown(self):
        """The addresses of source and output."""
        return self.run("return [...document.querySelectorAll('#compare img')].map(image => image.src)")

    def new_output(self, before=()):
        """Wait for an output that is not the one before."""
        self.until(lambda: len(self.shown()) == 2 and self.shown() != before and not self.seen("cancel"))
        return self.shown()

    def curve(self, name, channel):
        return self.run(
            "return document.querySelectorAll(`#curves path.${arguments[0]}`)[arguments[1]].getAttribute('d')",
            name,
            channel,
        )

    def hosts(self):
        """The hosts of all that the browser asked for."""
        messages = [json.loads(entry["message"])["message"] for entry in self._browser.get_log("performance")]
        urls = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
        urls += [m["params"]["url"] for m in messages if m["method"] == "Network.webSocketCreated"]
        return {urlsplit(url).hostname for url in urls if not url.startswith(("data:", "blob:", "chrome:"))}


@pytest.fixture
def window(chromium, server):
    with Window(chromium, server) as window:
        yield window


@pytest.fixture
def images(tmp_path, save):
    cat, coffee = skimage.data.chelsea()[::2, ::2], skimage.data.coffee()[::4, ::4]
    return save(tmp_path / "cat.png", cat), save(tmp_path / "coffee.png", coffee)


@needs_gradio
def test_a_pair_its_strength_its_edited_histogram_and_the_download(window, images, chromium, tmp_path):
    from selenium.webdriver import ActionChains

    window.choose_method(RUN)
    window.choose(*images)
    full = window.new_output()
    window.run("""const slider = document.querySelector("#strength input[type=range]");
        slider.value = 0.5; slider.dispatchEvent(new Event("input", {bubbles: true}));""")
    half = window.new_output(full)
    assert half[0] == full[0] and half[1] != full[1]
    curves = window.all("#curves svg")
    before = [window.curve("reference", channel) for channel in range(3)]
    chromium.execute_script("arguments[0].scrollIntoView()", curves[2])
    corner = (curves[2].size["width"] // 3, -curves[2].size["height"] // 3)
    drag = ActionChains(chromium).move_to_element_with_offset(curves[2], corner[0], 10).click_and_hold()
    drag.move_to_element_with_offset(curves[2], *corner).release().perform()
    edited = window.new_output(half)
    after = [window.curve("reference", channel) for channel in range(3)]
    assert after[:2] == before[:2] and after[2] != before[2]
    resets = [button.is_displayed() for button in window.all("#curves button")]
    assert resets == [False, False, True]
    chromium.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    window.click("download")
    window.until((tmp_path / "output.png").exists)
    assert imread(tmp_path / "output.png").shape == imread(images[0]).shape
    window.all("#curves button")[2].click()
    assert window.new_output(edited) == half
    assert [window.curve("reference", channel) for channel in range(3)] == before
    assert window.hosts() == {"127.0.0.1"}
    assert not [entry for entry in chromium.get_log("browser") if entry["level"] == "SEVERE"]


@needs_gradio
def test_a_fit_says_how_far_it_is_is_cancelled_and_others_wait_for_it(window, chromium, server, images):
    window.choose(*images)
    window.until(lambda: "Fitting the colors" in window.all("#compare")[0].text)
    with Window(chromium, server) as other:
        other.choose_method(RUN)
        other.choose(*images)
        other.until(lambda: "queue" in other.all("#compare")[0].text)
        assert not other.shown()
        window.look()
        window.click("cancel")
        window.until(lambda: window.seen("start") and not window.seen("cancel"))
        assert not window.shown()
        other.look()
        other.new_output()
    window.look()
    assert window.seen("proportions") and window.seen("look")
    window.choose_method(RUN)
    window.new_output()
    assert not window.seen("proportions") and not window.seen("look")


@needs_gradio
def test_a_run_without_a_reference_shows_nothing_of_one(window, images):
    of_reference = ("#reference", "#reference-samples", "#strength", "#curves .legend .reference")

    def seen():
        return [any(part.is_displayed() for part in window.all(selector)) for selector in of_reference]

    window.choose_method(RUN)
    window.choose(*images)
    output = window.new_output()
    assert seen() == [True] * 4
    window.choose_method("enhancement")
    output = window.new_output(output)
    assert seen() == [False] * 4 and not any(window.curve("reference", channel) for channel in range(3))
    window.choose_method(RUN)
    window.new_output(output)
    assert seen() == [True] * 4
    assert "Strength" in window.all("#strength")[0].text and "Reference" in window.all("#reference")[0].text


@needs_gradio
def test_a_file_that_is_no_image_is_a_sentence_on_the_page(window, images, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(images[0].read_bytes()[:3000])
    window.all("#source input[type=file]")[0].send_keys(str(broken))
    sentence = "broken.png cannot be used: truncated: its end is missing; choose another file"
    window.until(lambda: sentence in window.run("return document.body.innerText"))


@needs_gradio
def test_the_page_fits_a_telephone(window, chromium, images):
    window.choose_method(RUN)
    window.choose(*images)
    window.new_output()
    size = {"width": 400, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    assert window.run("return [document.documentElement.scrollWidth, window.innerWidth]") == [400, 400]
    left = window.run(
        "return [...document.querySelectorAll('#source, #compare')].map(x => x.getBoundingClientRect().x)"
    )
    assert np.ptp(left) < 1  # one column
    chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.skipif(bool(importlib.util.find_spec("gradio")), reason="gradio is installed")
def test_without_gradio_the_demo_says_what_to_install():
    done = run_here("demo.py", status=2)
    assert last_line(done) == ("error: demo.py needs gradio, which is not installed: pip install 'gradio<7'")


@needs_gradio
@pytest.mark.parametrize(
    "arguments,message", [(["--run", "nowhere"], "nowhere is not a run"), (["--share"], "--share; demo.py --help")]
)
def test_a_mistake_is_one_sentence(arguments, message):
    done = run_here("demo.py", *arguments, status=2)
    assert last_line(done).startswith("error: ") and message in last_line(done)
