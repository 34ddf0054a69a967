#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "xeras/text/array.hpp"

namespace xeras::text {

struct PadSequencesOptions {
  std::optional<std::int64_t> maxlen = {};  ///< default: the length of the longest sequence
  std::string padding = "pre";              ///< the side of the padding, "pre" or "post"
  std::string truncating = "pre";  ///< the end to cut from longer sequences; "pre" keeps the last maxlen values
  double value = 0.0;              ///< the padding value
};

template <class T>
concept Paddable =
    std::same_as<T, int> || std::same_as<T, std::int64_t> || std::same_as<T, float> || std::same_as<T, double>;

template <Paddable T>
XERAS_API Array<T> pad_sequences(std::span<const std::span<const T>> sequences, const PadSequencesOptions& options);

/// Pads or truncates sequences to one length; returns an array (sequences, maxlen). The element type of the sequences
/// replaces Keras's dtype.
///
///   pad_sequences({{1}, {2, 3}}, {.maxlen = 3});  // {{0, 0, 1}, {0, 2, 3}}
///
/// Throws  InvalidArgument when maxlen is not positive, value does not fit the sequences' type, or padding or
///         truncating is unknown
/// Source  keras.preprocessing.sequence.pad_sequences
template <Paddable T>
Array<T> pad_sequences(const std::vector<std::vector<T>>& sequences, const PadSequencesOptions& options = {}) {
  return pad_sequences<T>(
      std::vector<std::span<const T>, AlignedAllocator<std::span<const T>>>(sequences.begin(), sequences.end()),
      options);
}
/// For `pad_sequences({{1}, {1, 2}})`.
template <Paddable T>
Array<T> pad_sequences(std::initializer_list<std::initializer_list<T>> sequences,
                       const PadSequencesOptions& options = {}) {
  return pad_sequences<T>(
      std::vector<std::span<const T>, AlignedAllocator<std::span<const T>>>(sequences.begin(), sequences.end()),
      options);
}
/// For `pad_sequences({ids, more_ids})` with vectors, and `pad_sequences({{}, {}})`.
XERAS_API Array<int> pad_sequences(std::initializer_list<std::vector<int>> sequences,
                                   const PadSequencesOptions& options = {});

}  // namespace xeras::text
