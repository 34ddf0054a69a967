#include "tensorboard/projector.hpp"

#include <fstream>
#include <iterator>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::tensorboard;
using xeras::testing::TemporaryFolder;

namespace {

std::string text_of(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("write_projector_config names the files of each table, in protobuf's text format") {
  const TemporaryFolder folder;
  write_projector_config(folder / "logs",
                         {{"words/embeddings", "words.tsv", "w\xc3\xb6rter \"1\".tsv"}, {"b", "b.tsv", ""}});
  CHECK(text_of(folder / "logs/projector_config.pbtxt") ==
        "embeddings {\n  tensor_name: \"words/embeddings\"\n  tensor_path: \"words.tsv\"\n"
        "  metadata_path: \"w\\303\\266rter \\\"1\\\".tsv\"\n}\n"
        "embeddings {\n  tensor_name: \"b\"\n  tensor_path: \"b.tsv\"\n}\n");
}

TEST_CASE("write_table and write_labels write a line per row") {
  const TemporaryFolder folder;
  const std::vector<float> table{1.0f, -0.5f, 0.1f, 1e-20f};
  write_table(folder / "table.tsv", table.data(), 2, 2);
  CHECK(text_of(folder / "table.tsv") == "1\t-0.5\n0.1\t1e-20\n");
  write_labels(folder / "labels.tsv", {"caf\xc3\xa9", "a\tb\r\nc", ""});
  CHECK(text_of(folder / "labels.tsv") == "caf\xc3\xa9\na b  c\n\n");
}

TEST_CASE("write_labels says which file cannot be written") {
  const TemporaryFolder folder;
  std::ofstream(folder / "file") << "x";
  CHECK(message_of<FileError>([&] { write_labels(folder / "file/labels.tsv", {}); }) ==
        folder / "file/labels.tsv: Not a directory; expected a valid file.");
}
