"""The page of a run's test images, in a browser."""

import json
import shutil


def test_the_page_opens_from_disk_sorts_and_shows_joint_histograms_on_a_click(tested, browser, tmp_path):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import Select, WebDriverWait

    page = tmp_path / "moved"  # the page needs nothing outside its folder
    shutil.copytree(tested / "test" / "own", page)
    browser.get(f"file://{page}/index.html")
    rows = [json.loads(line) for line in (page / "metrics.jsonl").read_text().splitlines()]

    in_order = """return [...document.querySelectorAll("section")].sort(
        (a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)"""

    def names():
        texts = f"{in_order}.map(section => section.querySelector('h2').textContent)"
        return [text.split()[0] for text in browser.execute_script(texts)]

    loaded = "return arguments[0].complete && arguments[0].naturalWidth"
    last_image = browser.find_elements(By.TAG_NAME, "section")[-1].find_element(By.TAG_NAME, "img")
    assert not browser.execute_script(loaded, last_image)  # lazy loading: not before it is scrolled near
    assert names() == [row["name"] for row in rows]
    Select(browser.find_element(By.ID, "metric")).select_by_visible_text("ssim")
    ordered = [row["name"] for row in sorted(rows, key=lambda row: row["metrics"]["ssim"])]
    assert names() == ordered
    browser.find_element(By.ID, "descending").click()
    assert names() == ordered[::-1]
    first = browser.execute_script(in_order)[0]
    assert f"{max(row['metrics']['ssim'] for row in rows):.4f}" in first.find_element(By.TAG_NAME, "h2").text
    joint = first.find_element(By.CSS_SELECTOR, "details img")
    assert not joint.is_displayed()
    first.find_element(By.TAG_NAME, "summary").click()
    WebDriverWait(browser, 30).until(lambda _: joint.is_displayed() and browser.execute_script(loaded, joint))
    assert browser.execute_script(loaded, joint) == 3 * 32 + 2 * 4  # of 32 bins
    for image in first.find_elements(By.CSS_SELECTOR, ".figures img"):
        assert browser.execute_script(loaded, image)
    browser.set_window_size(500, 900)
    assert browser.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
    assert browser.get_screenshot_as_png()[:4] == b"\x89PNG"
    assert not [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
