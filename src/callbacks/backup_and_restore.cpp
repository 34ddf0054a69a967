#include "xeras/callbacks/backup_and_restore.hpp"

#include <fmt/format.h>

#include <bit>
#include <filesystem>

#include "io/file_errors.hpp"
#include "io/keras_files.hpp"
#include "xeras/core/random.hpp"

namespace xeras::callbacks {

BackupAndRestore::BackupAndRestore(std::string backup_dir, BackupAndRestoreOptions options)
    : backup_dir_(std::move(backup_dir)), options_(options) {
  if (backup_dir_.empty()) {
    throw InvalidArgument("BackupAndRestore: backup_dir is empty; expected the name of a folder.");
  }
}

std::int64_t BackupAndRestore::first_epoch(std::int64_t initial_epoch) {
  io::check_path(path());
  std::error_code ignored;  // a file that cannot be found counts as missing
  if (!std::filesystem::exists(path(), ignored)) return initial_epoch;
  const auto number = [&](const Value& note, const char* key) {
    const Value* found = note.find(key);
    const auto* whole = found != nullptr ? found->get_if<std::int64_t>() : nullptr;
    if (whole != nullptr) return *whole;
    throw FileError(fmt::format("metadata.json has no xeras.{}; expected a backup.", key));
  };
  const Value note = io::restore_from_keras_file(path(), model(), [&](const Value& found) {
    const std::int64_t epochs = number(found, "epochs");
    for (const char* key : {"random_seed", "random_drawn"}) number(found, key);
    if (epochs >= 0) return;
    throw FileError(fmt::format("metadata.json counts {} epochs; expected 0 or more.", epochs));
  });
  set_random_state({std::bit_cast<std::uint64_t>(number(note, "random_seed")),
                    std::bit_cast<std::uint64_t>(number(note, "random_drawn"))});
  return number(note, "epochs");
}

void BackupAndRestore::on_epoch_end(std::int64_t epoch, const Scores&) {
  io::check_path(backup_dir_);
  std::error_code error;
  std::filesystem::create_directories(backup_dir_, error);
  if (error) {
    throw FileError(fmt::format("{}: {}; expected a folder that can be created.", backup_dir_, error.message()));
  }
  const RandomState random = random_state();
  io::write_keras_file(path(), model(), {},
                       Value::Dict{{"epochs", epoch + 1},
                                   {"random_seed", std::bit_cast<std::int64_t>(random.seed)},
                                   {"random_drawn", std::bit_cast<std::int64_t>(random.drawn)}});
}

void BackupAndRestore::on_train_end(const Scores&) {
  std::error_code ignored;  // there may be no backup
  if (options_.delete_checkpoint) std::filesystem::remove(path(), ignored);
}

}  // namespace xeras::callbacks
