#include "xeras/layers/preprocessing/integer_lookup.hpp"

#include <fmt/format.h>

#include "core/input_visit.hpp"
#include "core/shown.hpp"
#include "layers/preprocessing/element_lookup.hpp"
#include "layers/preprocessing/vocabulary_file.hpp"
#include "layers/preprocessing/word_counts.hpp"
#include "xeras/core/error.hpp"

namespace xeras::layers {
namespace {

void check(const IntegerLookupOptions& o, const std::string& who) {
  check_lookup(o.invert, o.sparse, "integers", who);
  if (o.vocabulary_dtype != "int64") {
    throw InvalidArgument(fmt::format("{}: vocabulary_dtype is \"{}\"; expected \"int64\". Leave it out.", who,
                                      shown(o.vocabulary_dtype)));
  }
  static const auto& methods = *new std::vector<std::string>{"floormod", "farmhash"};
  if (std::find(methods.begin(), methods.end(), o.oov_method) == methods.end()) {
    throw InvalidArgument(who + ": " + unknown_name("oov_method", o.oov_method, methods));
  }
  if (o.salt && o.oov_method != "farmhash") {
    throw InvalidArgument(fmt::format(
        "{}: salt with oov_method = \"floormod\"; expected it with \"farmhash\" only. Leave one out.", who));
  }
}

IndexLookup lookup_of(const IntegerLookupOptions& o, const std::string& who) {
  check(o, who);
  const auto word = [](const std::optional<std::int64_t>& integer) {
    return integer ? std::optional<std::string>(as_word(*integer)) : std::nullopt;
  };
  IndexLookupOptions options = index_lookup_options(o, who);
  options.mask_token = word(o.mask_token);
  options.oov_token = word(o.oov_token);
  options.integers = true;
  options.farmhash = o.oov_method == "farmhash";
  return IndexLookup(std::move(options));
}

}  // namespace

IntegerLookup::IntegerLookup(IntegerLookupOptions options) : VocabularyLayer(std::move(options)) {
  set_lookup(lookup_of(config(), who()));
}

void IntegerLookup::count(const Input& data, WordCounts& counts) const {
  if (!data || data.is_text() || data.is_floating()) {
    throw InvalidInput(fmt::format("{}: adapt got {}; expected integers. Pass a vector of them.", who(),
                                   !data            ? "no data"
                                   : data.is_text() ? "texts"
                                                    : "floats"));
  }
  const auto rows = static_cast<std::size_t>(data.length());
  const std::size_t columns = rows == 0 ? 0 : static_cast<std::size_t>(data.extents().size()) / rows;
  visit_data(data, [&](const auto* integers) {
    counts.add(rows, [&](std::size_t row, text::WordMemory&, auto& words) {
      for (std::size_t i = row * columns; i < (row + 1) * columns; ++i) {
        const auto integer = static_cast<std::int64_t>(integers[i]);
        words.add(as_word(integer));
        words.flush();
      }
    });
  });
}

std::optional<Spec> IntegerLookup::first_input() const {
  return first_input_of(lookup_, config().input_shape, DType::int32);
}

Spec IntegerLookup::build(const Spec& input, Builder& builder) {
  return build_lookup(lookup_, input, DType::int32, builder);
}

void IntegerLookup::forward(const Call& call) const {
  if (!lookup_.has_vocabulary()) lookup_.require_vocabulary(who());
  const AnyView integers = call.ids();
  visit_data(integers.kind, integers.data, [&](const auto* data) {
    write_lookup(
        lookup_, call, integers.extents, [&] { return who(); },
        [&](std::size_t i) { return static_cast<std::int64_t>(data[i]); });
  });
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(IntegerLookup)
