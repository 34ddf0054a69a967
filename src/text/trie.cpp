#include "text/trie.hpp"

#include <algorithm>

namespace xeras::text {

Trie::Trie(std::vector<std::pair<std::string, int>> words) {
  std::sort(words.begin(), words.end());
  // Breadth first: the words from `begin` to `end` share the first `depth` bytes, which lead to a node.
  struct Range {
    std::size_t begin, end, depth;
  };
  std::vector<Range> ranges{{0, words.size(), 0}};
  nodes_.emplace_back();
  labels_.push_back(0);
  for (std::size_t node = 0; node < ranges.size(); ++node) {
    auto [begin, end, depth] = ranges[node];
    if (begin < end && words[begin].first.size() == depth) nodes_[node].value = words[begin++].second;
    nodes_[node].first_child = static_cast<std::uint32_t>(nodes_.size());
    while (begin < end) {
      const char label = words[begin].first[depth];
      std::size_t next = begin + 1;
      while (next < end && words[next].first[depth] == label) ++next;
      ranges.push_back({begin, next, depth + 1});
      nodes_.emplace_back();
      labels_.push_back(label);
      ++nodes_[node].num_children;
      begin = next;
    }
  }
  for (std::uint32_t i = 0; i < nodes_[0].num_children; ++i) {
    const std::uint32_t child = nodes_[0].first_child + i;
    from_root_[static_cast<unsigned char>(labels_[child])] = child;
  }
}

}  // namespace xeras::text
