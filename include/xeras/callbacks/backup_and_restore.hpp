#pragma once

#include <string>

#include "xeras/callbacks/callback.hpp"

namespace xeras::callbacks {

struct BackupAndRestoreOptions {
  bool delete_checkpoint = true;  ///< once fit has ended
};

/// Makes fit go on where it was cut off: saves model, optimizer, epoch and random numbers after each epoch, and when
/// fit begins takes up what is there. The training then ends with the same bits as without the cut.
///
/// `backup_dir` is made where it does not exist; it has one file, latest.keras.
/// Throws  InvalidArgument for an empty name; FileError for a backup of another model
/// Source  keras.callbacks.BackupAndRestore; after each epoch only, its default
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
