"""Reports for people: the page of a test, the comparison of runs, and the plots of a training run."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "charts": ["joint_heat_map", "reduced"],
        "comparison": ["compare", "write_comparison"],
        "plots": ["figure_to_image", "histogram_figure", "joint_figure", "plot_run"],
        "report": ["save_sample", "write_report"],
    },
)
