#!/usr/bin/env bash
# The released code's door to datasets.download: bash datasets/download_cyclegan_datasets.sh summer2winter_yosemite
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PYTHONPATH="$here" exec python -P -c 'from datasets.download import main; main(family="cyclegan")' "$@"
