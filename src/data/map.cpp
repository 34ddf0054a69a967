#include "xeras/data/map.hpp"

#include "xeras/core/error.hpp"

namespace xeras::data {

Mapped::Mapped(DatasetArgument source, Function function) : source_(std::move(source)), function_(std::move(function)) {
  source_.get("map");
  if (function_) return;
  throw InvalidArgument("map: the function is empty; expected one that returns a batch for a batch. Give a lambda.");
}

Batch Mapped::finish(Batch batch) {
  if (!batch.x) return batch;  // the end
  batch = function_(source().finish(std::move(batch)));
  if (batch.x) return batch;
  throw InvalidInput("map: the function returned a batch without x; expected samples. Return at least {x}.");
}

Batch Mapped::peek() {
  Batch batch = source().peek();
  return batch.x ? function_(std::move(batch)) : batch;
}

Mapped map(DatasetArgument source, Mapped::Function function) { return {std::move(source), std::move(function)}; }

}  // namespace xeras::data
