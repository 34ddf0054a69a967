#include "text/vectors_binary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "core/shown.hpp"
#include "kernels/simd.hpp"

namespace xeras::text {

void read_binary_vectors(const VectorsFile& file, const VectorsHeader& header, VectorsCollector& collector) {
  const std::size_t row_bytes = header.dim * sizeof(float);
  const std::size_t bytes = file.size() - header.end;
  // A word may be empty, but it ends in a space.
  if (header.count > bytes / (row_bytes + 1)) {
    file.fail(
        fmt::format(": the header says {} words of {} numbers, which take more than the {} bytes behind it; expected a "
                    "complete file. Get the file again.",
                    header.count, header.dim, bytes));
  }
  collector.start(header.dim, header.count);
  ByteReader reader(file, header.end);
  const std::size_t count = std::min(header.count, collector.limit().value_or(header.count));
  std::string word;
  for (std::size_t i = 0; i < count && !collector.is_complete(); ++i) {
    reader.skip_all('\n');
    const std::size_t at = reader.at();
    word = reader.until(' ', "a word");
    const char* const numbers = reader.take(row_bytes, "a vector");
    if (!collector.wants(word)) continue;
    float* const row = collector.add(file, word, [&] { return fmt::format(", word {} at byte {}", i, at); });
    if (row == nullptr) continue;
    std::memcpy(row, numbers, row_bytes);
    if (!kernels::simd().all_finite(row, header.dim)) {
      file.fail(
          fmt::format(", word {} at byte {}: the vector of \"{}\" has NaN or infinity; expected finite floats. Is the "
                      "header right?",
                      i, at, shown(word)));
    }
  }
  if (count < header.count || collector.is_complete()) return;
  reader.skip_all('\n');
  if (reader.left() > 0) {
    file.fail(fmt::format(
        ", byte {}: {} bytes follow the {} words of the header; expected the end. To read only these, set limit = {}.",
        reader.at(), reader.left(), header.count, header.count));
  }
}

}  // namespace xeras::text
