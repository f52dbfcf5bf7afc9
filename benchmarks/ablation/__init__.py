"""The ablation: measure what each loss and each network contributes. Run it by `python -m benchmarks.ablation`."""
