#include "xeras/text/word_map.hpp"

#include <fmt/format.h>

#include "xeras/core/error.hpp"

namespace xeras::text {

void throw_missing_word(std::string_view word, std::size_t known) {
  throw InvalidArgument(fmt::format(
      "WordMap: \"{}\" is not in it; expected one of its {} words. Ask contains() or find() first.", word, known));
}

}  // namespace xeras::text
