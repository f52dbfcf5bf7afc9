"""The judge of color transfer: cases whose right answer is known."""
