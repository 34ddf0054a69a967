#pragma once

#include "xeras/data/dataset.hpp"

namespace xeras::data {

/// A dataset whose batches a function changes. Made by map.
class XERAS_API Mapped final : public Dataset {
 public:
  using Function = std::function<Batch(Batch)>;
  Mapped(DatasetArgument source, Function function);

  std::int64_t num_batches() const override { return source().num_batches(); }
  Batch get_batch(std::int64_t index) override { return finish(read(index)); }
  void set_epoch(std::int64_t epoch) override { source().set_epoch(epoch); }
  void on_epoch_begin() override { source().on_epoch_begin(); }
  void on_epoch_end() override { source().on_epoch_end(); }
  bool may_shuffle() const override { return source().may_shuffle(); }
  bool in_order() const override { return source().in_order(); }
  Batch read(std::int64_t index) override { return source().read(index); }
  Batch finish(Batch batch) override;
  Batch peek() override;

 private:
  Dataset& source() const { return *source_.pointer(); }

  DatasetArgument source_;
  Function function_;
};

/// Returns a dataset whose batches are function(batch), such as ids instead of texts. With `.workers` above 1, several
/// threads call the function at the same time, also where a file is read in order.
///
///   auto ids = data::map(lines, [&](data::Batch batch) -> data::Batch { return {encode(batch.x), batch.y}; });
///
/// Throws  InvalidArgument for a null dataset or an empty function
/// Source  tf.data.Dataset.map
XERAS_API Mapped map(DatasetArgument source, Mapped::Function function);

}  // namespace xeras::data
