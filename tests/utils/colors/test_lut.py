"""Color lookup tables: against SciPy, colour-science and FFmpeg, which read what we write and write what we read."""

import re
import shutil
import subprocess

import imagecodecs
import numpy as np
import pytest
import skimage.data
import skimage.io
from PIL import Image, ImageCms
from scipy.interpolate import RegularGridInterpolator

from utils import UserError
from utils.colors import apply_lut, identity_lut, is_lut, read_lut, write_cube, write_hald
from utils.images import decode, to_float, to_uint8

PHOTOGRAPH = skimage.data.coffee()


def look(rgb):
    """A tone curve, warm lights, cold shadows and less saturation: smooth, and different for every channel."""
    rgb = np.asarray(rgb, np.float64)
    curved = rgb**0.8 * [0.95, 0.9, 0.8] + [0.0, 0.03, 0.1]
    gray = curved @ [0.3, 0.6, 0.1]
    return 0.75 * curved + 0.25 * gray[..., None]


def table(size):
    return look(identity_lut(size)).astype(np.float32)


def rows(lut):
    """The entries in the order of a file, by loops: red changes fastest."""
    n = range(len(lut))
    return np.array([lut[r, g, b] for b in n for g in n for r in n])


def cube(path, *lines, ends="\n"):
    path.write_bytes(ends.join([*lines, ""]).encode())
    return path


ENTRIES = [f"{r} {g} {b}" for b in (0, 1) for g in (0, 1) for r in (0, 1)]


@pytest.fixture(scope="module")
def ffmpeg():
    """A function that renders the photograph through FFmpeg's filters: uint8 [H, W, 3]."""
    if not shutil.which("ffmpeg"):
        pytest.skip("no FFmpeg: install ffmpeg")

    def render(folder, *arguments):
        skimage.io.imsave(folder / "source.png", PHOTOGRAPH)
        command = ["ffmpeg", "-v", "error", "-y", "-i", "source.png", *arguments, "-pix_fmt", "rgb24", "result.png"]
        subprocess.run(command, cwd=folder, check=True)
        return skimage.io.imread(folder / "result.png")

    return render


def assert_within(levels, first, second):
    assert np.abs(np.int16(first) - second).max() <= levels


def test_the_identity_leaves_colors_as_they_are(rng):
    colors = rng.random([5, 7, 3], np.float32)
    for size in (2, 33):
        np.testing.assert_allclose(apply_lut(identity_lut(size), colors), colors, atol=1e-6)


def test_a_table_is_applied_trilinearly_as_by_scipy(rng):
    lut, colors = rng.random([5, 5, 5, 3]), rng.random([3, 50, 60, 3])
    colors[0, 0, :3] = [[0, 0, 0], [1, 1, 1], [0.25, 1, 0]]
    expected = RegularGridInterpolator([np.linspace(0, 1, 5)] * 3, lut)(colors)
    np.testing.assert_allclose(apply_lut(lut, colors), expected, atol=1e-6)


def test_strips_do_not_change_a_result(rng, monkeypatch):
    colors = rng.random([1000, 3])
    expected = apply_lut(table(9), colors)
    monkeypatch.setattr("utils.colors.lut.table.STRIP", 7)
    np.testing.assert_array_equal(apply_lut(table(9), colors), expected)


def test_colors_out_of_range_are_clipped_first_and_no_pixels_are_none():
    np.testing.assert_allclose(apply_lut(identity_lut(3), [[-1, 0.3, 2]]), [[0, 0.3, 1]], atol=1e-6)
    assert apply_lut(identity_lut(3), np.zeros([0, 4, 3])).shape == (0, 4, 3)


def test_a_cube_file_has_the_title_the_size_and_red_fastest(tmp_path):
    write_cube(tmp_path / "a.cube", table(3), 'The "evening"\nlook\udcff')
    lines = (tmp_path / "a.cube").read_text().splitlines()
    assert lines[0] == "TITLE \"The 'evening' look?\"" and lines[2] == "LUT_3D_SIZE 3"
    assert lines[1].startswith("#") and "sRGB in and out" in lines[1] and "DOMAIN" not in " ".join(lines)
    np.testing.assert_allclose([[*map(float, line.split())] for line in lines[3:]], rows(table(3)), atol=5.1e-7)
    assert [*tmp_path.iterdir()] == [tmp_path / "a.cube"]


def test_a_cube_file_that_is_read_and_written_again_is_the_same(tmp_path, rng):
    write_cube(tmp_path / "a.cube", rng.uniform(-0.1, 1.1, [17, 17, 17, 3]), "a")
    write_cube(tmp_path / "b.cube", read_lut(tmp_path / "a.cube"), "a")
    assert (tmp_path / "a.cube").read_text() == (tmp_path / "b.cube").read_text()


