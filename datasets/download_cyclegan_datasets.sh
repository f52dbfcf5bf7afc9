#!/usr/bin/env bash
# The released code's command: bash datasets/download_cyclegan_datasets.sh horse2zebra. See datasets.download.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PYTHONPATH="$here" exec python -P -c 'from datasets.download import main; main(family="cyclegan")' "$@"
