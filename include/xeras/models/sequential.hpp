#pragma once

#include <iosfwd>

#include "xeras/layers/layer.hpp"
#include "xeras/losses.hpp"
#include "xeras/models/history.hpp"
#include "xeras/models/options.hpp"
#include "xeras/optimizers.hpp"

namespace xeras {

struct BuildLimits;

/// A stack of layers, each with one input and one output; itself a layer, so that models nest.
///
/// Shapes and masks are checked when a layer is added, as soon as they are known. Once built, predict, evaluate and a
/// call are safe to use from many threads at once; everything else needs the model for itself. One that was moved from
/// is an empty model; one that is in training, or a part of another model, cannot be moved and stays what it is.
///
/// Source  keras.Sequential
class XERAS_API Sequential final : public Layer {
 public:
  Sequential(SequentialOptions options = {});
  template <LayerOrPointer L, LayerOrPointer... Ls>
  requires(sizeof...(Ls) > 0 || !std::same_as<std::remove_cvref_t<L>, Sequential>) explicit Sequential(L&& first,
                                                                                                       Ls&&... rest)
      : Sequential() {
    add(std::forward<L>(first));
    (add(std::forward<Ls>(rest)), ...);
  }
  Sequential(Sequential&& other) noexcept;
  /// Throws Error while one of both is in training or a part of another model.
  Sequential& operator=(Sequential&& other);
  Sequential(const Sequential&) = delete;  // Write `Sequential copy = model.clone();`
  ~Sequential() override;
  /// Copies layers and weights, not what compile set.
  Sequential clone() const;

  // Building

  /// Appends a layer and returns it. Throws ShapeError, MaskError or InvalidArgument (a name that is taken) when it
  /// does not fit; then the model is as before. An InputLayer comes first and is none of layers().
  template <class L>
  requires IsLayer<L> std::remove_cvref_t<L>
  &add(L&& layer) {
    using Own = std::remove_cvref_t<L>;
    static_assert(!std::is_abstract_v<Own>,
                  "xeras: add has to know the class of a layer; write add(other.get_layer<Dense>(0))");
    static_assert(std::is_abstract_v<Own> || std::constructible_from<Own, L>,
                  "xeras: add cannot copy this layer; write add(std::move(layer)), or for a model add(model.clone())");
    if constexpr (std::constructible_from<Own, L>) {
      return static_cast<Own&>(add(AnyLayer(Own(std::forward<L>(layer)))));
    }
  }
  Layer& add(AnyLayer layer);
  /// Takes the last layer away; compile again before training.
  void pop();
  std::span<const AnyLayer> layers() const { return layers_; }
  /// By name, or by position, where -1 is the last. Throws InvalidArgument when there is none.
  Layer& get_layer(std::string_view name) const;
  // A template, so that get_layer(0) is no null pointer.
  template <std::integral I>
  Layer& get_layer(I index) const {
    return layer_at(static_cast<std::int64_t>(index));
  }
  /// The same, as the class it is; InvalidArgument when it is of another class.
  template <std::derived_from<Layer> L>
  L& get_layer(auto which) const {
    Layer& layer = get_layer(which);
    if (L* found = dynamic_cast<L*>(&layer)) return *found;
    throw_wrong_class(layer, class_name_of(typeid(L)));
  }
  /// For a model whose first layer does not know its input: the shape with the batch axis, usually None. Of a model
  /// that is built it sets axes that were None, as the length after an Embedding; the weights stay. Throws ShapeError
  /// for another shape; then the model is as before.
  void build(const Shape& input_shape);
  /// A table of the layers: output shapes, weights, and what happens to a mask.
  void summary() const;
  void summary(std::ostream& out) const;

  // Training

