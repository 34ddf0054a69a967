#pragma once

#include <iosfwd>

#include "xeras/layers/layer.hpp"
#include "xeras/losses.hpp"
#include "xeras/models/options.hpp"
#include "xeras/optimizers.hpp"

namespace xeras {

class Batches;
class SharedCall;
struct BuildLimits;

/// A stack of layers, each with one input and one output. It is a layer itself, so models nest.
///
///   Sequential model{Embedding(1000, 16), GlobalAveragePooling1D(), Dense(1)};
///   model.compile("adam", "mse");
///
/// add checks shapes and masks as soon as they are known. In a built model, predict, evaluate and calls are
/// thread-safe; all other members need exclusive access. A moved-from model is empty. A model in training or inside
/// another model cannot be moved: it remains unchanged.
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
  /// Throws Error while either model is in training or part of another model.
  Sequential& operator=(Sequential&& other);
  Sequential(const Sequential&) = delete;  // Write `Sequential copy = model.clone();`
  ~Sequential() override;
  /// Returns a copy of the layers and weights, which is not compiled.
  Sequential clone() const;

  // Building

  /// Appends a layer and returns it. Throws ShapeError, MaskError or InvalidArgument (a duplicate name) when it does
  /// not fit; the model is then unchanged. An InputLayer comes first and does not appear in layers().
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
  /// Removes the last layer. Compile again before training.
  void pop();
  std::span<const AnyLayer> layers() const { return layers_; }
  /// Returns the layer of this name, or at this position, where -1 is the last. Throws InvalidArgument if none exists.
  Layer& get_layer(std::string_view name) const;
  // A template, because get_layer(0) would also match a null pointer.
  template <std::integral I>
  Layer& get_layer(I index) const {
    return layer_at(static_cast<std::int64_t>(index));
  }
  /// Returns the layer as its class. Throws InvalidArgument when it has another class.
  template <std::derived_from<Layer> L>
  L& get_layer(auto which) const {
    Layer& layer = get_layer(which);
    if (L* found = dynamic_cast<L*>(&layer)) return *found;
    throw_wrong_class(layer, class_name_of(typeid(L)));
  }
  /// Sets the input shape, with the batch axis, usually None, of a model whose first layer does not know it. In a built
  /// model, sets axes that were None, such as the sequence length, and keeps the weights. Throws ShapeError
  /// for another shape; the model is then unchanged.
  void build(const Shape& input_shape);
  /// Prints a table of the layers: output shapes, numbers of weights, and the use of masks.
  void summary() const;
  void summary(std::ostream& out) const;

  // Training

  void compile(OptimizerArgument optimizer = "rmsprop", LossArgument loss = {}, OneOrMore<MetricArgument> metrics = {},
               CompileOptions options = {});
  /// Throws NotCompiled before compile, InvalidInput for data that does not fit. If it throws, the weights are those of
  /// the last complete step.
  History fit(const Input& x, const Input& y, FitOptions options = {});
  /// Trains on the batches of a dataset. An exception of the dataset ends the call.
  History fit(const DatasetArgument& dataset, FitOptions options = {});
  /// Here and below, const members throw ShapeError if the model is not built; the others build it for x, like fit.
  Scores evaluate(const Input& x, const Input& y, EvaluateOptions options = {}) const;
  Scores evaluate(const Input& x, const Input& y, EvaluateOptions options = {});
  Scores evaluate(const DatasetArgument& dataset, EvaluateOptions options = {}) const;
  Scores evaluate(const DatasetArgument& dataset, EvaluateOptions options = {});
  /// Makes one step on one batch. Returns the scores before the update.
  Scores train_on_batch(const Input& x, const Input& y, const BatchOptions& options = {});
  Scores test_on_batch(const Input& x, const Input& y, const BatchOptions& options = {}) const;
  Scores test_on_batch(const Input& x, const Input& y, const BatchOptions& options = {});
  /// Ends fit after the current batch, or those of steps_per_execution. For callbacks.
  void stop_training();
  /// Throws NotCompiled before compile.
  optimizers::Optimizer& optimizer() const;

  // Inference

