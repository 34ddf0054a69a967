#pragma once

#include <optional>

#include "text/vectors_subwords.hpp"
#include "text/vectors_text.hpp"

namespace xeras::text {

// Reads word2vec's binary format. Each vector may be followed by a line feed, as word2vec itself writes it, or not, as
// gensim does.
void read_binary_vectors(const VectorsFile& file, const VectorsHeader& header, VectorsCollector& collector);

// The first bytes of fastText's .bin files.
inline constexpr std::string_view fasttext_magic = "\xBA\x16\x4F\x2F";

// Reads a fastText .bin model. The collector gets the vectors of its words, with those of their n-grams. Returns the
// n-grams, or nothing if the model has none.
std::optional<Subwords> read_fasttext_model(const VectorsFile& file, VectorsCollector& collector);

}  // namespace xeras::text
