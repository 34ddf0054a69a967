#pragma once

// Functions that turn texts into numbers.
#include "xeras/text/byte_pair_tokenizer.hpp"
#include "xeras/text/hashing_trick.hpp"
#include "xeras/text/pad_sequences.hpp"
#include "xeras/text/sentence_piece_tokenizer.hpp"
#include "xeras/text/skipgrams.hpp"
#include "xeras/text/text_to_word_sequence.hpp"
#include "xeras/text/tokenizer.hpp"
#include "xeras/text/vectors.hpp"
#include "xeras/text/vocabulary_files.hpp"
#include "xeras/text/word_piece_tokenizer.hpp"
