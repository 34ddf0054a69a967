#pragma once

#include <optional>

#include "xeras/data/dataset.hpp"

namespace xeras::data {

/// The batches that a function returns one after the other. Made by from_generator.
class XERAS_API Generator final : public Dataset {
 public:
  using Function = std::function<std::optional<Batch>()>;
  explicit Generator(Function function);

  std::int64_t num_batches() const override { return unknown; }
  Batch get_batch(std::int64_t index) override;
  bool in_order() const override { return true; }
  Batch peek() override;

 private:
  Function function_;
  Batch peeked_;  // to return next; without x: none
  bool ended_ = false;
};

/// Returns the dataset of a function that returns the next batch, or nothing at the end. After its end it is used up:
/// training on it ends, with a warning if epochs remain.
///
///   model.fit(data::from_generator([&]() -> std::optional<data::Batch> { return data::Batch{x, y}; }),
///             {.epochs = 3, .steps_per_epoch = 100});
///
/// One thread at a time calls the function, and no more often than steps need.
///
/// Throws  InvalidArgument for an empty function
/// Source  fit(generator)
XERAS_API Generator from_generator(Generator::Function function);

}  // namespace xeras::data
