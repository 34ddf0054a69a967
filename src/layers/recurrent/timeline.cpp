#include "layers/recurrent/timeline.hpp"

#include <algorithm>

namespace xeras::layers {

void Timeline::declare(Builder& builder, const Spec& input, RecurrentHandles& handles) {
  const Dim batch = input.shape[0], time = input.shape[1];
  handles.sequences = builder.saved({batch});
  handles.lengths = builder.saved({batch});
  handles.firsts = builder.saved({1, time});
  handles.actives = builder.saved({1, time});
  handles.sources = builder.saved({batch, time});
}

Timeline::Timeline(const Call& call, const RecurrentHandles& handles, bool go_backwards)
    : B_(static_cast<std::size_t>(call.input().extents[0])),
      T_(static_cast<std::size_t>(call.input().extents[1])),
      go_backwards_(go_backwards),
      mask_(call.mask().data),
      sequences_(call.integers(handles.sequences).data),
      lengths_(call.integers(handles.lengths).data),
      firsts_(call.integers(handles.firsts).data),
      actives_(call.integers(handles.actives).data),
      sources_(call.integers(handles.sources).data) {}

void Timeline::begin() const {
  const auto length_of = [&](std::size_t sequence) {
    std::size_t length = mask_ == nullptr ? T_ : 0;
    for (std::size_t t = 0; mask_ != nullptr && t < T_; ++t) length += mask_[sequence * T_ + t] != 0;
    return length;
  };
  // active(s) is the number of sequences longer than s: count them by length, then sum from the longest.
  std::fill_n(actives_, T_, 0);
  for (std::size_t b = 0; b < B_; ++b) {
    if (const std::size_t length = length_of(b); length > 0) ++actives_[length - 1];
  }
  for (std::size_t s = T_; s-- > 1;) actives_[s - 1] += actives_[s];
  // Sort the sequences by length, the longest first. firsts temporarily holds the next position of each length.
  std::copy_n(actives_, T_, firsts_);
  std::int32_t next_of_the_longest = 0;
  for (std::size_t b = 0; b < B_; ++b) {
    const std::size_t length = length_of(b);
    const std::int32_t position = length < T_ ? firsts_[length]++ : next_of_the_longest++;
    sequences_[position] = static_cast<std::int32_t>(b);
    lengths_[position] = static_cast<std::int32_t>(length);
  }
  std::int32_t row = 0;
  for (std::size_t s = 0; s < T_; ++s) {
    firsts_[s] = row;
    row += actives_[s];
  }
  for (std::size_t p = 0; p < B_; ++p) {
    const std::size_t b = sequence(p);
    for (std::size_t i = 0, s = 0; i < T_; ++i) {
      if (counts(b, i)) sources_[first(s++) + p] = static_cast<std::int32_t>(b * T_ + place(i));
    }
  }
}

}  // namespace xeras::layers