def test_a_cube_file_may_be_written_in_many_ways(tmp_path):
    expected = identity_lut(2)
    path = tmp_path / "a.CUBE"
    np.testing.assert_array_equal(read_lut(cube(path, "LUT_3D_SIZE 2", *ENTRIES)), expected)
    for ends in ("\r\n", "\r"):
        np.testing.assert_array_equal(read_lut(cube(path, "LUT_3D_SIZE 2", "", *ENTRIES, ends=ends)), expected)
    header = ["\ufeff# a comment", 'title "A #3 look"', "domain_min 0 0 0", "\tDOMAIN_MAX\t1.0 1 1e0", "lut_3d_size 2 "]
    body = [f"  {entry.replace('1', '10.0E-1')}\t" for entry in ENTRIES]
    np.testing.assert_array_equal(read_lut(cube(path, *header, *body[:3], "", "# half", *body[3:])), expected)
    resolve = ["LUT_3D_SIZE 2", "LUT_3D_INPUT_RANGE 0.0 1.0"]
    np.testing.assert_array_equal(read_lut(cube(path, *resolve, *ENTRIES)), expected)
    path.write_bytes('TITLE "Été"\nLUT_3D_SIZE 2\n'.encode("latin-1") + "\n".join(ENTRIES).encode())
    np.testing.assert_array_equal(read_lut(path), expected)


@pytest.mark.parametrize(
    "lines,words",
    [
        ([], "is an empty file"),
        (["LUT_3D_SIZE 2"], "has 0 lines of numbers, but LUT_3D_SIZE 2 takes 8"),
        (["LUT_3D_SIZE 2", *ENTRIES[1:]], "has 7 lines of numbers, but LUT_3D_SIZE 2 takes 8"),
        (["LUT_3D_SIZE 2", *ENTRIES, "1 1 1"], "has 9 lines of numbers"),
        (["LUT_3D_SIZE 2", *ENTRIES[:6], "a b", "1 1 1"], ", line 8: takes three numbers, got 'a b'"),
        (["# x", "", "LUT_3D_SIZE 2", "", "0 0"], ", line 5: takes three numbers, got '0 0'"),
        (["LUT_3D_SIZE 2", *["0 0"] * 8], ", line 2: takes three numbers, got '0 0'"),
        (["LUT_3D_SIZE 2", *ENTRIES[:7], "1 1 1 1"], ", line 9: takes three numbers, got '1 1 1 1'"),
        (["LUT_3D_SIZE 2", *ENTRIES[:7], "1 1 nan"], ", line 9: takes three numbers, got '1 1 nan'"),
        (["LUT_3D_SIZE 2", *ENTRIES[:7], "1 1 -Inf"], ", line 9: takes three numbers, got '1 1 -Inf'"),
        (["LUT_3D_SIZE 2", *ENTRIES[:7], "1 1 1e99"], ", line 9: takes three numbers, got '1 1 1e99'"),
        (["LUT_3D_SIZE 2", *ENTRIES[:7], "1 1 1_0"], ", line 9: takes three numbers, got '1 1 1_0'"),
        (["LUT_3D_SIZE 2", "0,5 0,5 0,5"], ", line 2: takes three numbers, got '0,5 0,5 0,5'"),
        (["LUT_3D_SIZE 2", "0 0 0", "LUT_3D_SIZE 3"], ", line 3: takes three numbers, got 'LUT_3D_SIZE 3'"),
        (ENTRIES, "has no line LUT_3D_SIZE"),
        (['TITLE "a"'], "has no line LUT_3D_SIZE"),
        (["LUT_3D_SIZE 1", "0 0 0"], ", line 1: LUT_3D_SIZE takes a whole number from 2 to 256, got '1'"),
        (["LUT_3D_SIZE 257"], ", line 1: LUT_3D_SIZE takes a whole number from 2 to 256, got '257'"),
        (["LUT_3D_SIZE two"], "from 2 to 256, got 'two'"),
        (["LUT_3D_SIZE"], "from 2 to 256, got ''"),
        (["LUT_3D_SIZE 2 2"], "from 2 to 256, got '2 2'"),
        (["LUT_3D_SIZE ²"], "from 2 to 256, got '²'"),
        (["LUT_1D_SIZE 2", "0 0 0", "1 1 1"], ", line 1: LUT_1D_SIZE begins a 1D table; export a 3D one"),
        (["LUT_3D_SIZE 2", "LUT_3D_INPUT_RANGE 0 2"], ", line 2: LUT_3D_INPUT_RANGE takes 0 1, got '0 2'"),
        (["DOMAIN_MIN -1 0 0"], ", line 1: DOMAIN_MIN takes 0 0 0, got '-1 0 0'"),
        (["DOMAIN_MAX 1 1"], ", line 1: DOMAIN_MAX takes 1 1 1, got '1 1'"),
        (["DOMAIN_MAX a b c"], ", line 1: DOMAIN_MAX takes 1 1 1, got 'a b c'"),
        (["<html>", "404"], ", line 1: takes three numbers or a .cube keyword, got '<html>'"),
    ],
    ids=str,
)
def test_a_wrong_cube_file_is_one_sentence(tmp_path, lines, words):
    path = cube(tmp_path / "a.cube", *lines)
    with pytest.raises(UserError, match=f"^{re.escape(str(path))}.*{re.escape(words)}") as error:
        read_lut(path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ("a.cube", "a.png"))
