#pragma once

#include <limits>
#include <optional>

#include "xeras/callbacks/callback.hpp"
#include "xeras/callbacks/save_freq.hpp"

namespace xeras::callbacks {

struct ModelCheckpointOptions {
  std::string monitor = "val_loss";
  int verbose = 0;  ///< 1 reports each save
  bool save_best_only = false;
  bool save_weights_only = false;
  std::string mode = "auto";  ///< "min", "max", or "auto": the direction of the monitored metric
  SaveFreq save_freq = {};    ///< "epoch", or so many batches, counted through all epochs
  std::optional<double> initial_value_threshold = {};  ///< the first saved model must beat it
};

/// Saves the model after each epoch or some batches, or if a score is better than before. `filepath` may contain
/// fields: {epoch} or {epoch:02d}, counted from 1, scores such as {val_loss:.2f}, and with save_freq as a number
/// {batch}, counted from 1 in each epoch. It ends in .keras or .h5; with save_weights_only in .weights.h5. Its folder
/// is created if missing. Epochs that lack such a score because they do not validate are skipped.
///
///   model.fit(x, y, {.callbacks = {callbacks::ModelCheckpoint("model-{epoch:02d}.keras")}, .validation_split = 0.1});
///
/// Throws  InvalidArgument for invalid names and options, or, before the first epoch, for a score that fit does not
///         report
/// Source  keras.callbacks.ModelCheckpoint
class XERAS_API ModelCheckpoint final : public Callback {
 public:
  explicit ModelCheckpoint(std::string filepath, ModelCheckpointOptions options = {});

  void check_scores(const Scores& reported) override;
  void on_epoch_begin(std::int64_t epoch) override;
  void on_train_batch_begin(std::int64_t batch) override { first_of_group_ = batch; }
  void on_train_batch_end(std::int64_t batch, const Scores& logs) override;
  void on_epoch_end(std::int64_t epoch, const Scores& logs) override;

  /// Returns the best score so far; NaN before the first training.
  double best() const { return best_.value_or(std::numeric_limits<double>::quiet_NaN()); }

 private:
  void save(std::optional<std::int64_t> batch, const Scores& logs);
  std::string path_of(std::optional<std::int64_t> batch, const Scores& logs) const;

  std::string filepath_;
  ModelCheckpointOptions options_;
  bool larger_is_better_ = false;
  bool named_by_validation_ = false;  // true when filepath contains a score of the validation
  std::optional<double> best_;
  std::int64_t epoch_ = 0;
  std::int64_t batches_ = 0;         // since it saved last
  std::int64_t first_of_group_ = 0;  // the first batch since the hooks were called
};

}  // namespace xeras::callbacks
