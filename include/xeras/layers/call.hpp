#pragma once

#include "xeras/core/input.hpp"
#include "xeras/core/random.hpp"
#include "xeras/layers/builder.hpp"

namespace xeras {

class Workspace;
struct Flow;

using StringsView = BasicView<const std::string_view>;
using IdsView = BasicView<std::int32_t>;

/// The identical rows of an array (batch, time, features), such as the vectors of repeated words from an Embedding.
struct Repeats {
  std::span<const std::int32_t> number;  ///< (batch * time): the distinct row that each row equals; empty if unknown
  std::span<const std::int32_t> first;   ///< (distinct rows): the position of the first occurrence
};

/// The data of one forward call of a layer.
class XERAS_API Call {
 public:
  bool training() const;
  /// Return the input as the type that the layer expected in build: floats, strings, or ids of the width `kind`.
  ConstView input() const;
  StringsView strings() const;
  AnyView ids() const;
  /// Copies all ids to `to`.
  void read_ids(std::int64_t* to) const;
  /// Returns the identical rows of the input, if known. The layer may then compute each distinct row once, and put the
  /// gradient of all its occurrences at the first one.
  Repeats repeats() const;
  /// Returns the position of a sample of the batch in the user's array, for messages.
  std::int64_t sample_number(std::int64_t sample) const;
  /// Returns the labels of the input's rows if this layer is to give the loss (see Layer::gives_loss), else null.
  /// Labels of masked rows may be any numbers.
  const float* labels() const;
  View output() const;
  /// Returns the output of a layer whose output is ids.
  IdsView output_ids() const;
  /// Returns the mask of the input; its data is null if there is none.
  MaskView mask() const;
  ConstView operator[](Weight weight) const;
  /// Returns a weight in the layer's own order (see Builder::packed), valid during this layer's call.
  const float* operator[](Packed packed) const;
  /// Returns a lookup weight of which this call reads only these rows: a training step applies postponed updates only
  /// to them. Prepares add_rows, so the ids must not change until then.
  ConstView lookup(Weight weight, std::span<const std::int32_t> ids) const;
  /// Return saved or scratch memory of this call as floats or integers.
  View operator[](Buffer buffer) const;
  IdsView integers(Buffer buffer) const;
  /// Returns scratch memory for `count` floats, for sizes that build does not know. To avoid allocations, the count
  /// should depend only on the shapes.
  float* scratch(std::size_t count) const;
  /// Returns the state that the last call left. Write the new state to it.
  View operator[](State state) const;
  /// Returns memory for the new value of a weight without gradient (a moving average), which is set when the training
  /// step is complete.
  View update(Weight weight) const;
  /// Returns the random numbers of this layer in this training step. With a seed, they depend only on it and on the
  /// number of steps of the model. A layer that draws so many numbers for each row of its input, one row after the
  /// other, draws the same ones for a sample if several processes share the batch.
  RandomStream random(std::optional<std::int64_t> seed = {}, std::int64_t draws_per_row = 0) const;
  /// Returns the rows of the input in the whole batch, of which this process may have a part.
  std::int64_t batch_rows() const;
  /// Replaces sums over the input's rows by those over the rows of the whole batch. Every process that shares the batch
  /// has to call it.
  void sum_over_batch(std::span<double> sums) const;

  /// Marks output rows (batch, time, features) with equal ids as identical; later layers read this with repeats().
  /// Backward must then sum the gradients of identical rows, as add_rows does. The ids must not change.
  void alike_where(std::span<const std::int32_t> ids) const;
  /// Returns memory for the (batch, time) mask that this layer makes.
  std::span<std::uint8_t> make_mask() const;
  /// Run an inner layer on the call's input or another one, and return the output. If the output's data is null, the
  /// call provides the memory.
  View run(Child child, View output) const;
  View run(Child child, ConstView input, MaskView mask, View output) const;
  /// Runs the inner layers in sequence, from the call's input to its output.
  void run_chain() const;

 protected:
  friend struct Pass;
  Call(const Node& node, Workspace& workspace) : node_(&node), workspace_(&workspace) {}
  View run(Child child, const Flow& input, View output) const;

  const Node* node_;
  Workspace* workspace_;
};

/// The data of one backward call of a layer: the values of the forward call, and the gradients.
class XERAS_API BackwardCall : public Call {
 public:
  /// Returns the gradient of the output. The layer may overwrite it.
  View output_grad() const;
  /// Returns the memory for the gradient of the input. Assign to every element.
  View input_grad() const;
  /// False when the gradient of the input is not needed, as in a first layer.
  bool wants_input_grad() const;
  /// Returns the gradient of a weight that is not a lookup. Add to it.
  View grad(Weight weight) const;
  /// False when the gradient of the weight is not needed, because it is frozen.
  bool wants_grad(Weight weight) const;
  /// Adds to the gradient of a lookup weight: grad(ids(i), :) += values(i, :).
  void add_rows(Weight weight, std::span<const std::int32_t> ids, const float* values) const;
  /// Run the backward passes of `run` and `run_chain`.
  void run_backward(Child child, View output_grad, View input_grad) const;
  void run_chain_backward() const;

 private:
  friend struct Pass;
  using Call::Call;
};

}  // namespace xeras