  void compile(OptimizerArgument optimizer = "rmsprop", LossArgument loss = {}, OneOrMore<MetricArgument> metrics = {},
               CompileOptions options = {});
  /// Throws NotCompiled before compile, InvalidInput for data that does not fit. When it throws, the weights are those
  /// of the last whole step.
  History fit(const Input& x, const Input& y, FitOptions options = {});
  /// The members that are const raise ShapeError while the model is not built; those that are not build it for x, as
  /// fit does.
  Scores evaluate(const Input& x, const Input& y, EvaluateOptions options = {}) const;
  Scores evaluate(const Input& x, const Input& y, EvaluateOptions options = {});
  /// One step on one batch; the scores are those before the update.
  Scores train_on_batch(const Input& x, const Input& y, const BatchOptions& options = {});
  Scores test_on_batch(const Input& x, const Input& y, const BatchOptions& options = {}) const;
  Scores test_on_batch(const Input& x, const Input& y, const BatchOptions& options = {});
  /// Ends fit after the current epoch's batch: for callbacks.
  void stop_training();
  /// Throws NotCompiled before compile.
  optimizers::Optimizer& optimizer() const;

  // Inference

  /// (samples, ...): the output for every row of x, in batches.
  Tensor predict(const Input& x, PredictOptions options = {}) const;
  Tensor predict(const Input& x, PredictOptions options = {});
  /// The same into memory of the caller's: no allocation where the result has its shape already.
  void predict(const Input& x, Tensor& result, PredictOptions options = {}) const;
  void predict(const Input& x, Tensor& result, PredictOptions options = {});
  Tensor predict_on_batch(const Input& x) const;
  Tensor predict_on_batch(const Input& x);
  /// One batch, in inference mode; with training = true dropout is active.
  Tensor operator()(const Input& x) const;
  Tensor operator()(const Input& x);
  Tensor operator()(const Input& x, bool training);

  // Files, those of Keras; load_model is in xeras/io/load.hpp. A file appears whole or not at all, also when the
  // process dies meanwhile.

  /// The whole model, with its optimizer's state: "model.keras", or "model.h5" in the older format. Throws FileError,
  /// ShapeError for a model that is not built, Error for layers that cannot be saved (Lambda).
  void save(const std::string& path, const SaveOptions& options = {}) const;
  /// Weights and the optimizer's state: "model.weights.h5"; or weights in the older format: "model.h5". Throws
  /// InvalidArgument for a sample, which only a whole model keeps.
  void save_weights(const std::string& path, const SaveOptions& options = {}) const;
  /// From any file of a model or of weights whose layers are like this model's; by their order, not their names. The
  /// optimizer's state comes along where the file has one of an optimizer of the same name with as many arrays. Throws
  /// FileError; then the weights are as before.
  void load_weights(const std::string& path);
  /// The layers without their weights, as Keras writes them down; see model_from_json.
  std::string to_json() const;

  // As a layer
  Value get_config() const override;
  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;
  void output_extents(const Extents& input, Extents& output) const override;
  std::optional<Spec> first_input() const override;
  std::span<AnyLayer> children() override { return layers_; }

 private:
  struct State;
  struct Copy {};
  Sequential(const Sequential& other, Copy);
  friend class Evaluator;
  friend class Trainer;
  friend struct SequentialParts;

  // A model that was moved from has the state of an empty one.
  State& state();
  const State& state() const;
  // Replaces what it has; nothing is left in the other.
  void take(Sequential& other) noexcept;
  // Throw Error while a call works with the model, or somebody's plan points to what is in it.
  void check_at_rest(const char* member) const;
  void check_can_change(const char* member) const;
  // Throws ShapeError where the model was only built as a part of another one.
  void check_own_plan(const char* member) const;
  /// What goes in, of a built model.
  const Spec& input_spec() const { return *input_; }
  Layer& layer_at(std::int64_t index) const;
  void name_layer(Layer& layer);
  void append(AnyLayer layer);
  Layer& take_input_layer(AnyLayer layer);
  std::optional<Spec> input_for(const Layer& first) const;
  void check_parts(Layer& layer) const;
  void build_layer(std::size_t index, const Spec& input);
  void build_all(const Spec& input);
  void build_all(const Spec& input, const BuildLimits& limits);
  void build_for(const Shape& input_shape);
  void narrow(const Shape& input_shape);
  void build_from_data(const char* member, const Input& x);
  // The same, before a call of a member of the user's, where the model is not built.
  void build_if_new(const char* member, const Input& x);
  void forget_training();
  [[noreturn]] void throw_wrong_class(const Layer& layer, const std::string& expected) const;

  std::vector<AnyLayer> layers_;
  std::unique_ptr<State> state_;  // null in a model that was moved from: see state()
};

}  // namespace xeras
