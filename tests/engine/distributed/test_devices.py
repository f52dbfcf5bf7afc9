"""A device whose memory is full is a sentence."""

import re

import numpy as np
import pytest
import tensorflow as tf

from engine.distributed.devices import user_error_if_out_of_memory
from utils import UserError


@pytest.mark.long
def test_a_full_memory_is_a_sentence_that_says_what_was_asked_for_and_what_to_do():
    most = 2**45  # numbers: more than any machine has
    sentence = f"the device's memory is full (a tensor with shape[{most}] and type float was asked for); lower it"
    with pytest.raises(UserError, match=f"^{re.escape(sentence)}$"), user_error_if_out_of_memory("lower it"):
        tf.zeros([most])
    with pytest.raises(UserError, match=f"^{re.escape(sentence)}$"), user_error_if_out_of_memory("lower it"):
        tf.function(lambda value: tf.fill([tf.constant(most)], value), autograph=False)(tf.constant(1.0))


def test_a_full_memory_of_the_machine_is_a_sentence_too():
    match = r"^the memory is full \(Unable to allocate .* for an array with shape .*\); give smaller images$"
    with pytest.raises(UserError, match=match), user_error_if_out_of_memory("give smaller images"):
        np.empty([2**24, 2**24])
    with pytest.raises(UserError, match=r"^the memory is full; lower it$"), user_error_if_out_of_memory("lower it"):
        bytes(2**60)


def test_other_errors_stay_what_they_are():
    with pytest.raises(tf.errors.InvalidArgumentError), user_error_if_out_of_memory("lower it"):
        tf.zeros([2]) + tf.zeros([3])
