#pragma once

#include <optional>
#include <string>

#include "models/batch.hpp"
#include "xeras/core/error.hpp"

namespace xeras {

// A range of samples, which the source owns.
struct Batch {
  const Samples& samples;
  SampleRange rows;
};

// A source of batches that fit, evaluate and predict read epoch by epoch.
//
// ArrayBatches reads arrays in memory, DatasetBatches a data::Dataset; StepBatches divides passes over another source
// into epochs. A source that does not know all samples in advance calls Evaluator::check for each batch.
class Batches {
 public:
  virtual ~Batches() = default;

  // Starts with the first batch. A source that shuffles derives the order of this epoch from the seed. Returns false if
  // no batch is left.
  virtual bool begin_epoch(std::int64_t epoch, std::uint64_t seed) = 0;
  // Returns the next batch, valid until the next call; none at the end of the epoch.
  virtual std::optional<Batch> next() = 0;
  // Ends an epoch, also before its last batch, unless an exception ends it.
  virtual void end_epoch() {}
  // Returns how many batches of a pass over the data were made. 0: the next epoch begins a new pass.
  virtual std::int64_t position() const { return 0; }
  // Before the first epoch: begins the pass of an interrupted fit, as begin_epoch began it, so that the next epoch
  // continues behind so many batches. Returns false if the pass has fewer.
  virtual bool resume_pass(std::int64_t /*epoch*/, std::uint64_t /*seed*/, std::int64_t batches) {
    return batches == 0;
  }
  // Returns the number of batches in an epoch; none if it is unknown or infinite.
  virtual std::optional<std::int64_t> size() const = 0;
  // Returns the current batch's name in messages; empty if the numbers of its rows tell the place.
  virtual std::string batch_name() const { return {}; }
};

// Returns the message of an error in the data of a batch with its name behind `who`.
std::string with_batch_name(const char* who, const std::string& name, std::string message);

// Runs work on the current batch; an InvalidInput from it names the batch.
template <class Work>
decltype(auto) for_batch(const char* who, const Batches& batches, const Work& work) try {
  return work();
} catch (const InvalidInput& error) {
  const std::string name = batches.batch_name();
  if (name.empty()) throw;
  throw InvalidInput(with_batch_name(who, name, error.what()));
}

// Runs the batches of an epoch in groups of `size`: begin(first), run(batch) for each, end(last, made), which returns
// false to end the epoch after this group. As in Keras, `last` counts a whole group even if the data ends within it.
template <class Begin, class Run, class End>
void for_groups(Batches& batches, std::int64_t size, std::int64_t first, const Begin& begin, const Run& run,
                const End& end) {
  std::int64_t made = 0;
  while (const std::optional<Batch> batch = batches.next()) {
    if (made == 0) begin(first);
    run(*batch);
    if (++made < size) continue;
    if (!end(first + size - 1, made)) return;
    first += size;
    made = 0;
  }
  if (made > 0) end(first + size - 1, made);
}

// Prints a warning: the data ended after fewer steps than `option` asks for.
void warn_of_end(const char* who, const char* option, std::int64_t made, std::int64_t steps);

}  // namespace xeras
