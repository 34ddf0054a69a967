// Replaces src/io in a build without the libraries for files: every function throws FileError.
#include "xeras/callbacks/backup_and_restore.hpp"
#include "xeras/callbacks/model_checkpoint.hpp"
#include "xeras/core/error.hpp"
#include "xeras/io/load.hpp"
#include "xeras/text/tokenizer.hpp"
#include "xeras/text/vocabulary_files.hpp"

namespace xeras {
namespace {

[[noreturn]] void throw_without(const char* who) {
  throw FileError(std::string(who) +
                  ": xeras was built without file support; expected a build with it. Configure it with -D "
                  "XERAS_FILES=ON, which needs HDF5, libzip and nlohmann-json.");
}

}  // namespace

void Sequential::save(const std::string&, const SaveOptions&) const { throw_without("save"); }
void Sequential::save_weights(const std::string&, const SaveOptions&) const { throw_without("save_weights"); }
void Sequential::load_weights(const std::string&) { throw_without("load_weights"); }
std::string Sequential::to_json() const { throw_without("to_json"); }
Sequential load_model(const std::string&, const LoadOptions&) { throw_without("load_model"); }
Value::Dict load_metadata(const std::string&) { throw_without("load_metadata"); }
Sequential model_from_json(const std::string&, const LoadOptions&) { throw_without("model_from_json"); }

namespace text {

std::string Tokenizer::to_json() const { throw_without("Tokenizer::to_json"); }
Tokenizer Tokenizer::from_json(const std::string&) { throw_without("Tokenizer::from_json"); }
Tokenizer tokenizer_from_json(const std::string&) { throw_without("tokenizer_from_json"); }

std::vector<std::string> read_vocabulary(const std::string&) { throw_without("read_vocabulary"); }
std::vector<std::pair<std::string, int>> read_vocabulary_json(const std::string&) {
  throw_without("read_vocabulary_json");
}
std::string read_vocabulary_bytes(const std::string&) { throw_without("read_vocabulary_bytes"); }
std::vector<std::string> read_merges(const std::string&) { throw_without("read_merges"); }

}  // namespace text
namespace callbacks {

ModelCheckpoint::ModelCheckpoint(std::string, ModelCheckpointOptions) { throw_without("ModelCheckpoint"); }
void ModelCheckpoint::check_scores(const Scores&) {}
void ModelCheckpoint::on_epoch_begin(std::int64_t) {}
void ModelCheckpoint::on_train_batch_end(std::int64_t, const Scores&) {}
void ModelCheckpoint::on_epoch_end(std::int64_t, const Scores&) {}
BackupAndRestore::BackupAndRestore(std::string, BackupAndRestoreOptions) { throw_without("BackupAndRestore"); }
std::int64_t BackupAndRestore::first_epoch(std::int64_t initial_epoch) { return initial_epoch; }
std::int64_t BackupAndRestore::first_batch() { return 0; }
void BackupAndRestore::check_scores(const Scores&) {}
void BackupAndRestore::on_batches_skipped() {}
void BackupAndRestore::on_epoch_begin(std::int64_t) {}
void BackupAndRestore::on_train_batch_end(std::int64_t, const Scores&) {}
void BackupAndRestore::on_epoch_end(std::int64_t, const Scores&) {}
void BackupAndRestore::on_train_end(const Scores&) {}

}  // namespace callbacks
}  // namespace xeras
