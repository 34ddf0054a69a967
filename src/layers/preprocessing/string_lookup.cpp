#include "xeras/layers/preprocessing/string_lookup.hpp"

#include <fmt/format.h>

#include "core/shown.hpp"
#include "layers/preprocessing/element_lookup.hpp"
#include "layers/preprocessing/vocabulary_file.hpp"
#include "layers/preprocessing/word_counts.hpp"
#include "xeras/core/error.hpp"

namespace xeras::layers {
namespace {

void check(const StringLookupOptions& o, const std::string& who) {
  check_lookup(o.invert, o.sparse, "strings", who);
  if (o.encoding != "utf-8" && o.encoding != "UTF-8" && o.encoding != "utf8") {
    throw InvalidArgument(
        fmt::format("{}: encoding is \"{}\"; expected \"utf-8\". Convert the strings.", who, shown(o.encoding)));
  }
}

IndexLookup lookup_of(const StringLookupOptions& o, const std::string& who) {
  check(o, who);
  IndexLookupOptions options = index_lookup_options(o, who);
  options.mask_token = o.mask_token;
  options.oov_token = o.oov_token;
  return IndexLookup(std::move(options));
}

}  // namespace

StringLookup::StringLookup(StringLookupOptions options) : VocabularyLayer(std::move(options)) {
  set_lookup(lookup_of(config(), who()));
}

void StringLookup::count(const Input& data, WordCounts& counts) const {
  count_rows(who(), data, counts, [](std::string_view word, text::WordMemory&, const auto& f) { f(word); });
}

std::optional<Spec> StringLookup::first_input() const {
  return first_input_of(lookup_, config().input_shape, DType::string);
}

Spec StringLookup::build(const Spec& input, Builder& builder) {
  return build_lookup(lookup_, input, DType::string, builder);
}

void StringLookup::forward(const Call& call) const {
  if (!lookup_.has_vocabulary()) lookup_.require_vocabulary(who());
  const StringsView strings = call.strings();
  write_lookup(
      lookup_, call, strings.extents, [&] { return who(); }, [&](std::size_t i) { return strings.data[i]; });
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(StringLookup)
