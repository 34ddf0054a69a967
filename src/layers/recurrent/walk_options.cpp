#include "layers/recurrent/walk_options.hpp"

#include <fmt/format.h>

#include "layers/window.hpp"
#include "xeras/core/error.hpp"

namespace xeras::layers {

void WalkOptions::check(const std::string& who) const {
  check_positive(who, "units", units, "the size of the output");
  const auto check_rate = [&](const char* name, double rate, const char* of) {
    if (rate >= 0.0 && rate <= 1.0) return;
    throw InvalidArgument(
        fmt::format("{}: {} is {}; expected a fraction in [0, 1]. It is the share of {} that training sets to 0.", who,
                    name, rate, of));
  };
  check_rate("dropout", dropout, "the input");
  check_rate("recurrent_dropout", recurrent_dropout, "the previous output");
  if (return_state) {
    throw InvalidArgument(
        fmt::format("{}: return_state is true; expected false. A layer has one output here: return_sequences gives "
                    "every step's, stateful keeps the state.",
                    who));
  }
  if (unroll) {
    throw InvalidArgument(fmt::format(
        "{}: unroll is true; expected false. There is no graph to unroll, and the numbers are the same.", who));
  }
}

}  // namespace xeras::layers
