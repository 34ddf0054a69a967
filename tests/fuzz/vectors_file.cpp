// Fuzzes files of word vectors, in all formats, and what is computed from them.
#include <unistd.h>

#include "fuzz/fuzz.hpp"
#include "xeras/text/vectors.hpp"

using namespace xeras;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string path = fuzz::scratch_file(".vec");
  static const std::string copy = fuzz::scratch_file("-copy.vec");
  fuzz::write_file(path, {reinterpret_cast<const char*>(data), size});
  const auto use = [](const text::VectorsOptions& options) {
    const text::Vectors vectors(path, options);
    vectors.contains("unknown");
    vectors.matrix({"", "[UNK]", "the", "kings"}, {.missing = "mean", .lower = true});
    vectors.coverage({"the", "kings"}).to_string();
    if (vectors.size() > 0) vectors.most_similar(vectors.word_index().begin()->first);
    return vectors;
  };
  fuzz::expect_error_or_nothing([&] { use({.limit = 3, .words = {"the", ". . ."}, .errors = "replace"}); });
  fuzz::expect_error_or_nothing([&] { use({.errors = "replace", .duplicates = "first"}); });
  fuzz::expect_error_or_nothing([&] {
    const text::Vectors vectors = use({});
    vectors.save_word2vec(copy);
    const text::Vectors again(copy);
    if (again.size() != vectors.size() || !(again.vectors() == vectors.vectors())) std::abort();
  });
  return 0;
}
