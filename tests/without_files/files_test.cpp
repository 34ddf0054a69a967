// A library that was built without files: whatever would read or write one raises FileError.
#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;

TEST_CASE("Library without files raises FileError, as one with files does for a file that it cannot use") {
  const auto message = [](const std::string& who) {
    return who +
           ": xeras was built without file support; expected a build with it. Configure it with -D XERAS_FILES=ON, "
           "which needs HDF5, libzip and nlohmann-json.";
  };
  Sequential model{layers::Dense(1, {.input_shape = {1}})};
  CHECK(message_of<FileError>([&] { model.save("m.keras"); }) == message("save"));
  CHECK(message_of<FileError>([&] { model.save_weights("m.weights.h5"); }) == message("save_weights"));
  CHECK(message_of<FileError>([&] { model.load_weights("m.weights.h5"); }) == message("load_weights"));
  CHECK(message_of<FileError>([&] { model.to_json(); }) == message("to_json"));
  CHECK(message_of<FileError>([] { load_model("m.keras"); }) == message("load_model"));
  CHECK(message_of<FileError>([] { model_from_json("{}"); }) == message("model_from_json"));
  CHECK(message_of<FileError>([] { text::Tokenizer().to_json(); }) == message("Tokenizer::to_json"));
  CHECK(message_of<FileError>([] { text::Tokenizer::from_json("{}"); }) == message("Tokenizer::from_json"));
  CHECK(message_of<FileError>([] { text::tokenizer_from_json("{}"); }) == message("tokenizer_from_json"));
  CHECK(message_of<FileError>([] { text::WordPieceTokenizer("vocab.txt"); }) == message("read_vocabulary"));
  CHECK(message_of<FileError>([] { text::read_vocabulary_json("vocab.json"); }) == message("read_vocabulary_json"));
  CHECK(message_of<FileError>([] { text::SentencePieceTokenizer("a.model"); }) == message("read_vocabulary_bytes"));
  CHECK(message_of<FileError>([] { text::read_merges("merges.txt"); }) == message("read_merges"));
  CHECK(message_of<FileError>([] { callbacks::ModelCheckpoint("m.keras"); }) == message("ModelCheckpoint"));
  CHECK(message_of<FileError>([] { callbacks::BackupAndRestore("folder"); }) == message("BackupAndRestore"));
}
