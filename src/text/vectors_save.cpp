#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "core/memory.hpp"
#include "core/shown.hpp"
#include "io/atomic_file.hpp"
#include "text/vectors_state.hpp"

namespace xeras::text {
namespace {

// Words that a reader would take for something else.
void check_word(const std::string& word, bool is_binary) {
  const std::size_t at = word.find_first_of(is_binary ? std::string_view(" \n") : std::string_view("\n\0", 2));
  const bool is_trimmed = !is_binary && !word.empty() && (word.back() == ' ' || word.back() == '\t');
  if (at == word.npos && !is_trimmed) return;
  throw FileError(
      fmt::format("Vectors: save_word2vec: the word \"{}\" has a {}; expected words without, which this format cannot "
                  "hold. Replace it.",
                  shown(word),
                  is_trimmed         ? "space at its end"
                  : word[at] == ' '  ? "space"
                  : word[at] == '\n' ? "line feed"
                                     : "NUL"));
}

}  // namespace

void Vectors::save_word2vec(const std::string& path, const SaveWord2VecOptions& options) const try {
  if (path.find('\0') != path.npos) {
    throw FileError("Vectors: save_word2vec: the path has a NUL; expected a path without NUL.");
  }
  const State& state = *state_;
  io::AtomicFile file(path);
  std::ofstream out(file.temporary(), std::ios::binary);
  fmt::memory_buffer buffer;
  fmt::format_to(std::back_inserter(buffer), "{} {}\n", state.words.size(), state.dim);
  const auto write = [&] {
    out.write(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    buffer.clear();
  };
  constexpr std::size_t most_buffered = std::size_t{1} << 20;
  std::size_t i = 0;
  for (const auto& [word, row] : state.words) {
    check_word(word, options.binary);
    buffer.append(word);
    const float* const values = state.row(i++);
    if (options.binary) {
      buffer.push_back(' ');
      const auto* const bytes = reinterpret_cast<const char*>(values);
      buffer.append(bytes, bytes + state.dim * sizeof(float));
    } else {
      // The shortest digits that give the same float.
      for (std::size_t k = 0; k < state.dim; ++k) fmt::format_to(std::back_inserter(buffer), " {}", values[k]);
    }
    buffer.push_back('\n');
    if (buffer.size() > most_buffered) write();
  }
  write();
  out.close();
  if (!out) {
    throw FileError(
        fmt::format("Vectors: save_word2vec: {}: {}; expected room for the file.", shown(path), std::strerror(errno)));
  }
  file.commit();
} catch (...) {
  rethrow_as("Vectors");
}

}  // namespace xeras::text
