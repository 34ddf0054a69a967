#pragma once

#include "xeras/core/input.hpp"
#include "xeras/core/random.hpp"
#include "xeras/layers/builder.hpp"

namespace xeras {

class Workspace;
struct Flow;

using StringsView = BasicView<const std::string_view>;
using IdsView = BasicView<std::int32_t>;

/// Which rows of an array (batch, time, features) are alike: where a word comes again, an Embedding gives the same row.
struct Repeats {
  std::span<const std::int32_t> number;  ///< (batch * time): of each row, that of the distinct one; none: not known
  std::span<const std::int32_t> first;   ///< of each distinct row, where it comes first
};

/// All that one forward call of a layer may touch.
class XERAS_API Call {
 public:
  bool training() const;
  /// The input, which must be of the kind that the layer expected in build: floats,
  ConstView input() const;
  /// strings,
  StringsView strings() const;
  /// or ids: integers of any width, as `kind` says. read_ids copies them to where there is room for all.
  AnyView ids() const;
  void read_ids(std::int64_t* to) const;
  /// Which rows of the input are alike, where an Embedding made them. Then a layer may do its work once for each
  /// distinct row, and its backward call may leave all their gradient at the first of them.
  Repeats repeats() const;
  /// The number that a sample of the batch has in the user's array, for messages.
  std::int64_t sample_number(std::int64_t sample) const;
  View output() const;
  /// The output of a layer that gives ids.
  IdsView output_ids() const;
  /// The mask of the input; null data where there is none.
  MaskView mask() const;
  /// The value of a weight.
  ConstView operator[](Weight weight) const;
  /// A weight in the layer's own order, see Builder::packed. Valid during this layer's call.
  const float* operator[](Packed packed) const;
  /// The value of a lookup weight of which this call reads these rows alone. In a training step nobody has to bring the
  /// others up to date, and the ids are prepared for add_rows: they must stay as they are until then.
  ConstView lookup(Weight weight, std::span<const std::int32_t> ids) const;
  /// Saved or scratch memory of this call, as floats or as integers.
  View operator[](Buffer buffer) const;
  IdsView integers(Buffer buffer) const;
  /// Scratch memory for so many floats, where only the call tells how much is needed. It should depend on the shapes
  /// alone: what grows from call to call allocates memory.
  float* scratch(std::size_t count) const;
  /// What the last call left, to be read and set.
  View operator[](State state) const;
  /// In training: room for what a weight that is not trained (a moving average) becomes once the step is complete.
  View update(Weight weight) const;
  /// Random numbers of this layer in this training step; with a seed of the layer's own they depend on it and on how
  /// many steps the model has made, and on nothing else.
  RandomStream random(std::optional<std::int64_t> seed = {}) const;

  /// Says that rows of the output (batch, time, features) are alike where these ids are: what layers behind may know by
  /// repeats(). Backward must then add up the gradients of alike rows, as add_rows does. The ids must stay as they are.
  void alike_where(std::span<const std::int32_t> ids) const;
  /// Room for the (batch, time) mask that this layer makes.
  std::span<std::uint8_t> make_mask() const;
  /// Runs a layer within this one, on the call's input or another one. The output's data may be null: then the call
  /// provides it. Returns the output.
  View run(Child child, View output) const;
  View run(Child child, ConstView input, MaskView mask, View output) const;
  /// Runs the layers within this one in a row, from the call's input to its output.
  void run_chain() const;

 protected:
  friend struct Pass;
  Call(const Node& node, Workspace& workspace) : node_(&node), workspace_(&workspace) {}
  View run(Child child, const Flow& input, View output) const;

  const Node* node_;
  Workspace* workspace_;
};

/// All that one backward call of a layer may touch: the forward call's values, and the gradients.
class XERAS_API BackwardCall : public Call {
 public:
  /// The gradient of the output. The layer may use its memory.
  View output_grad() const;
  /// To be set to the gradient of the input.
  View input_grad() const;
  /// False where nobody reads it, as in a first layer: asking saves the work.
  bool wants_input_grad() const;
  /// To be added to. Not for lookup weights.
  View grad(Weight weight) const;
  /// False for a frozen weight, whose gradient nobody reads: asking saves the work.
  bool wants_grad(Weight weight) const;
  /// For lookup weights: grad(ids(i), :) += values(i, :).
  void add_rows(Weight weight, std::span<const std::int32_t> ids, const float* values) const;
  /// The backward pass of `run` and `run_chain`.
  void run_backward(Child child, View output_grad, View input_grad) const;
  void run_chain_backward() const;

 private:
  friend struct Pass;
  using Call::Call;
};

}  // namespace xeras
