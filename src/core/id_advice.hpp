#pragma once

#include <concepts>
#include <cstdint>
#include <string>

namespace xeras {

// Returns advice for an id outside [0, limit): its likely cause. `option` is the name of the limit, such as
// "input_dim".
std::string advice_for_large_id(std::uint64_t id, std::int64_t limit, const char* option);

template <std::integral T>
std::string advice_for_id(T id, std::int64_t limit, const char* option) {
  if (id < T{0}) return "Ids count from 0; is a missing word encoded as a negative number?";
  return advice_for_large_id(static_cast<std::uint64_t>(id), limit, option);
}

}  // namespace xeras
