#pragma once

// Functions that turn texts into numbers.
#include "xeras/text/pad_sequences.hpp"
#include "xeras/text/skipgrams.hpp"
#include "xeras/text/text_to_word_sequence.hpp"
#include "xeras/text/tokenizer.hpp"
#include "xeras/text/vectors.hpp"
