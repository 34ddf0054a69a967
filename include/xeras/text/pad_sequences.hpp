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
  std::optional<std::int64_t> maxlen = {};  ///< default: the longest sequence
  std::string padding = "pre";              ///< where the padding goes, "pre" or "post"
  std::string truncating = "pre";           ///< the end that longer sequences lose: "pre" keeps the last maxlen values
  double value = 0.0;                       ///< what the padding is
};

template <class T>
concept Paddable =
    std::same_as<T, int> || std::same_as<T, std::int64_t> || std::same_as<T, float> || std::same_as<T, double>;

template <Paddable T>
XERAS_API Array<T> pad_sequences(std::span<const std::span<const T>> sequences, const PadSequencesOptions& options);

/// Sequences of different lengths as one array, (sequences, maxlen). The type of the numbers stays as it is, and takes
/// the place of Keras's dtype.
///
/// Throws  InvalidArgument when maxlen is not positive, value not of the sequences' type, padding or truncating unknown
/// Source  keras.preprocessing.sequence.pad_sequences
template <Paddable T>
Array<T> pad_sequences(const std::vector<std::vector<T>>& sequences, const PadSequencesOptions& options = {}) {
  return pad_sequences<T>(
      std::vector<std::span<const T>, AlignedAllocator<std::span<const T>>>(sequences.begin(), sequences.end()),
      options);
}
/// `pad_sequences({{1}, {1, 2}})`
template <Paddable T>
Array<T> pad_sequences(std::initializer_list<std::initializer_list<T>> sequences,
                       const PadSequencesOptions& options = {}) {
  return pad_sequences<T>(
      std::vector<std::span<const T>, AlignedAllocator<std::span<const T>>>(sequences.begin(), sequences.end()),
      options);
}
/// `pad_sequences({ids, more_ids})` with vectors, and `pad_sequences({{}, {}})`
XERAS_API Array<int> pad_sequences(std::initializer_list<std::vector<int>> sequences,
                                   const PadSequencesOptions& options = {});

}  // namespace xeras::text
