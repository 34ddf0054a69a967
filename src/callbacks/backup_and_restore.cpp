#include "xeras/callbacks/backup_and_restore.hpp"

#include <fmt/format.h>

#include <bit>
#include <filesystem>

#include "callbacks/folder.hpp"
#include "io/file_errors.hpp"
#include "io/keras_files.hpp"
#include "models/sequential_parts.hpp"
#include "models/tally.hpp"

namespace xeras::callbacks {
namespace {

// Numbers of 64 bits go to the file as integers with the same bits, because JSON has no NaN.
template <class T>
Value bits_of(T number) {
  return std::bit_cast<std::int64_t>(number);
}

const std::int64_t& integer_in(const Value& note, const char* key) {
  const Value* const found = note.find(key);
  const auto* const whole = found != nullptr ? found->get_if<std::int64_t>() : nullptr;
  if (whole != nullptr) return *whole;
  throw FileError(fmt::format("metadata.json has no xeras.{}; expected a backup.", key));
}

RandomState random_in(const Value& note, const std::string& key) {
  return {std::bit_cast<std::uint64_t>(integer_in(note, (key + "_seed").c_str())),
          std::bit_cast<std::uint64_t>(integer_in(note, (key + "_drawn").c_str()))};
}

void add_random(Value::Dict& note, const std::string& key, const RandomState& state) {
  note.emplace_back(key + "_seed", bits_of(state.seed));
  note.emplace_back(key + "_drawn", bits_of(state.drawn));
}

std::int64_t count_in(const Value& note, const char* key) {
  const std::int64_t count = integer_in(note, key);
  if (count >= 0) return count;
  throw FileError(fmt::format("metadata.json counts {} {}; expected 0 or more.", count, key));
}

std::vector<double> tally_in(const Value& note) {
  std::vector<std::int64_t> bits;
  if (const Value* const found = note.find("tally")) from_value(*found, bits, "metadata.json.xeras.tally");
  std::vector<double> numbers;
  for (const std::int64_t number : bits) numbers.push_back(std::bit_cast<double>(number));
  return numbers;
}

std::vector<double> numbers_of(Tally& tally) {
  std::vector<double> numbers;
  tally.visit_state([&](double& number) { numbers.push_back(number); });
  return numbers;
}

void add_pass(Value::Dict& note, const DataPass& pass) {
  if (pass.batches == 0) return;
  note.emplace_back("pass_batches", pass.batches);
  note.emplace_back("pass_epoch", pass.epoch);
  add_random(note, "pass_begin", pass.begin);
}

// Returns the pass over the data of the next epoch, which began before it if the note has one.
DataPass pass_in(const Value& note) {
  if (note.find("pass_batches") == nullptr) return {};
  return {count_in(note, "pass_batches"), count_in(note, "pass_epoch"), random_in(note, "pass_begin")};
}

Tally& tally_of(Sequential& model) { return *SequentialParts::state(model).tally; }

bool exists(const std::string& path) {
  std::error_code ignored;  // a file that cannot be found counts as missing
  return std::filesystem::exists(path, ignored);
}

}  // namespace

BackupAndRestore::BackupAndRestore(std::string backup_dir, BackupAndRestoreOptions options)
    : backup_dir_(std::move(backup_dir)), options_(std::move(options)) {
  if (backup_dir_.empty()) {
    throw InvalidArgument("BackupAndRestore: backup_dir is empty; expected the name of a folder.");
  }
}

void BackupAndRestore::check_scores(const Scores&) {
  if (!options_.save_freq.batches()) return;
  const std::string* const unshown = tally_of(model()).visit_state([](double&) {});
  if (unshown == nullptr) return;
  throw InvalidArgument(fmt::format(
      "BackupAndRestore: save_freq is {} batches, and the state of metric \"{}\" cannot be saved in the middle "
      "of an epoch; expected a metric that defines visit_state. Leave save_freq out, or the metric.",
      *options_.save_freq.batches(), *unshown));
}

std::int64_t BackupAndRestore::first_epoch(std::int64_t initial_epoch) {
  io::check_path(path());
  interrupted_.reset();
  batches_ = 0;
  if (!exists(path()) && !exists(path_before())) return initial_epoch;
  const Value note = restore();
  SequentialParts::state(model()).interrupted_pass = {pass_in(note), integer_in(note, "epochs")};
  Position position{.epochs = integer_in(note, "epochs")};
  if (note.find("batches") != nullptr) {
    position.batches = count_in(note, "batches");
    position.epoch_begin = random_in(note, "epoch_begin");
    position.tally = tally_in(note);
    interrupted_ = position;
  }
  return position.epochs;
}

// Restores from the latest backup that can be read, and returns its note.
Value BackupAndRestore::restore() {
  const auto from = [&](const std::string& file) {
    const Value note = io::restore_from_keras_file(file, model(), [&](const Value& found) {
      count_in(found, "epochs");
      random_in(found, "random");
      pass_in(found);
      if (found.find("batches") == nullptr) return;
      count_in(found, "batches");
      random_in(found, "epoch_begin");
      if (tally_of(model()).fits(tally_in(found))) return;
      throw FileError("the backup is in the middle of an epoch with other metrics; expected those of this fit.");
    });
    if (const Value* const rate = note.find("learning_rate"); rate != nullptr && !model().optimizer().has_schedule()) {
      model().optimizer().set_learning_rate(std::bit_cast<double>(integer_in(note, "learning_rate")));
    }
    set_random_state(random_in(note, "random"));
    return note;
  };
  if (!exists(path_before())) return from(path());
  try {
    return from(path());
  } catch (const FileError&) {
    return from(path_before());
  }
}

// The random state here and not later, since hooks of other callbacks may draw numbers before the epoch's order is
// drawn.
void BackupAndRestore::on_epoch_begin(std::int64_t epoch) {
  if (interrupted_ && epoch == interrupted_->epochs) set_random_state(interrupted_->epoch_begin);
  epoch_ = epoch;
  epoch_begin_ = random_state();
}

std::int64_t BackupAndRestore::first_batch() {
  return interrupted_ && epoch_ == interrupted_->epochs ? interrupted_->batches : 0;
}

// Restores again what the hooks of on_epoch_begin, which ran once before the interruption, have changed.
void BackupAndRestore::on_batches_skipped() {
  if (!interrupted_) return;
  restore();
  const double* next = interrupted_->tally.data();
  tally_of(model()).visit_state([&](double& number) { number = *next++; });
  interrupted_.reset();
}

void BackupAndRestore::on_train_batch_end(std::int64_t batch, const Scores&) {
  if (!options_.save_freq.batches() || (batches_ += batch - first_of_group_ + 1) < *options_.save_freq.batches())
    return;
  batches_ = 0;
  save({.epochs = epoch_,
        .batches = SequentialParts::state(model()).position.batches,  // at the end of the data fewer than batch + 1
        .epoch_begin = epoch_begin_,
        .tally = numbers_of(tally_of(model()))});
}

void BackupAndRestore::on_epoch_end(std::int64_t epoch, const Scores&) {
  if (!options_.save_freq.batches()) save({.epochs = epoch + 1});
}

void BackupAndRestore::save(const Position& position) {
  io::check_path(backup_dir_);
  create_folder(backup_dir_);
  if (options_.double_checkpoint && exists(path())) {
    std::error_code error;
    std::filesystem::copy_file(path(), path_before(), std::filesystem::copy_options::overwrite_existing, error);
    if (error) {
      throw FileError(fmt::format("{}: {}; expected a file that can be written.", path_before(), error.message()));
    }
  }
  Value::Dict note{{"epochs", position.epochs}};
  add_random(note, "random", random_state());
  add_pass(note, SequentialParts::state(model()).position.pass);
  note.emplace_back("learning_rate", bits_of(model().optimizer().learning_rate()));
  if (position.batches > 0) {
    note.emplace_back("batches", position.batches);
    add_random(note, "epoch_begin", position.epoch_begin);
    Value::List tally;
    for (const double number : position.tally) tally.push_back(bits_of(number));
    note.emplace_back("tally", std::move(tally));
  }
  io::write_keras_file(path(), model(), {}, note);
}

void BackupAndRestore::on_train_end(const Scores&) {
  if (!options_.delete_checkpoint) return;
  std::error_code ignored;  // there may be no backup, and the folder may hold other files
  std::filesystem::remove(path(), ignored);
  std::filesystem::remove(path_before(), ignored);
  std::filesystem::remove(backup_dir_, ignored);
}

}  // namespace xeras::callbacks