def test_a_file_that_is_missing_or_binary_is_one_sentence(tmp_path, name, rng):
    path = tmp_path / name
    with pytest.raises(UserError, match=r"cannot be read.*No such file or directory"):
        read_lut(path)
    for junk in (rng.bytes(5000), b"\xff\xfe" + "LUT_3D_SIZE 2".encode("utf-16-le"), b"\xff" * 50, b""):
        path.write_bytes(junk)
        with pytest.raises(UserError, match=re.escape(str(path))):
            read_lut(path)
    with pytest.raises(UserError, match=r"is not a color lookup table; give a \.cube file or a Hald image"):
        read_lut(tmp_path / "a.3dl")


@pytest.mark.parametrize(
    "write", (lambda path: write_cube(path, table(2), "a"), lambda path: write_hald(path, table(2)))
)
def test_a_table_that_cannot_be_written_is_one_sentence(tmp_path, write):
    with pytest.raises(UserError, match=r"cannot be written .*; give another path"):
        write(tmp_path / "missing" / "a.png")


@pytest.mark.parametrize("level", (2, 4, 8))
def test_a_hald_image_has_16_bits_and_red_fastest(tmp_path, level):
    write_hald(tmp_path / "a.png", table(33), level=level)
    image = decode((tmp_path / "a.png").read_bytes())
    assert image.shape == (level**3, level**3, 3) and image.dtype == np.uint16
    expected = apply_lut(table(33), rows(identity_lut(level**2)))
    np.testing.assert_allclose(to_float(image).reshape(-1, 3), expected, atol=1e-5)
    assert [*tmp_path.iterdir()] == [tmp_path / "a.png"]
    np.testing.assert_allclose(read_lut(tmp_path / "a.png"), apply_lut(table(33), identity_lut(level**2)), atol=1e-5)


def test_a_hald_image_may_have_8_bits_a_palette_opacity_or_gray(tmp_path):
    path, expected = tmp_path / "a.PNG", to_uint8(table(4))
    image = Image.fromarray(rows(expected).reshape(8, 8, 3))
    for kept in (image, image.quantize(64), image.convert("RGBA")):
        kept.save(path)
        np.testing.assert_array_equal(read_lut(path), to_float(expected))
    image.convert("L").save(path)
    gray = np.asarray(image.convert("L")).reshape(4, 4, 4).T / 255
    np.testing.assert_allclose(read_lut(path), np.repeat(gray[..., None], 3, axis=-1), atol=1e-6)


def test_a_hald_image_is_read_without_its_color_profile(tmp_path):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profile = profile.replace("sRGB".encode("utf-16-be"), "test".encode("utf-16-be"))
    # sRGB with red and green exchanged
    profile = profile.replace(b"rXYZ", b"____").replace(b"gXYZ", b"rXYZ").replace(b"____", b"gXYZ")
    pixels = rows(to_uint8(table(4))).reshape(8, 8, 3)
    Image.fromarray(pixels).save(tmp_path / "a.png", icc_profile=profile)
    assert np.abs(np.int16(decode((tmp_path / "a.png").read_bytes())) - pixels).max() > 20
    np.testing.assert_array_equal(read_lut(tmp_path / "a.png"), to_float(to_uint8(table(4))))


@pytest.mark.parametrize("size", ((512, 500), (500, 500), (1, 1), (4913, 4913)))
def test_an_image_of_another_size_is_refused(tmp_path, size):
    Image.new("RGB", size).save(tmp_path / "a.png")
    with pytest.raises(UserError, match=f"is not a Hald image: .* got {size[0]} x {size[1]}"):
        read_lut(tmp_path / "a.png")


def test_a_damaged_hald_image_is_refused(tmp_path):
    write_hald(tmp_path / "a.png", table(4), level=4)
    (tmp_path / "b.png").write_bytes((tmp_path / "a.png").read_bytes()[:2000])
    with pytest.raises(UserError, match=r"b\.png is not a PNG, or is damaged"):
        read_lut(tmp_path / "b.png")


