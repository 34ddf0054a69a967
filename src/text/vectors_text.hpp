#pragma once

#include <cstddef>
#include <optional>

#include "text/vectors_collector.hpp"
#include "text/vectors_file.hpp"

namespace xeras::text {

// The header of word2vec's formats.
struct VectorsHeader {
  std::size_t count = 0, dim = 0;
  std::size_t end = 0;  // the position behind its line
};

// Reads a file of text, a word and its vector on each line: from `begin`, which is behind a byte order mark, or from
// the end of the header.
void read_text_vectors(const VectorsFile& file, std::size_t begin, const std::optional<VectorsHeader>& header,
                       VectorsCollector& collector);

}  // namespace xeras::text
