#include "xeras/io/callbacks.hpp"

#include <fmt/args.h>
#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <filesystem>
#include <limits>

#include "io/file_errors.hpp"
#include "io/keras_files.hpp"
#include "models/monitor.hpp"
#include "xeras/core/error.hpp"
#include "xeras/core/random.hpp"

namespace xeras::callbacks {

ModelCheckpoint::ModelCheckpoint(std::string filepath, ModelCheckpointOptions options)
    : filepath_(std::move(filepath)),
      options_(std::move(options)),
      larger_is_better_(larger_is_better("ModelCheckpoint", options_.mode, options_.monitor)) {
  const char* ending = options_.save_weights_only ? ".weights.h5" : ".keras";
  const bool fits = options_.save_weights_only ? filepath_.ends_with(ending)
                                               : filepath_.ends_with(ending) || (filepath_.ends_with(".h5") &&
                                                                                 !filepath_.ends_with(".weights.h5"));
  if (!fits) {
    throw InvalidArgument(fmt::format("ModelCheckpoint: filepath is \"{}\"; expected a name that ends in {}{}.",
                                      filepath_, ending, options_.save_weights_only ? "" : " or .h5"));
  }
  if (options_.save_freq && *options_.save_freq <= 0) {
    throw InvalidArgument(
        fmt::format("ModelCheckpoint: save_freq is {}; expected a positive number of batches. Leave it out to save "
                    "after each epoch.",
                    *options_.save_freq));
  }
  if (options_.initial_value_threshold && std::isnan(*options_.initial_value_threshold)) {
    throw InvalidArgument("ModelCheckpoint: initial_value_threshold is nan; expected a score. Leave it out for none.");
  }
  const double worst =
      larger_is_better_ ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  best_ = options_.initial_value_threshold.value_or(worst);
}

void ModelCheckpoint::check_scores(const Scores& reported) {
  const Scores of_training = without_validation(reported);
  if (options_.save_freq && options_.save_best_only && !of_training.contains(options_.monitor) &&
      reported.contains(options_.monitor)) {
    throw InvalidArgument(fmt::format(
        "ModelCheckpoint: monitor is \"{}\" and save_freq is {} batches, after which there is no validation; "
        "expected a score that batches have. Leave save_freq out, or monitor \"{}\".",
        options_.monitor, *options_.save_freq, of_training.name(0)));
  }
  if (options_.save_best_only) check_monitor("ModelCheckpoint", options_.monitor, reported);
  path_of(options_.save_freq ? of_training : reported);
  named_by_validation_ = false;
  if (options_.save_freq) return;
  try {
    path_of(of_training);
  } catch (const InvalidArgument&) {
    named_by_validation_ = true;
  }
}

void ModelCheckpoint::on_train_begin() { batches_ = 0; }
void ModelCheckpoint::on_epoch_begin(std::int64_t epoch) { epoch_ = epoch; }

void ModelCheckpoint::on_train_batch_end(std::int64_t, const Scores& logs) {
  if (options_.save_freq && ++batches_ % *options_.save_freq == 0) save(logs);
}

void ModelCheckpoint::on_epoch_end(std::int64_t, const Scores& logs) {
  if (!options_.save_freq) save(logs);
}

void ModelCheckpoint::save(const Scores& logs) {
  if (named_by_validation_ && !has_validation(logs)) return;
  if (options_.save_best_only) {
    if (!logs.contains(options_.monitor)) return;
    const double score = logs[options_.monitor];
    const bool better = larger_is_better_ ? score > best_ : score < best_;
    if (options_.verbose > 0) {
      fmt::print("\nEpoch {}: {} {} from {:.5f} to {:.5f}\n", epoch_ + 1, options_.monitor,
                 better ? "improved" : "did not improve", best_, score);
    }
    if (!better) return;
    best_ = score;
  }
  const std::string path = path_of(logs);
  if (options_.verbose > 0) fmt::print("\nEpoch {}: saving model to {}\n", epoch_ + 1, path);
  options_.save_weights_only ? model().save_weights(path) : model().save(path);
}

std::string ModelCheckpoint::path_of(const Scores& logs) const {
  fmt::dynamic_format_arg_store<fmt::format_context> fields;
  fields.push_back(fmt::arg("epoch", epoch_ + 1));
  for (std::size_t i = 0; i < logs.size(); ++i) fields.push_back(fmt::arg(logs.name(i).c_str(), logs.value(i)));
  try {
    return fmt::vformat(filepath_, fields);
  } catch (const fmt::format_error& error) {
    std::string known = "epoch";
    for (std::size_t i = 0; i < logs.size(); ++i) known += ", " + logs.name(i);
    throw InvalidArgument(fmt::format("ModelCheckpoint: filepath \"{}\": {}; expected fields in braces of these: {}.",
                                      filepath_, error.what(), known));
  }
}

BackupAndRestore::BackupAndRestore(std::string backup_dir, BackupAndRestoreOptions options)
    : backup_dir_(std::move(backup_dir)), options_(options) {
  if (backup_dir_.empty()) {
    throw InvalidArgument("BackupAndRestore: backup_dir is empty; expected the name of a folder.");
  }
}

std::int64_t BackupAndRestore::first_epoch(std::int64_t initial_epoch) {
  io::check_path(path());
  std::error_code nothing;  // a failed check counts as no backup
  if (!std::filesystem::exists(path(), nothing)) return initial_epoch;
  const auto number = [&](const Value& note, const char* key) {
    const Value* found = note.find(key);
    const auto* whole = found != nullptr ? found->get_if<std::int64_t>() : nullptr;
    if (whole == nullptr) {
      throw FileError(fmt::format("metadata.json has no xeras.{}; expected a backup.", key));
    }
    return *whole;
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

void BackupAndRestore::on_train_end() {
  std::error_code nothing;  // there may be no backup to remove
  if (options_.delete_checkpoint) std::filesystem::remove(path(), nothing);
}

}  // namespace xeras::callbacks
