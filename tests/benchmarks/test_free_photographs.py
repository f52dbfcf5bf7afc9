import io

import numpy as np
import pytest
from PIL import Image

from benchmarks.looks import photographs


@pytest.fixture
def image(rng):
    return Image.fromarray(np.uint8(rng.integers(0, 256, [240, 400, 3])))


def test_embedded_images_are_found_among_other_bytes(image, rng):
    data = rng.bytes(1000)
    for embedded in (image, image.resize((64, 64)), image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)):  # one is an icon
        file = io.BytesIO()
        embedded.save(file, "webp", lossless=True)
        data += b"RIFF" + file.getvalue() + rng.bytes(100)
    first, second = photographs.embedded(data)
    np.testing.assert_array_equal(np.asarray(first), np.asarray(image))
    np.testing.assert_array_equal(np.asarray(second), np.asarray(image)[:, ::-1])


def test_crops_are_parts_of_the_photograph_and_differ(rng):
    across = np.broadcast_to(np.arange(400)[:, None] / 2, [300, 400, 3])  # the value says where a pixel was
    crops = [np.float64(crop) for crop in photographs.crops(Image.fromarray(np.uint8(across)), rng)]
    lengths = [2 * np.ptp(crop[..., 0]) for crop in crops]
    assert len(crops) == photographs.CROPS and {crop.shape for crop in crops} == {(256, 256, 3)}
    assert min(lengths) > 0.59 * 300 and max(lengths) <= 300 and np.ptp(lengths) > 10


def test_all_crops_of_a_photograph_are_in_one_part_and_repeat(image, tmp_path):
    for out in (tmp_path / "a", tmp_path / "b"):
        for part in ("train", "test"):
            (out / part).mkdir(parents=True)
        for number in range(30):
            photographs.save_crops(image, out, f"photograph {number}")
    train, test = (
        {path.name.rsplit("-", 1)[0] for path in (tmp_path / "a" / part).iterdir()} for part in ("train", "test")
    )
    assert train.isdisjoint(test) and len(train | test) == 30 and 1 <= len(test) <= 9
    for path in (tmp_path / "a").rglob("*.png"):
        assert path.read_bytes() == (tmp_path / "b" / path.relative_to(tmp_path / "a")).read_bytes()


def test_drawings_are_left_out(image, tmp_path):
    folder = tmp_path / "backgrounds/mate/nature"
    folder.mkdir(parents=True)
    (tmp_path / "gcompris-qt/rcc").mkdir(parents=True)
    for path in (folder / "Dune.jpg", folder.parents[1] / "a_by_b.jpg", folder.parents[1] / "umang_by_c.jpg"):
        image.save(path)
    file = io.BytesIO()
    image.save(file, "webp")
    for name in photographs.GCOMPRIS:
        (tmp_path / f"gcompris-qt/rcc/{name}.rcc").write_bytes(3 * file.getvalue())
    names = [name for name, _ in photographs.find(tmp_path)]
    assert {"Dune", "a_by_b", "details-000", "details-001", "erase-002"} <= set(names)
    assert not {"umang_by_c", "details-002"} & set(names)
