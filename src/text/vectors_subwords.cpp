#include "text/vectors_subwords.hpp"

namespace xeras::text {

std::size_t Subwords::add(std::string_view word, float* row) const {
  std::size_t count = 0;
  each_bucket(word, [&](std::uint32_t bucket) {
    const float* const from = values.data() + bucket * dim;
    for (std::size_t i = 0; i < dim; ++i) row[i] += from[i];
    ++count;
  });
  return count;
}

bool Subwords::has_any(std::string_view word) const {
  bool has = false;
  each_bucket(word, [&](std::uint32_t) { has = true; });
  return has;
}

}  // namespace xeras::text
