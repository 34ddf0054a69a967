#pragma once

#include <vector>

#include "core/parallel.hpp"
#include "text/grouped_lookups.hpp"
#include "text/word_reader.hpp"
#include "xeras/text/word_map.hpp"

namespace xeras::layers {

// Counts words, and rows with a word, in several threads. The sums do not depend on the number of threads.
class WordCounts {
 public:
  struct Count {
    std::int64_t words = 0;
    std::int64_t rows = 0;
    std::int64_t last_row = -1;
  };
  using Map = text::WordMap<Count>;

  WordCounts() : parts_(static_cast<std::size_t>(num_threads())) {}

  // Counts the words of rows 0 .. rows - 1: each_word(row, memory, words) calls words.add(word)
  // for each, and words.flush() before words become invalid.
  template <class EachWord>
  void add(std::size_t rows, const EachWord& each_word) {
    constexpr std::size_t rows_worth_a_thread = 64;
    const std::size_t parts = std::clamp<std::size_t>(rows / rows_worth_a_thread, 1, parts_.size());
    parallel_tasks(parts, [&](std::size_t i) {
      Map& map = parts_[i];
      text::WordMemory memory;
      for (std::size_t row = rows * i / parts; row < rows * (i + 1) / parts; ++row) {
        const std::int64_t number = rows_ + static_cast<std::int64_t>(row);
        const auto count_word = [&](std::string_view word, std::uint32_t hash) {
          Count& count = map.value(map.add(word, hash));
          ++count.words;
          if (count.last_row != number) ++count.rows;
          count.last_row = number;
        };
        text::GroupedLookups words(map, count_word);
        each_word(row, memory, words);
        words.flush();
      }
    });
    rows_ += static_cast<std::int64_t>(rows);
  }

  std::int64_t rows() const { return rows_; }
  // Returns the counts of all words, in any order. Call it once, at the end.
  Map take() {
    Map all = std::move(parts_.front());
    for (std::size_t i = 1; i < parts_.size(); ++i) {
      for (const auto& [word, count] : parts_[i]) {
        Count& sum = all.value(all.add(word));
        sum.words += count.words;
        sum.rows += count.rows;
      }
      parts_[i] = Map();
    }
    return all;
  }

 private:
  std::vector<Map> parts_;
  std::int64_t rows_ = 0;
};

}  // namespace xeras::layers
