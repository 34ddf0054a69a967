#include "xeras/data/from_generator.hpp"

#include "xeras/core/error.hpp"

namespace xeras::data {

Generator::Generator(Function function) : function_(std::move(function)) {
  if (function_) return;
  throw InvalidArgument(
      "from_generator: the function is empty; expected one that returns the next batch. Give a lambda.");
}

Batch Generator::get_batch(std::int64_t) {
  if (peeked_.x) return std::exchange(peeked_, {});
  if (ended_) return {};
  std::optional<Batch> batch = function_();
  if (!batch) {
    ended_ = true;
    return {};
  }
  if (!batch->x) {
    throw InvalidInput(
        "from_generator: the function returned a batch without x; expected samples, or std::nullopt at the end.");
  }
  return std::move(*batch);
}

Batch Generator::peek() { return peeked_ = get_batch(0); }

Generator from_generator(Generator::Function function) { return Generator(std::move(function)); }

}  // namespace xeras::data
