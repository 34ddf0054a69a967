#pragma once

#include <functional>

#include "xeras/layers/layer.hpp"

namespace xeras {

struct BuildContext;
struct Node;

/// Handles that build returns and calls accept: weights, buffers, inner layers, states, weights in another order.
enum class Weight : std::uint32_t {};
enum class Buffer : std::uint32_t {};
enum class Child : std::uint32_t {};
enum class State : std::uint32_t {};
enum class Packed : std::uint32_t {};

/// The options of a weight.
struct WeightOptions {
  RegularizerArgument regularizer = {};
  ConstraintArgument constraint = {};
  bool trainable = true;
  bool lookup = false;  ///< read row by row; the gradient is (rows, values)
};

/// The input that a layer accepts.
struct Expected {
  std::optional<std::size_t> rank = {};      ///< including the batch
  std::optional<std::size_t> min_rank = {};  ///< including the batch
  DType dtype = DType::float32;              ///< floats, ids or strings
};

/// The declarations of a layer while its model is built. Existing weights of the same name and shape are kept, so
/// layers keep their weights when they move between models.
class XERAS_API Builder {
 public:
  /// Throws ShapeError, with the same wording for every layer, unless the input is as expected.
  void expect(const Spec& input, const Expected& expected) const;

  /// Declares a weight. Throws ShapeError for a None in the shape.
  Weight weight(const std::string& name, const Shape& shape, const InitializerArgument& initializer,
                WeightOptions options = {});

  /// Declare memory of 4-byte elements for one call. Saved memory is kept from forward to backward, scratch memory is
  /// not. An open size names an axis of the input (input.shape[1]) or of the output (Dim::output_axis(1)). A plain None
  /// is the batch as the first axis; elsewhere it throws ShapeError.
  Buffer saved(const Shape& shape);
  Buffer scratch(const Shape& shape);

  /// Declares a copy of a weight in another order, `size` floats that pack(value, to) writes. All predictions share one
  /// copy, made at its first use after a change of the weight; each training step makes its own. Not for lookups.
  Packed packed(Weight weight, std::int64_t size, std::function<void(const float* value, float* to)> pack);

  /// Declares numbers that are kept from one call to the next, initially zero. A model with states makes one call at a
  /// time. Throws ShapeError for a None in the shape, including the batch.
  State state(const Shape& shape);

  /// Builds an inner layer and returns its output. `place` is the path of its weights in Keras's files.
  Spec child(Layer& layer, const Spec& input, std::string place = {});
  /// Builds inner layers in sequence, for run_chain. This layer then treats masks and padding as they do.
  Spec chain(std::span<AnyLayer> layers, const Spec& input);

  /// Declares that the layer reads the mask. Without this, a masked input needs a masked output or ends_mask.
  void uses_mask();
  /// Declares that the layer makes a mask, which replaces that of the input.
  void makes_mask();
  /// Declares that the layer removes the mask intentionally.
  void ends_mask();
  /// Declares that each output step depends only on the same input step, as in Dense.
  void step_by_step();
  /// Declares that masked steps at the end of a sequence do not affect the output at other steps, or the output as a
  /// whole, nor the gradients. If each layer declares this or step_by_step, padding columns at the end of a batch are
  /// skipped; they never are before a layer that declares neither.
  void ignores_masked_steps();
  /// Declares that the layer's mask is 0 where an id is 0, so zero columns at the end of a batch are padding.
  void masks_padding();
  /// Declares that the output lacks the time axis because return_sequences is false, for messages.
  void gives_last_step();
  /// Declares that Keras's files store the weights in the layer's cell.
  void has_cell();
  /// Declares a penalty on the output, which is divided by the batch size and added to the loss.
  void activity_regularizer(const RegularizerArgument& regularizer);

  /// Returns the start of a message of build: `layer 1 "flatten" (Flatten)`.
  const std::string& who() const;

  /// Builds one layer of a model. Called by models, not by layers.
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
