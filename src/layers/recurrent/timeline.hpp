#pragma once

#include "xeras/layers/call.hpp"
#include "xeras/layers/recurrent/recurrent_handles.hpp"

namespace xeras::layers {

// The steps of a batch that count, one after the other: step 0 of all sequences that have one, then step 1, and so on.
// A sequence is what its mask leaves of it, so that padding on either side, holes and empty rows cost nothing. The
// sequences stand in order of length, the longest first, each at its position; so those that still have a step are the
// first ones, and a step's rows lie together: position p of step s is row first(s) + p, p < active(s).
class Timeline {
 public:
  Timeline(const Call& call, const RecurrentHandles& handles, bool go_backwards);

  // Declares its memory.
  static void declare(Builder& builder, const Spec& input, RecurrentHandles& handles);
  // Before the first of the following, in a forward call; what it finds stays for the backward call.
  void begin() const;

  // False where the mask leaves out step i of a sequence, in the order of the walk.
  bool counts(std::size_t sequence, std::size_t i) const {
    return mask_ == nullptr || mask_[sequence * T_ + place(i)] != 0;
  }
  std::size_t sequences() const { return B_; }
  // Which sequence of the batch stands at a position.
  std::size_t sequence(std::size_t position) const { return static_cast<std::size_t>(sequences_[position]); }
  std::size_t length(std::size_t position) const { return static_cast<std::size_t>(lengths_[position]); }
  std::size_t steps() const { return B_ == 0 ? 0 : length(0); }
  std::size_t first(std::size_t step) const { return static_cast<std::size_t>(firsts_[step]); }
  std::size_t active(std::size_t step) const { return step < T_ ? static_cast<std::size_t>(actives_[step]) : 0; }
  std::size_t row(std::size_t step, std::size_t position) const { return first(step) + position; }
  // How many rows there are.
  std::size_t rows() const { return T_ == 0 ? 0 : first(T_ - 1) + active(T_ - 1); }
  // Where a row comes from: the step of the batch's memory, counted through all sequences.
  std::size_t source(std::size_t row) const { return static_cast<std::size_t>(sources_[row]); }
  const std::int32_t* sources() const { return sources_; }
  // The same as a step of its sequence in the order of the walk.
  std::size_t step_of_walk(std::size_t row) const { return place(source(row) % T_); }

 private:
  std::size_t place(std::size_t i) const { return go_backwards_ ? T_ - 1 - i : i; }

  const std::size_t B_, T_;
  const bool go_backwards_;
  const std::uint8_t* mask_;
  std::int32_t *sequences_, *lengths_, *firsts_, *actives_, *sources_;
};

}  // namespace xeras::layers
