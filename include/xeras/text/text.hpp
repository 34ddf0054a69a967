#pragma once

// Functions that turn texts into numbers.
#include "xeras/text/hashing_trick.hpp"
#include "xeras/text/pad_sequences.hpp"
#include "xeras/text/skipgrams.hpp"
#include "xeras/text/text_to_word_sequence.hpp"
#include "xeras/text/tokenizer.hpp"
