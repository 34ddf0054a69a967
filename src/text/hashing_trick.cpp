#include "xeras/text/hashing_trick.hpp"

#include <fmt/format.h>

#include "core/fnv1a.hpp"
#include "core/memory.hpp"
#include "text/md5.hpp"
#include "text/splitter.hpp"
#include "xeras/core/error.hpp"

namespace xeras::text {
namespace {

// Returns the remainder of the digest as a number of 128 bits, the first byte highest, as Python's int(hexdigest, 16).
std::uint64_t md5_modulo(std::string_view word, std::uint64_t divisor) {
  std::uint64_t rest = 0;
  for (const std::uint8_t byte : md5(word)) rest = (rest << 8 | byte) % divisor;
  return rest;
}

std::vector<int> hash_words(const char* who, std::string_view text, std::int64_t n,
                            const HashingTrickOptions& options) {
  constexpr std::int64_t most = std::int64_t{1} << 31;
  if (n < 2 || n > most) {
    throw InvalidArgument(fmt::format(
        "{}: n is {}; expected 2 to 2^31. It is the size of the hash space: the ids are 1 to n - 1.", who, n));
  }
  const HashFunction& hash = options.hash_function;
  if (!hash.function() && hash.name() != "md5" && hash.name() != "fnv1a") {
    throw InvalidArgument(fmt::format("{}: {}", who, unknown_name("hash_function", hash.name(), {"fnv1a", "md5"})));
  }
  const auto divisor = static_cast<std::uint64_t>(n - 1);
  std::vector<int> ids;
  std::string copy;
  const auto add = [&](std::string_view word) {
    std::uint64_t rest = 0;
    if (hash.function()) {
      rest = hash.function()(copy.assign(word)) % divisor;
    } else {
      rest = hash.name() == "md5" ? md5_modulo(word, divisor) : fnv1a(word) % divisor;
    }
    ids.push_back(static_cast<int>(rest) + 1);
  };
  if (options.analyzer) {
    for (const std::string& word : options.analyzer(std::string(text))) add(word);
  } else {
    Splitter(who,
             {.filters = options.filters, .lower = options.lower, .split = options.split, .errors = options.errors})
        .each_word(text, {}, add);
  }
  return ids;
}

}  // namespace

std::vector<int> hashing_trick(std::string_view text, Count n, const HashingTrickOptions& options) try {
  return hash_words("hashing_trick", text, n, options);
} catch (...) {
  rethrow_as("hashing_trick");
}

std::vector<int> one_hot(std::string_view text, Count n, const OneHotOptions& options) try {
  return hash_words("one_hot", text, n,
                    {.filters = options.filters,
                     .lower = options.lower,
                     .split = options.split,
                     .analyzer = options.analyzer,
                     .errors = options.errors});
} catch (...) {
  rethrow_as("one_hot");
}

}  // namespace xeras::text
