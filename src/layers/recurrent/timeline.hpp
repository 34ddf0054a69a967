#pragma once

#include "xeras/layers/call.hpp"
#include "xeras/layers/recurrent/recurrent_handles.hpp"

namespace xeras::layers {

// The unmasked steps of a batch without gaps: step 0 of all sequences that have one, then step 1, and so on. Masked
// steps (padding on either side, holes, empty rows) are removed, so they cost nothing. The positions of the sequences
// are in order of length, the longest first, so the sequences that have a step s are the first active(s), and their
// rows are contiguous: position p of step s is row first(s) + p.
class Timeline {
 public:
  Timeline(const Call& call, const RecurrentHandles& handles, bool go_backwards);

  static void declare(Builder& builder, const Spec& input, RecurrentHandles& handles);
  // Computes the timeline in a forward call, before the following functions; backward uses the same one.
  void begin() const;

  // True when step i of a sequence, in the order of the walk, is not masked.
  bool counts(std::size_t sequence, std::size_t i) const {
    return mask_ == nullptr || mask_[sequence * T_ + place(i)] != 0;
  }
  std::size_t sequences() const { return B_; }
  // Returns the index in the batch of the sequence at a position.
  std::size_t sequence(std::size_t position) const { return static_cast<std::size_t>(sequences_[position]); }
  std::size_t length(std::size_t position) const { return static_cast<std::size_t>(lengths_[position]); }
  std::size_t steps() const { return B_ == 0 ? 0 : length(0); }
  std::size_t first(std::size_t step) const { return static_cast<std::size_t>(firsts_[step]); }
  std::size_t active(std::size_t step) const { return step < T_ ? static_cast<std::size_t>(actives_[step]) : 0; }
  std::size_t row(std::size_t step, std::size_t position) const { return first(step) + position; }
  std::size_t rows() const { return T_ == 0 ? 0 : first(T_ - 1) + active(T_ - 1); }
  // Returns the step of a row in the batch's memory, counted through all sequences.
  std::size_t source(std::size_t row) const { return static_cast<std::size_t>(sources_[row]); }
  const std::int32_t* sources() const { return sources_; }
  // Returns the step of a row in its sequence, in the order of the walk.
  std::size_t step_of_walk(std::size_t row) const { return place(source(row) % T_); }

 private:
  std::size_t place(std::size_t i) const { return go_backwards_ ? T_ - 1 - i : i; }

  const std::size_t B_, T_;
  const bool go_backwards_;
  const std::uint8_t* mask_;
  std::int32_t *sequences_, *lengths_, *firsts_, *actives_, *sources_;
};

}  // namespace xeras::layers
