"""From the options to the data."""

import datasets


def open_dataset(options, *splits):
    """The data set's splits: `datasets.Dataset`. Without a part for validation, ``"validation"`` is the test split."""
    data = options.data
    return datasets.open_dataset(
        options.task,
        data.dataset,
        data.dataroot,
        splits=splits,
        seed=data.split_seed,
        validation=data.validation,
        a2b=data.a2b,
        layout=data.layout,
        skip_bad=data.skip_bad,
        same_size=data.preprocess == "window",
        tfds_data_dir=data.tfds_data_dir,
    )


def open_pipeline(options, split):
    """The `datasets.Pipeline` of a split."""
    data = options.data
    return datasets.Pipeline(
        split,
        image_size=options.image_size,
        batch_size=data.batch_size,
        color_space=data.color_space,
        channels=data.channels,
        out_channels=data.out_channels,
        seed=options.run.seed,
        preprocess=data.preprocess,
        interpolation=data.interpolation,
        cache=options.cache,
    )
