#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace xeras::text {

/// Finds all words of a set that begin at a place of a text.
class Trie {
 public:
  /// Takes distinct words and their values, which are not negative.
  explicit Trie(std::vector<std::pair<std::string, int>> words);

  /// Calls f(length, value) for each word that is a prefix of the text, the shortest first.
  template <class F>
  void each_prefix(std::string_view text, const F& f) const {
    if (text.empty()) return;
    std::uint32_t node = from_root_[static_cast<unsigned char>(text[0])];
    if (node == 0) return;
    if (nodes_[node].value >= 0) f(std::size_t{1}, nodes_[node].value);
    for (std::size_t i = 1; i < text.size(); ++i) {
      const Node& parent = nodes_[node];
      // The children of a node follow each other.
      const char* labels = labels_.data() + parent.first_child;
      const auto* found = static_cast<const char*>(std::memchr(labels, text[i], parent.num_children));
      if (found == nullptr) return;
      node = parent.first_child + static_cast<std::uint32_t>(found - labels);
      if (nodes_[node].value >= 0) f(i + 1, nodes_[node].value);
    }
  }
  bool has_word_with(unsigned char first) const { return from_root_[first] != 0; }
  /// Returns the length of the longest word that is a prefix of the text, or 0.
  std::size_t longest_prefix(std::string_view text) const {
    std::size_t longest = 0;
    each_prefix(text, [&](std::size_t length, int) { longest = length; });
    return longest;
  }

 private:
  struct Node {
    std::uint32_t first_child = 0;
    std::uint32_t num_children = 0;
    int value = -1;
  };
  std::vector<Node> nodes_;
  std::array<std::uint32_t, 256> from_root_{};  // its children by their byte; 0 means none
  std::vector<char> labels_;                    // the last byte on the way to each node
};

}  // namespace xeras::text
