#pragma once

#include <functional>
#include <type_traits>
#include <utility>

#include "xeras/core/input.hpp"

namespace xeras {

/// Data that does not fit in memory: sources of batches for fit, evaluate and predict. See docs/data.md.
namespace data {

/// The number of batches of a Dataset if only its end tells.
inline constexpr std::int64_t unknown = -1;

/// The samples of one batch: {x}, {x, y} or {x, y, sample_weight}. Each owns its data, so that arrays which are local
/// to a function may be returned.
struct Batch {
  OwnedInput x = {};
  OwnedInput y = {};
  OwnedInput sample_weight = {};
};

/// The base class of sources of batches.
///
///   class Reviews final : public data::Dataset {
///     std::int64_t num_batches() const override { return 100; }
///     data::Batch get_batch(std::int64_t index) override { return {ids_of(index), labels_of(index)}; }
///   };
///   model.fit(reviews, {.epochs = 3, .workers = 4});
///
/// The calling thread makes the batches. With `.workers` above 1, several threads call get_batch at the same time; if
/// processes share the work (distribution.hpp), each makes some of the batches. To keep results independent of both, a
/// batch may then depend only on its index and on what on_epoch_begin and on_epoch_end set: while they run, no other
/// member does. An exception ends the call; the weights are then those of the last complete step.
///
/// Source  keras.utils.PyDataset
class XERAS_API Dataset {
 public:
  virtual ~Dataset() = default;

  /// Returns the number of batches in a pass over the data, or `unknown`.
  virtual std::int64_t num_batches() const = 0;
  /// Returns the batch at [0, num_batches()). If the number is unknown, a batch without x, `return {};`, ends the pass.
  /// Threads and other processes may then also ask for later ones.
  virtual Batch get_batch(std::int64_t index) = 0;

  /// Receives the number of the epoch before on_epoch_begin: 0 in evaluate and predict.
  virtual void set_epoch(std::int64_t /*epoch*/) {}
  virtual void on_epoch_begin() {}
  virtual void on_epoch_end() {}

  /// False if fit's shuffle must not change the order of the batches.
  virtual bool may_shuffle() const { return !in_order(); }
  /// True for a source that reads its data one after the other, as from a file: it gets the indices 0, 1, 2, ..., and 0
  /// again to start anew.
  virtual bool in_order() const { return false; }

  /// The two halves of get_batch. fit calls read, for a source in order from one thread at a time; then finish, which
  /// any number of threads may call at once.
  virtual Batch read(std::int64_t index) { return get_batch(index); }
  virtual Batch finish(Batch batch) { return batch; }
  /// Returns a batch like those to come, for which a model can be built. None is lost.
  virtual Batch peek() { return get_batch(0); }
};

}  // namespace data

/// A dataset that a call uses: an object, which is moved or copied, or one that outlives the call, by reference,
/// pointer or std::shared_ptr.
class XERAS_API DatasetArgument {
 public:
  template <class D>
  requires(std::derived_from<std::remove_cvref_t<D>, data::Dataset> && !std::is_const_v<std::remove_reference_t<D>>)
      DatasetArgument(D&& dataset) {
    if constexpr (std::is_lvalue_reference_v<D>) {
      dataset_ = {std::shared_ptr<void>(), &dataset};
    } else {
      dataset_ = std::make_shared<D>(std::move(dataset));
    }
  }
  template <std::derived_from<data::Dataset> D>
  DatasetArgument(D* dataset) : dataset_(std::shared_ptr<void>(), dataset) {}
  template <std::derived_from<data::Dataset> D>
  DatasetArgument(std::shared_ptr<D> dataset) : dataset_(std::move(dataset)) {}

  /// Throws InvalidArgument, with `who` first, for a null pointer.
  data::Dataset& get(const char* who) const;
  const std::shared_ptr<data::Dataset>& pointer() const { return dataset_; }

 private:
  std::shared_ptr<data::Dataset> dataset_;
};

namespace data {

/// Calls f with each batch of a pass, in order.
///
///   data::for_each(lines, [&](const data::Batch& batch) { count += batch.x.length(); });
///
/// Throws  InvalidArgument for a null dataset, InvalidInput for a batch without x before the known end
XERAS_API void for_each(const DatasetArgument& dataset, const std::function<void(const Batch&)>& f);

/// Returns the texts of a batch, copied. Throws InvalidInput if x holds numbers.
XERAS_API std::vector<std::string> texts_of(const Batch& batch);

}  // namespace data
}  // namespace xeras
