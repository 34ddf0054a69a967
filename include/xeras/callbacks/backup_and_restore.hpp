#pragma once

#include "xeras/callbacks/callback.hpp"

namespace xeras::callbacks {

struct BackupAndRestoreOptions {
  bool delete_checkpoint = true;  ///< after fit has ended
};

/// Lets an interrupted fit continue: saves the model, optimizer, epoch and random state after each epoch, and restores
/// them when fit begins. Training then ends with the same bits as without interruption. The folder `backup_dir` is
/// created if missing; it holds one file, latest.keras.
///
///   model.fit(x, y, {.epochs = 100, .callbacks = {callbacks::BackupAndRestore("backup")}});
///
/// Throws  InvalidArgument for an empty name; FileError for a backup of another model
/// Source  keras.callbacks.BackupAndRestore, with backups after each epoch only, its default
class XERAS_API BackupAndRestore final : public Callback {
 public:
  explicit BackupAndRestore(std::string backup_dir, BackupAndRestoreOptions options = {});

  std::int64_t first_epoch(std::int64_t initial_epoch) override;
  void on_epoch_end(std::int64_t epoch, const Scores& logs) override;
  void on_train_end(const Scores& logs) override;

 private:
  std::string path() const { return backup_dir_ + "/latest.keras"; }

  std::string backup_dir_;
  BackupAndRestoreOptions options_;
};

}  // namespace xeras::callbacks
