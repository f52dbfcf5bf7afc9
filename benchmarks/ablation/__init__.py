"""The ablation: measure what each loss and each network contributes. Run it with `python -m benchmarks.ablation`."""
