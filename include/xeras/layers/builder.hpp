#pragma once

#include <functional>

#include "xeras/layers/layer.hpp"

namespace xeras {

struct BuildContext;
struct Node;

/// Handles that build hands out and calls take back: a weight, a buffer, a layer within this one, a state, a weight in
/// another order.
enum class Weight : std::uint32_t {};
enum class Buffer : std::uint32_t {};
enum class Child : std::uint32_t {};
enum class State : std::uint32_t {};
enum class Packed : std::uint32_t {};

/// What a weight is besides its name, shape and start.
struct WeightOptions {
  RegularizerArgument regularizer = {};
  ConstraintArgument constraint = {};
  bool trainable = true;
  bool lookup = false;  ///< read row by row: its gradient comes as (rows, values)
};

/// What a layer asks of its input.
struct Expected {
  std::optional<std::size_t> rank = {};      ///< with the batch
  std::optional<std::size_t> min_rank = {};  ///< with the batch
  DType dtype = DType::float32;              ///< floats, ids or strings
};

/// What a layer says of itself while a model is built. A weight that the layer has already, of the same name and shape,
/// is kept: so layers bring their weights along when they move between models.
class XERAS_API Builder {
 public:
  /// Raises ShapeError, in the same words for every layer, unless the input is as expected.
  void expect(const Spec& input, const Expected& expected) const;

  /// Declares a weight. Its shape must be known: a None in it, which comes from the input, raises ShapeError.
  Weight weight(const std::string& name, const Shape& shape, const InitializerArgument& initializer,
                WeightOptions options = {});

  /// Memory of 4-byte elements for one call. Saved memory stays from forward to backward; scratch memory does not. A
  /// None names an axis of the input, as input.shape[1] does, or of the output: Dim::output_axis(1). A plain None is
  /// the batch in front; elsewhere it raises ShapeError.
  Buffer saved(const Shape& shape);
  Buffer scratch(const Shape& shape);

  /// A weight in an order that suits the layer better, in `size` floats which pack(value, to) writes. All predictions
  /// share one, which is made when it is first needed and again when the weight has changed; a training step has its
  /// own. For weights that are not lookups.
  Packed packed(Weight weight, std::int64_t size, std::function<void(const float* value, float* to)> pack);

  /// Numbers that stay from one call to the next, zero at first. A model with states makes one call at a time. Their
  /// shape, the batch too, must be known: ShapeError says how to fix the batch.
  State state(const Shape& shape);

  /// Builds a layer within this one; its output comes back. Keras's files keep its weights at `place`.
  Spec child(Layer& layer, const Spec& input, std::string place = {});
  /// Builds the layers within this one in a row, for run_chain. This layer then treats masks and padding as they do.
  Spec chain(std::span<AnyLayer> layers, const Spec& input);

  /// The layer reads the mask; without this an input mask must either come out again or be ended on purpose.
  void uses_mask();
  /// The layer makes a mask of its own, also where one comes in.
  void makes_mask();
  /// The layer drops the mask on purpose.
  void ends_mask();
  /// Each step of the output comes from the same step of the input alone, as in Dense.
  void step_by_step();
  /// Without its masked steps at the end a sequence would give the same numbers at all other steps, or as a whole, and
  /// the same gradients. Where each layer says one of the two, columns of padding at the end of a batch are left out;
  /// before a layer that says nothing they never are.
  void ignores_masked_steps();
  /// The mask that the layer makes is 0 where an id is 0, so that columns of zeros at the end of a batch are padding.
  void masks_padding();
  /// The layer leaves the time axis out because return_sequences is false: a message about a missing axis says so.
  void gives_last_step();
  /// Keras's files keep the weights in the layer's cell.
  void has_cell();
  /// A penalty on the output, divided by the batch size and added to the loss.
  void activity_regularizer(const RegularizerArgument& regularizer);

  /// `layer 1 "flatten" (Flatten)`: how messages of build begin.
  const std::string& who() const;

  /// Builds one layer of a model: what models call, not layers.
  static Node build_node(Layer& layer, const Spec& input, BuildContext& context);

 private:
  Builder(Layer& layer, Node& node, BuildContext& context) : layer_(layer), node_(node), context_(context) {}
  void check_mask(const Spec& output) const;
  void check_sizes() const;
  void check_output_sizes() const;

  Layer& layer_;
  Node& node_;
  BuildContext& context_;
};

}  // namespace xeras
