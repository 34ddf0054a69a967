#include "models/batches.hpp"

#include <fmt/format.h>

#include <iostream>

#include "core/processes.hpp"

namespace xeras {

std::string with_batch_name(const char* who, const std::string& name, std::string message) {
  const std::string prefix = fmt::format("{}: ", who);
  if (message.starts_with(prefix)) message.erase(0, prefix.size());
  return fmt::format("{}{}: {}", prefix, name, message);
}

void warn_of_end(const char* who, const char* option, std::int64_t made, std::int64_t steps) {
  if (!is_first_process()) return;
  std::cerr
      << fmt::format(
             "{}: warning: the data ended after {} of {} steps; expected as many batches as {} asks for. Give more "
             "data, or fewer steps.",
             who, made, steps, option)
      << std::endl;
}

}  // namespace xeras
