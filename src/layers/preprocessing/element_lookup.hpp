#pragma once

#include "layers/preprocessing/encoding.hpp"
#include "layers/preprocessing/id_finder.hpp"
#include "xeras/layers/builder.hpp"

namespace xeras::layers {

// The lookup of single elements: what StringLookup and IntegerLookup share.

// Throws InvalidArgument for options that no layer of `elements` ("strings") can have.
void check_lookup(bool invert, bool sparse, const std::string& elements, const std::string& who);

// Returns the options that both layers have. Tokens are set by each.
template <class Options>
IndexLookupOptions index_lookup_options(const Options& o, const std::string& who) {
  return {.who = who,
          .max_tokens = o.max_tokens,
          .num_oov_indices = o.num_oov_indices,
          .output_mode = o.output_mode,
          .output_modes = {"int", "one_hot", "multi_hot", "count", "tf_idf"},
          .pad_to_max_tokens = o.pad_to_max_tokens,
          .salt = o.salt,
          .vocabulary_size = o.vocabulary_size};
}

// Returns the input of a layer with this input_shape; nothing if it has none, or the output has unknown columns yet.
std::optional<Spec> first_input_of(const IndexLookup& lookup, const Shape& input_shape, DType dtype);
Spec build_lookup(const IndexLookup& lookup, const Spec& input, DType dtype, const Builder& builder);

inline std::string_view as_word(std::string_view word) { return word; }

// Writes the ids of the elements of the input, element_at(i), which are words or 64-bit integers. Throws InvalidInput
// for an unknown element if these have no id; who() begins the message.
template <class Who, class ElementAt>
void write_lookup(const IndexLookup& lookup, const Call& call, const Extents& input, const Who& who,
                  const ElementAt& element_at) {
  // The search for one word costs as much as so many floats that a loop processes.
  constexpr std::size_t work_a_lookup = 64;
  const IdFinder finder(lookup);
  const std::int64_t width = input.size() / std::max<std::int64_t>(1, input[0]);
  encode(call, lookup.mode(), input, work_a_lookup, lookup.idf(), [&](std::size_t i) {
    const auto element = element_at(i);
    return finder.id_of(as_word(element), [&](std::string_view word) {
      finder.throw_unknown(word, who(), call.sample_number(static_cast<std::int64_t>(i) / width));
    });
  });
}

}  // namespace xeras::layers
