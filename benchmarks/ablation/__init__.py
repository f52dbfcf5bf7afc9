"""What each loss and each network contributes: `python -m benchmarks.ablation`."""
