#include "core/id_advice.hpp"

#include <fmt/format.h>

namespace xeras {

std::string advice_for_large_id(std::uint64_t id, std::int64_t limit, const char* option) {
  if (id == static_cast<std::uint64_t>(limit)) {
    return fmt::format("A Tokenizer counts its words from 1: {} is their number + 1.", option);
  }
  return fmt::format("Was the tokenizer limited with num_words = {}?", limit);
}

}  // namespace xeras
