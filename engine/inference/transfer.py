"""Color transfer without a run: a grid of color transforms is fitted to each pair of a source and a reference."""

import os
from pathlib import Path

from tqdm import tqdm

from engine.distributed import user_error_if_out_of_memory
from engine.inference.frames import transfer_frames
from engine.inference.output_files import check_image_name, translation_sheet
from models import PairFitter
from utils.images import load_image, write_image

CELL = (256, 256)  # of a sheet of outputs


@user_error_if_out_of_memory("give smaller images")
def transfer(*, sources, references, out, strength=1.0, steps=None, seed=0):
    """Fit each source to each reference and save the result: of one pair at the source's size, else a sheet.

    Args:
        sources: paths of images; or of one folder of frames, which share one fit, so that a video does not flicker.
        references: paths of images.
        out: the result's path; of frames, a new or empty folder.
        strength: from 0, the source itself, to 1.
        steps: number of Adam steps; None: the fit's default.
        seed: seed of the fit.

    Raises:
        UserError: for a file that cannot be read or written, and a fit that is not finite.
    """
    fitter = PairFitter(steps, seed)
    if len(sources) == 1 and os.path.isdir(sources[0]):
        transfer_frames(fitter, sources[0], references=references, out=out, strength=strength)
    else:
        check_image_name(out)
        images = [load_image(path, "--source") for path in sources]
        wanted = [load_image(path, "--reference") for path in references]
        with tqdm(desc="fitting", total=len(images) * len(wanted) * fitter.steps, unit="step", leave=False) as bar:
            outputs = [
                [
                    fitter.fit([image], reference, on_step=lambda *_: bar.update()).translate(image, strength)
                    for reference in wanted
                ]
                for image in images
            ]
        write_image(out, translation_sheet(images, wanted, outputs, cell=CELL))
    print(f"the result: {Path(out).resolve()}")