def test_a_photograph_of_a_hald_images_size_is_no_table(tmp_path):
    for name in ("astronaut", "chelsea", "coffee", "cat", "rocket", "camera", "moon"):
        image = Image.fromarray(getattr(skimage.data, name)())
        for level in (4, 8):
            image.resize((level**3, level**3)).save(tmp_path / "a.png", compress_level=0)
            assert not is_lut(tmp_path / "a.png"), (name, level)
    vertical = np.broadcast_to(np.linspace(0, 255, 512).astype(np.uint8)[:, None, None], (512, 512, 3))
    for image in (vertical, vertical.swapaxes(0, 1), np.full_like(vertical, 255), PHOTOGRAPH):
        Image.fromarray(image).save(tmp_path / "a.png")
        assert not is_lut(tmp_path / "a.png")


def test_a_table_is_a_table(tmp_path):
    gray = identity_lut(17) @ np.full([3, 3], 1 / 3)
    for lut in (identity_lut(2), table(33), 1 - table(33), gray, np.round(3 * table(17)) / 3, identity_lut(5) ** 4):
        write_hald(tmp_path / "a.png", lut)
        assert is_lut(tmp_path / "a.png")
    assert is_lut(tmp_path / "a.cube") and not is_lut(tmp_path / "a.jpg") and not is_lut(tmp_path / "missing.png")


def test_colour_science_reads_what_we_write(tmp_path):
    colour = pytest.importorskip("colour")
    write_cube(tmp_path / "a.cube", table(9), "A look")
    read = colour.io.read_LUT(str(tmp_path / "a.cube"))
    assert isinstance(read, colour.LUT3D) and read.name == "A look" and read.size == 9
    np.testing.assert_array_equal(read.domain, [[0, 0, 0], [1, 1, 1]])
    np.testing.assert_allclose(read.table, table(9), atol=1e-6)
    applied = read.apply(PHOTOGRAPH[::20, ::20] / 255, interpolator=colour.algebra.table_interpolation_trilinear)
    np.testing.assert_allclose(apply_lut(table(9), PHOTOGRAPH[::20, ::20] / 255), applied, atol=2e-6)


def test_we_read_what_colour_science_writes(tmp_path):
    colour = pytest.importorskip("colour")
    for write in (colour.io.write_LUT_IridasCube, colour.io.write_LUT_ResolveCube):
        write(colour.LUT3D(table(9), "A look"), str(tmp_path / "a.cube"))
        np.testing.assert_allclose(read_lut(tmp_path / "a.cube"), table(9), atol=1e-6)


def test_ffmpeg_applies_a_cube_file_as_we_do(tmp_path, ffmpeg):
    write_cube(tmp_path / "a.cube", table(33), "x" * 1000)  # FFmpeg reads 511 bytes at once
    ours = to_uint8(np.clip(apply_lut(read_lut(tmp_path / "a.cube"), to_float(PHOTOGRAPH)), 0, 1))
    assert_within(2, ffmpeg(tmp_path, "-vf", "lut3d=a.cube"), ours)
    assert_within(1, ffmpeg(tmp_path, "-vf", "lut3d=a.cube:interp=trilinear"), ours)
    assert_within(2, to_uint8(np.clip(look(to_float(PHOTOGRAPH)), 0, 1)), ours)


def test_ffmpeg_applies_a_hald_image_as_we_do(tmp_path, ffmpeg):
    write_hald(tmp_path / "a.png", table(33))
    ours = to_uint8(np.clip(apply_lut(read_lut(tmp_path / "a.png"), to_float(PHOTOGRAPH)), 0, 1))
    assert_within(2, ffmpeg(tmp_path, "-i", "a.png", "-lavfi", "haldclut"), ours)


def test_the_identity_of_ffmpeg_is_ours(tmp_path, ffmpeg):
    ffmpeg(tmp_path, "-f", "lavfi", "-i", "haldclutsrc=8", "-map", "1:v", "-frames:v", "1")
    assert is_lut(tmp_path / "result.png")
    np.testing.assert_allclose(read_lut(tmp_path / "result.png"), identity_lut(64), atol=1 / 255)  # it rounds down


def test_a_gray_hald_image_of_16_bits_is_read(tmp_path):
    values = np.arange(64, dtype=np.uint16) * 1000
    Image.fromarray(values.reshape(8, 8)).save(tmp_path / "a.png")
    np.testing.assert_allclose(read_lut(tmp_path / "a.png")[1, 2, 3], np.full(3, 57000 / 65535), rtol=1e-6)
    (tmp_path / "b.png").write_bytes(imagecodecs.png_encode(np.zeros([8, 8, 3], np.uint16)))
    assert not read_lut(tmp_path / "b.png").any()
