#pragma once

#include "data/shared_prefetch.hpp"
#include "models/batches.hpp"
#include "models/evaluator.hpp"

namespace xeras {

struct DatasetBatchesOptions {
  std::optional<std::int64_t> steps = {};  // batches in an epoch; default: a pass over the data
  const char* steps_name = "steps";        // the option in messages
  bool continues = false;                  // an epoch continues where the last one ended, instead of anew
  bool shuffle = false;                    // the order of the batches, if the dataset allows it
  std::int64_t workers = 1;
  std::int64_t max_queue_size = 10;
  const std::map<std::int64_t, double>* class_weight = nullptr;
  bool needs_targets = true;  // false to predict: the batches may have targets
};

// The batches of a dataset. Throws InvalidInput, with `who` and the index of the batch first, for one that does not fit
// the model, and passes on what the dataset throws.
//
// No batch is made ahead of the end of an epoch, so that no thread uses the dataset while on_epoch_end runs, and so
// that the batches do not depend on the number of threads.
class DatasetBatches final : public Batches {
 public:
  DatasetBatches(const char* who, const Sequential& model, data::Dataset& dataset,
                 const DatasetBatchesOptions& options);

  bool begin_epoch(std::int64_t epoch, std::uint64_t seed) override;
  std::optional<Batch> next() override;
  void end_epoch() override;
  std::int64_t position() const override { return pass_has_ended_ ? 0 : position_; }
  bool resume_pass(std::int64_t epoch, std::uint64_t seed, std::int64_t batches) override;
  std::optional<std::int64_t> size() const override { return options_.steps ? options_.steps : size_; }
  std::string batch_name() const override;

 private:
  void begin_pass(std::uint64_t seed);
  void begin_batches();
  void check();

  const char* who_;
  const Sequential& model_;
  data::Dataset& dataset_;
  const DatasetBatchesOptions options_;
  std::optional<std::int64_t> stated_size_;  // of a pass, by num_batches()
  std::optional<std::int64_t> size_;         // that, or the one of a pass that ended
  std::vector<std::int64_t> order_;          // of the batches of this pass; empty: 0, 1, 2 ...
  std::int64_t position_ = 0;                // of the next batch in this pass
  bool pass_has_ended_ = true;
  bool has_made_any_ = false;
  std::int64_t made_ = 0;  // in this epoch
  std::optional<data::SharedPrefetch> prefetch_;
  data::Batch first_;  // of this epoch if the number is unknown; without x: none
  Samples samples_;
};

// Returns a batch to build a model for.
data::Batch first_batch(const char* who, data::Dataset& dataset);

// Throws InvalidArgument, with `who` first, unless the numbers of threads and batches are possible.
void check_workers(const char* who, std::int64_t workers, std::int64_t max_queue_size);
// Throws InvalidArgument, with `who` first, if arrays come with options of datasets.
void check_no_workers(const char* who, std::int64_t workers, std::int64_t max_queue_size);
// Throws InvalidArgument, with `who` first, for a number of steps that is not positive.
void check_steps(const char* who, const char* option, const std::optional<std::int64_t>& steps);
// Throws InvalidArgument, with `who` first, for an option that only arrays have.
[[noreturn]] void throw_for_arrays(const char* who, const char* option, const char* advice);

}  // namespace xeras
