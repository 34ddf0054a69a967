#include "xeras/callbacks/save_freq.hpp"

#include <fmt/format.h>

#include "core/shown.hpp"
#include "xeras/core/error.hpp"

namespace xeras::callbacks {

SaveFreq::SaveFreq(const std::string& text) {
  if (text == "epoch") return;
  throw InvalidArgument(
      fmt::format("save_freq: \"{}\"; expected \"epoch\" or a number of batches. Write 100 for each hundredth batch.",
                  shown(text)));
}

std::int64_t SaveFreq::checked(std::int64_t batches) {
  if (batches > 0) return batches;
  throw InvalidArgument(fmt::format(
      "save_freq: {}; expected a positive number of batches. Write \"epoch\" to save after each epoch.", batches));
}

}  // namespace xeras::callbacks
