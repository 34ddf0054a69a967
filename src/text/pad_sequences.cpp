#include "xeras/text/pad_sequences.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/masked_traps.hpp"
#include "core/memory.hpp"
#include "text/room.hpp"
#include "xeras/core/error.hpp"

namespace xeras::text {
namespace {

bool is_pre(const char* option, const std::string& value) {
  if (value == "pre" || value == "post") return value == "pre";
  throw InvalidArgument("pad_sequences: " + unknown_name(option, value, {"pre", "post"}));
}

template <class T>
T value_as(double value) {
  if constexpr (std::integral<T>) {
    if (!(value == std::trunc(value)) || std::isinf(value)) {
      throw InvalidArgument(
          fmt::format("pad_sequences: value is {}; expected an integer, as in the sequences. Use sequences of floats "
                      "for other numbers.",
                      value));
    }
    const double limit = -static_cast<double>(std::numeric_limits<T>::min());
    if (value < -limit || value >= limit) {
      throw InvalidArgument(
          fmt::format("pad_sequences: value is {}; expected an integer of {} bits, as in the sequences. Use sequences "
                      "of {} for other values.",
                      value, 8 * sizeof(T), sizeof(T) < sizeof(std::int64_t) ? "std::int64_t" : "floats"));
    }
  }
  if (std::floating_point<T> && !std::isfinite(static_cast<T>(value))) {
    throw InvalidArgument(fmt::format(
        "pad_sequences: value is {}; expected a finite number within the range of the sequences' type.", value));
  }
  return static_cast<T>(value);
}

}  // namespace

template <Paddable T>
Array<T> pad_sequences(std::span<const std::span<const T>> sequences, const PadSequencesOptions& options) try {
  const MaskedTraps masked;
  const bool pads_front = is_pre("padding", options.padding);
  const bool cuts_front = is_pre("truncating", options.truncating);
  const T value = value_as<T>(options.value);
  if (options.maxlen && *options.maxlen <= 0) {
    throw InvalidArgument(
        fmt::format("pad_sequences: maxlen is {}; expected a positive integer. Leave it out for the "
                    "length of the longest sequence.",
                    *options.maxlen));
  }
  std::size_t length = 0;
  for (const auto& sequence : sequences) length = std::max(length, sequence.size());
  if (options.maxlen) length = static_cast<std::size_t>(*options.maxlen);

  Array<T> padded = make_array("pad_sequences", {sequences.size(), length},
                               [&](const auto& sizes) { return Array<T>(sizes, value); });
  T* row = padded.data();
  for (std::span<const T> sequence : sequences) {
    const std::size_t kept = std::min(sequence.size(), length);
    sequence = cuts_front ? sequence.last(kept) : sequence.first(kept);
    std::copy(sequence.begin(), sequence.end(), pads_front ? row + (length - kept) : row);
    row += length;
  }
  return padded;
} catch (...) {
  rethrow_as("pad_sequences");
}

Array<int> pad_sequences(std::initializer_list<std::vector<int>> sequences, const PadSequencesOptions& options) try {
  return pad_sequences<int>(std::vector<std::span<const int>>(sequences.begin(), sequences.end()), options);
} catch (...) {
  rethrow_as("pad_sequences");
}

template Array<int> pad_sequences(std::span<const std::span<const int>>, const PadSequencesOptions&);
template Array<std::int64_t> pad_sequences(std::span<const std::span<const std::int64_t>>, const PadSequencesOptions&);
template Array<float> pad_sequences(std::span<const std::span<const float>>, const PadSequencesOptions&);
template Array<double> pad_sequences(std::span<const std::span<const double>>, const PadSequencesOptions&);

}  // namespace xeras::text
