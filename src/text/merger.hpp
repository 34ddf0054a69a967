#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace xeras::text {

/// The merge rules of byte pair encoding: two neighboring tokens become one. The rule with the lowest rank comes first,
/// of equal ones the leftmost pair.
class Merger {
 public:
  struct Rule {
    int left = 0, right = 0, joined = 0;
  };
  /// The memory of one thread, kept from word to word.
  class Scratch {
    friend class Merger;
    struct Symbol {
      int id = 0;  // -1 after it was joined to the one before it
      std::uint32_t before = 0, next = 0;
    };
    struct Pair {
      std::uint32_t rank = 0, at = 0;
      int left = 0, right = 0, joined = 0;
    };
    std::vector<Symbol> symbols;
    std::vector<Pair> heap;
  };

  /// Takes rules by rank; of rules for the same pair, the first counts.
  explicit Merger(std::span<const Rule> rules);

  /// Appends the tokens that remain of `tokens` to `result`. Takes n log n steps for n tokens.
  void apply(std::span<const int> tokens, Scratch& scratch, std::vector<int>& result) const;

 private:
  struct Slot {
    int left = -1, right = -1;  // left < 0 means a free slot
    int joined = 0;
    std::uint32_t rank = 0;
  };
  std::size_t slot_of(int left, int right) const;
  void push(Scratch& scratch, std::uint32_t at) const;

  std::vector<Slot> slots_;  // open addressing, at most half full
};

}  // namespace xeras::text
