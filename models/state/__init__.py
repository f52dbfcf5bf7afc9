"""The training state besides the weights: step counter, averages, past images and the check for finite numbers."""

from models.state.draws import uniform
from models.state.finite_check import FiniteCheck
from models.state.image_pool import ImagePool
from models.state.inference_weights import InferenceWeights
from models.state.loss_means import LossMeans
from models.state.moving_average import MovingAverage
from models.state.step_counter import StepCounter
from models.state.variables import assign, values_of

__all__ = [
    "FiniteCheck",
    "ImagePool",
    "InferenceWeights",
    "LossMeans",
    "MovingAverage",
    "StepCounter",
    "assign",
    "uniform",
    "values_of",
]