  /// Returns the output for every sample of x, computed in batches: (samples, ...).
  Tensor predict(const Input& x, PredictOptions options = {}) const;
  Tensor predict(const Input& x, PredictOptions options = {});
  Tensor predict(const DatasetArgument& dataset, PredictOptions options = {}) const;
  Tensor predict(const DatasetArgument& dataset, PredictOptions options = {});
  /// Writes the output to `result`, without allocation if it already has the right shape.
  void predict(const Input& x, Tensor& result, PredictOptions options = {}) const;
  void predict(const Input& x, Tensor& result, PredictOptions options = {});
  Tensor predict_on_batch(const Input& x) const;
  Tensor predict_on_batch(const Input& x);
  /// Returns the output for one batch, in inference mode; training = true activates dropout.
  Tensor operator()(const Input& x) const { return predict_on_batch(x); }
  Tensor operator()(const Input& x) { return predict_on_batch(x); }
  Tensor operator()(const Input& x, bool training);

  // Files in Keras's formats; load_model is in xeras/io/load.hpp. A file is written completely or not at all, even if
  // the process dies.

  /// Saves the model and its optimizer's state: "model.keras", or "model.h5" in the older format. Throws FileError,
  /// ShapeError for a model that is not built, Error for layers that cannot be saved (Lambda).
  void save(const std::string& path, const SaveOptions& options = {}) const;
  /// Saves the weights and the optimizer's state to "model.weights.h5", or the weights in the older format to
  /// "model.h5". Throws InvalidArgument for a sample, which only save stores.
  void save_weights(const std::string& path, const SaveOptions& options = {}) const;
  /// Loads the weights from any file of a model or of weights with the same layers, by their order, not their names.
  /// Also loads the optimizer's state if the file has one for an optimizer of the same name with equally many arrays.
  /// Throws FileError; the weights are then unchanged.
  void load_weights(const std::string& path);
  /// Returns Keras's JSON of the layers, without weights; see model_from_json.
  std::string to_json() const;

  // Layer
  Value get_config() const override;
  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;
  void output_extents(const Extents& input, Extents& output) const override;
  std::optional<Spec> first_input() const override;
  DType input_dtype(DType given) const override;
  bool sizes_depend_on_values() const override;
  Extents extents_for(const AnyView& input) const override;
  std::span<AnyLayer> children() override { return layers_; }

 private:
  struct State;
  struct Copy {};
  Sequential(const Sequential& other, Copy);
  friend class Evaluator;
  friend class Trainer;
  friend struct SequentialParts;

  // Returns an empty model's state if the model was moved from.
  State& state();
  const State& state() const;
  // Moves everything from the other model, which is then empty.
  void take(Sequential& other) noexcept;
  // Throws Error while a call uses the model.
  void check_at_rest(const char* member) const;
  // Throws Error while a call uses the model or another model contains it.
  void check_can_change(const char* member) const;
  // Throws ShapeError if the model was built only as part of another one.
  void check_own_plan(const char* member) const;
  const Spec& input_spec() const { return *input_; }  // of a built model
  Layer& layer_at(std::int64_t index) const;
  void name_layer(Layer& layer);
  void append(AnyLayer layer);
  Layer& take_input_layer(AnyLayer layer);
  std::optional<Spec> input_for(const Layer& first) const;
  void check_parts(Layer& layer) const;
  void build_layer(std::size_t index, const Spec& input);
  void build_all(const Spec& input);
  void build_all(const Spec& input, const BuildLimits& limits);
  void build_for(const Shape& input_shape, DType given = DType::float32);
  void narrow(const Shape& input_shape);
  void build_from_data(const char* member, const Input& x);
  // Builds the model for x unless it is built; for members that users call.
  void build_if_new(const char* member, const Input& x);
  void forget_training();
  void forget_plan();
  void build_if_new(const char* member, const DatasetArgument& dataset);
  void check_can_predict() const;
  // True when the sizes of predictions, besides their number, depend on the values of the input.
  bool has_open_predictions() const;
  // Predicts all batches. `place` returns where the predictions for a batch of this shape go. It also gets the input
  // itself if sizes depend on it.
  void predict_batches(Batches& batches, const PredictOptions& options,
                       const std::function<View(const Extents& batch, const AnyView& input)>& place) const;
  // Joins the predictions of all batches.
  void predict(const Input& x, Tensor& result, PredictOptions& options, SharedCall& call) const;
  Tensor predict_parts(Batches& batches, const PredictOptions& options) const;
  [[noreturn]] void throw_wrong_class(const Layer& layer, const std::string& expected) const;

  std::vector<AnyLayer> layers_;
  std::unique_ptr<State> state_;  // null if moved from: see state()
};

}  // namespace xeras
