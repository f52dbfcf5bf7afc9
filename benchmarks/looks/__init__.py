"""Judge color transfer where the right answer is known. Run it with `python -m benchmarks.looks`.

A known look is given to photographs, so each output has a right answer to compare it with. `benchmarks.pairs` is for
pairs without a right answer: it measures the distance to the reference's colors against the structure kept.
"""
