#include "models/layer_names.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace xeras {
namespace {

std::string numbered(const std::string& stem, int number) {
  return number == 0 ? stem : fmt::format("{}_{}", stem, number);
}

}  // namespace

std::string LayerNames::free_name(const std::string& stem) {
  int& number = first_free_[stem];
  while (taken_.contains(numbered(stem, number))) ++number;
  return numbered(stem, number);
}

void LayerNames::remove(const std::string& name) {
  if (taken_.erase(name) == 0) return;
  if (const auto own = first_free_.find(name); own != first_free_.end()) own->second = 0;
  // "dense_12" also frees a number of "dense".
  const std::size_t line = name.rfind('_');
  const auto stem = line != name.npos ? first_free_.find(name.substr(0, line)) : first_free_.end();
  if (stem == first_free_.end()) return;
  int& number = stem->second;
  // If the digits are not a number or too many, the search starts at 1, which is slower but correct.
  const std::string digits = name.substr(line + 1);
  const bool is_number = !digits.empty() && digits.size() < 9 && digits.find_first_not_of("0123456789") == digits.npos;
  number = std::min(number, is_number ? std::stoi(digits) : 1);
}

}  // namespace xeras
