#pragma once

#include <optional>
#include <string>
#include <vector>

#include "xeras/callbacks/callback.hpp"
#include "xeras/callbacks/save_freq.hpp"
#include "xeras/core/random.hpp"
#include "xeras/core/value.hpp"

namespace xeras::callbacks {

struct BackupAndRestoreOptions {
  SaveFreq save_freq = {};         ///< "epoch", or so many batches, counted through all epochs
  bool double_checkpoint = false;  ///< keep the backup before the latest one, too, in case the latest cannot be read
  bool delete_checkpoint = true;   ///< after fit has ended
};

/// Lets an interrupted fit continue: saves the model, optimizer, position and random state after each epoch or some
/// batches, and restores them when fit begins. Training then ends with the same bits as without interruption, also in
/// the middle of an epoch, and of a pass over the data that spans epochs of steps_per_epoch: fit skips the batches that
/// it has trained, and the scores of the epoch count all of them.
/// States of other callbacks and of stateful layers are not saved. The folder `backup_dir` is created if missing; it
/// holds latest.keras, and with double_checkpoint latest.keras.bkp.
///
///   model.fit(x, y, {.epochs = 100, .callbacks = {callbacks::BackupAndRestore("backup", {.save_freq = 1000})}});
///
/// Throws  InvalidArgument for an empty name and, with save_freq as a number, for a metric without visit_state;
///         FileError for a backup of another model; InvalidInput for fewer batches than were trained
/// Source  keras.callbacks.BackupAndRestore, which begins an interrupted epoch again
class XERAS_API BackupAndRestore final : public Callback {
 public:
  explicit BackupAndRestore(std::string backup_dir, BackupAndRestoreOptions options = {});

  void check_scores(const Scores& reported) override;
  std::int64_t first_epoch(std::int64_t initial_epoch) override;
  std::int64_t first_batch() override;
  void on_batches_skipped() override;
  void on_epoch_begin(std::int64_t epoch) override;
  void on_train_batch_begin(std::int64_t batch) override { first_of_group_ = batch; }
  void on_train_batch_end(std::int64_t batch, const Scores& logs) override;
  void on_epoch_end(std::int64_t epoch, const Scores& logs) override;
  void on_train_end(const Scores& logs) override;

 private:
  struct Position {
    std::int64_t epochs = 0;
    std::int64_t batches = 0;     // of the next epoch
    RandomState epoch_begin{};    // before that epoch
    std::vector<double> tally{};  // the sums of its scores
  };

  std::string path() const { return backup_dir_ + "/latest.keras"; }
  std::string path_before() const { return path() + ".bkp"; }
  Value restore();
  void save(const Position& position);

  std::string backup_dir_;
  BackupAndRestoreOptions options_;
  std::int64_t epoch_ = 0;
  RandomState epoch_begin_;
  std::int64_t batches_ = 0;             // since the last backup
  std::int64_t first_of_group_ = 0;      // the first batch since the hooks were called
  std::optional<Position> interrupted_;  // until fit has come to it
};

}  // namespace xeras::callbacks
