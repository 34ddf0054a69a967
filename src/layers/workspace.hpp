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

// While it lives, arenas of this thread take no block of more bytes than this, but throw Error: for a pass that a file
// asks for.
class ArenaLimit {
 public:
  explicit ArenaLimit(std::size_t bytes);
  ~ArenaLimit();
  ArenaLimit(const ArenaLimit&) = delete;
  ArenaLimit& operator=(const ArenaLimit&) = delete;
};

// Memory that grows at the end and is given back in the reverse order. After a call it becomes one block, so that a
// second call of the same sizes allocates nothing.
class Arena {
 public:
  struct Mark {
    std::size_t block = 0;
    std::size_t used = 0;
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
  struct Block {
    std::vector<std::byte, AlignedAllocator<std::byte>> memory;
  };
  std::vector<Block> blocks_;
  std::size_t current_ = 0;
  std::size_t used_ = 0;  // of the current block
};

// The gradient of a lookup weight in one step: distinct rows in the order of their first appearance, and their values.
// The forward pass may group the ids that the backward pass will add.
class RowGradient {
 public:
  void reset();
  // Takes in the rows of ids, which must stay as they are until they are added.
  void group(std::span<const std::int32_t> ids, std::int64_t rows);
  // values (ids, columns); those of a row are summed in the order of their positions.
  void add(std::span<const std::int32_t> ids, const float* values, std::int64_t rows, std::int64_t columns);
  // The rows that have values, and those grouped besides.
  std::span<const std::int32_t> rows() const { return std::span(rows_).first(summed_); }
  std::span<const std::int32_t> grouped_rows() const { return rows_; }
  float* values() { return values_.data(); }
  // dense(row, :) += values, for the rows of this step.
  void scatter(float* dense, std::size_t columns) const;

 private:
  struct Positions {  // in ids_; -1: none
    std::int32_t first, last;
  };

  // sum (width) += the values at this position and those behind it.
  void add_positions(std::int32_t first, const float* values, std::size_t width, float* sum) const;

  std::vector<std::uint32_t> slot_;  // of each row of the weight, its place in rows_; old where another row has that
  std::vector<std::int32_t> rows_;
  std::vector<float, AlignedAllocator<float>> values_;  // (rows, columns) and room for more
  std::size_t summed_ = 0;                              // rows that have values already

  // Of the last grouping: ids that are not added yet, and for each row its positions, each with the next one.
  std::span<const std::int32_t> ids_;
  std::vector<Positions> positions_;
  std::vector<std::int32_t> next_;
};

// The gradient of one weight in one step.
struct GradientSlot {
  void set_zero(std::size_t size);

  std::vector<float, AlignedAllocator<float>> dense;  // zero at the beginning of a step
  RowGradient rows;
  bool wanted = false;  // trainable, and so are the layers around it
};

// Which rows of an array (batch, time, features) are alike: those where the ids are.
struct AlikeRows {
  std::span<const std::int32_t> ids;
  Repeats repeats;  // found when first asked for
};

// What goes from layer to layer.
struct Flow {
  AnyView values = {};
  MaskView mask = {};
  AlikeRows* alike = nullptr;  // null: not known
};

// What a layer's forward call saw, for the calls themselves and for backward.
struct NodeState {
  Flow input;
  View output;  // ids have the memory of as many floats
  MaskView output_mask;
  AlikeRows* output_alike = nullptr;
  View output_grad;
  View input_grad;
  bool passed = false;  // the layer handed its input on
};

// Everything that one pass over a model may write. A model keeps those that are not in use.
class Workspace {
 public:
  // For a pass over a batch of so many samples.
  void prepare(const BuildContext& sizes, std::int64_t batch);

  Arena arena;    // lives until the pass ends
  Arena scratch;  // lives for one layer's call
  std::vector<NodeState> nodes;
  std::vector<float*> buffers;
  std::vector<Extents> buffer_extents;
  std::vector<GradientSlot> gradients;

  // What weights that are not trained become, once the step is complete.
  struct Update {
    Variable* variable;
    const float* value;
  };
  std::vector<Update> updates;
  void apply_updates();

  // The number of each sample of the batch in the user's arrays: first_sample + its place, or if they were shuffled,
  // + its entry in sample_numbers.
  std::int64_t first_sample = 0;
  const std::int64_t* sample_numbers = nullptr;
  bool training = false;        // dropout is active
  bool keep = false;            // a backward pass follows
  bool collect_losses = false;  // activity regularizers
  bool look_for_gaps = false;   // in gradients: of a first step, see unwritten.hpp
  double activity_loss = 0.0;
  std::int64_t samples = 0;      // of the batch, whatever a layer within TimeDistributed takes for samples
  std::uint64_t random_key = 0;  // of this step
  std::uint64_t step = 0;        // of this model: for layers with a seed of their own
};

}  // namespace xeras
