#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <vector>

#include "core/checked.hpp"
#include "layers/node.hpp"
#include "xeras/layers/call.hpp"

namespace xeras {

// A limit on the size of each block of this thread's arenas, which throw Error for larger ones, for passes that load a
// file.
class ArenaLimit {
 public:
  explicit ArenaLimit(std::size_t bytes);
  ~ArenaLimit();
  ArenaLimit(const ArenaLimit&) = delete;
  ArenaLimit& operator=(const ArenaLimit&) = delete;
};

// A stack of memory. reset joins its blocks into one, so the next call with the same sizes allocates nothing.
class Arena {
 public:
  struct Mark {
    std::size_t block = 0, used = 0;
  };

  void* allocate(std::size_t bytes);
  float* floats(std::int64_t count) {
    if (static_cast<std::uint64_t>(count) > std::uint64_t{most_numbers}) throw std::bad_array_new_length();
    return static_cast<float*>(allocate(static_cast<std::size_t>(count) * 4));
  }
  Mark mark() const { return {current_, used_}; }
  void release(Mark mark);
  void reset();
  std::size_t capacity() const;

 private:
  using Block = std::vector<std::byte, AlignedAllocator<std::byte>>;
  std::vector<Block> blocks_;
  std::size_t current_ = 0;
  std::size_t used_ = 0;  // of the current block
};

// The gradient of a lookup weight in one step: the distinct rows in the order of their first occurrence, and their
// values. The forward pass may already group the ids for the backward pass.
class RowGradient {
 public:
  void reset();
  // Groups the ids by row. They must not change until they are added.
  void group(std::span<const std::int32_t> ids, std::int64_t rows);
  // How positions share values: position p has the values of p / positions. The row `skipped` gets none.
  struct Share {
    std::int64_t positions = 1;
    std::int32_t skipped = -1;
  };
  // Adds values (ids / share.positions, columns). Sums those of each row in the order of their positions.
  void add(std::span<const std::int32_t> ids, const float* values, std::int64_t rows, std::int64_t columns,
           Share share);
  void add(std::span<const std::int32_t> ids, const float* values, std::int64_t rows, std::int64_t columns) {
    add(ids, values, rows, columns, Share());
  }
  // Return the rows with values, and those with the ones that are only grouped.
  std::span<const std::int32_t> rows() const { return std::span(rows_).first(summed_); }
  std::span<const std::int32_t> grouped_rows() const { return rows_; }
  float* values() { return values_.data(); }
  // Adds the rows of this step: dense(row, :) += values.
  void scatter(float* dense, std::size_t columns) const;

 private:
  struct Positions {  // in ids_; -1: none
    std::int32_t first, last;
  };

  // Adds the values at position `first` and the following ones of its row to sum (width).
  void add_positions(std::int32_t first, const float* values, std::size_t width, Share share, float* sum) const;

  std::vector<std::uint32_t>
      slot_;  // the index in rows_ of each row of the weight; outdated if rows_ has another there
  std::vector<std::int32_t> rows_;
  std::vector<float, AlignedAllocator<float>> values_;  // (rows, columns) and spare room
  std::size_t summed_ = 0;                              // the number of rows with values

  // The last grouping: ids that are not added yet, the positions of each row, and the next position of each.
  std::span<const std::int32_t> ids_;
  std::vector<Positions> positions_;
  std::vector<std::int32_t> next_;
};

// The gradient of one weight in one step.
struct GradientSlot {
  void set_zero(std::size_t size);

  std::vector<float, AlignedAllocator<float>> dense;  // zero at the start of a step
  RowGradient rows;
  bool wanted = false;  // the weight and the layers around it are trainable
};

// The ids of the rows of an array (batch, time, features): rows with equal ids are identical.
struct AlikeRows {
  std::span<const std::int32_t> ids;
  Repeats repeats;  // computed at its first use
};

// The data passed from layer to layer.
struct Flow {
  AnyView values = {};
  MaskView mask = {};
  AlikeRows* alike = nullptr;  // null if unknown
};

// The data of a layer's forward call, for the call itself and for backward.
struct NodeState {
  Flow input;
  View output;  // as floats, even for ids
  MaskView output_mask;
  AlikeRows* output_alike = nullptr;
  View output_grad;
  View input_grad;
  bool passed = false;  // the layer passed its input
};

// All memory that one pass over a model writes. A model keeps idle ones for later passes.
class Workspace {
 public:
  void prepare(const BuildContext& sizes, std::int64_t batch);

  Arena arena;    // lives until the pass ends
  Arena scratch;  // lives for one layer's call
  std::vector<NodeState> nodes;
  std::vector<float*> buffers;
  std::vector<Extents> buffer_extents;
  std::vector<GradientSlot> gradients;

  // The new values of weights without gradient, set when the step is complete.
  struct Update {
    Variable* variable;
    const float* value;
  };
  std::vector<Update> updates;
  void apply_updates();

  // The number of a sample in the user's arrays: first_sample + its place in the batch or, if shuffled, its entry here.
  std::int64_t first_sample = 0;
  const std::int64_t* sample_numbers = nullptr;
  bool training = false;             // dropout is active
  bool keep = false;                 // a backward pass follows
  bool collect_losses = false;       // add the activity regularizers
  bool look_for_gaps = false;        // check the gradients of a first step, see unwritten.hpp
  const Node* gives_loss = nullptr;  // the last layer, if it computes the loss from the labels
  const float* labels = nullptr;
  double activity_loss = 0.0;
  // Processes may share a batch (see models/share.hpp): this one computes `samples` of its samples, behind those of
  // other processes.
  std::int64_t samples = 0;
  std::int64_t samples_before = 0;
  std::int64_t batch_samples = 0;
  std::uint64_t random_key = 0;  // of this step
  std::uint64_t step = 0;        // of this model, for layers with a seed
};

}  // namespace xeras
