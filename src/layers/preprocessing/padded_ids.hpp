#pragma once

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "core/parallel.hpp"
#include "text/word_reader.hpp"
#include "xeras/text/array.hpp"

namespace xeras::layers {

// Returns the ids of texts (rows, time), where shorter texts end with zeros, and time is that of the longest, at least
// 1. Reads each text once: number_text(row, memory, ids) appends the ids of a text, which costs so much work.
template <class NumberText>
text::Array<int> padded_ids(std::size_t rows, std::size_t work, const NumberText& number_text) {
  struct Part {
    std::size_t first;
    std::vector<std::int32_t> ids = {};  // of all its texts
    std::vector<std::size_t> ends = {};  // of each text in `ids`
  };
  std::vector<Part> parts;
  std::mutex mutex;
  parallel_for(rows, work, [&](std::size_t begin, std::size_t end) {
    Part part{begin};
    text::WordMemory memory;
    for (std::size_t row = begin; row < end; ++row) {
      number_text(row, memory, part.ids);
      part.ends.push_back(part.ids.size());
    }
    const std::lock_guard lock(mutex);
    parts.push_back(std::move(part));
  });
  std::size_t width = 1;
  for (const Part& part : parts) {
    std::size_t begin = 0;
    for (const std::size_t end : part.ends) width = std::max(width, end - std::exchange(begin, end));
  }
  text::Array<int> all;
  all.resize({rows, width});
  for (const Part& part : parts) {
    int* to = all.data() + part.first * width;
    const std::int32_t* from = part.ids.data();
    for (const std::size_t end : part.ends) {
      int* const padding = std::copy(from, part.ids.data() + end, to);
      from = part.ids.data() + end;
      std::fill(padding, to += width, 0);
    }
  }
  return all;
}

}  // namespace xeras::layers
