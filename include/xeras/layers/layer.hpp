#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "xeras/core/any_view.hpp"
#include "xeras/core/named.hpp"
#include "xeras/core/spec.hpp"
#include "xeras/core/view.hpp"
#include "xeras/initializers.hpp"
#include "xeras/layers/variable.hpp"

namespace xeras {

class AnyLayer;
class BackwardCall;
class BuildAttempt;
class Builder;
class Call;
struct PlanUse;

/// The base class of all layers. `build` declares the layer's weights and its output. After that only the weights
/// change; the data of one call is in its Call, so `forward` may run in many threads at once.
class XERAS_API Layer {
 public:
  virtual ~Layer();

  /// Returns the given name, or the one made as in Keras when the layer is added to a model ("dense", "dense_1").
  const std::string& name() const { return name_; }
  /// Returns the name of the class, such as "Dense".
  std::string class_name() const { return class_name_of(typeid(*this)); }
  /// Returns the constructor's arguments by name.
  virtual Value get_config() const = 0;

  /// True when training changes the weights. set_trainable also applies to inner layers, and throws Error while fit
  /// trains the layer.
  bool trainable() const { return trainable_; }
  void set_trainable(bool trainable);

  bool built() const { return output_.has_value(); }
  /// Return the shapes with the batch axis, usually None. Throw ShapeError if the layer is not built.
  const Shape& input_shape() const;
  const Shape& output_shape() const;
  /// Returns the number of all weights, trainable or not. Throws ShapeError if the layer is not built.
  std::int64_t count_params() const;

  /// Returns copies of the weights in the order of their declaration, followed by those of the inner layers.
  std::vector<Tensor> get_weights() const;
  /// Throws InvalidArgument, without changing any weight, unless number and shapes match.
  void set_weights(const std::vector<Tensor>& weights);
  /// Sets the states of this layer and its inner layers to zero. Throws InvalidArgument if there are none.
  void reset_states();
  /// Return the weights themselves: those of this layer, then those of its inner layers.
  std::vector<Variable*> variables();
  std::vector<const Variable*> variables() const;

  // The functions that a layer implements; see docs/adding_a_layer.md.

  /// Checks the input, declares weights and buffers, and returns the Spec of the output.
  virtual Spec build(const Spec& input, Builder& builder) = 0;
  /// Computes call.output() from call.input() or call.ids(). May run in many threads at once.
  virtual void forward(const Call& call) const = 0;
  /// Adds to the gradients of the weights and sets the gradient of the input. Throws Error unless overridden.
  virtual void backward(const BackwardCall& call) const;
  /// Sets the output sizes of one call that build left open, with a None that names no axis of the input. The other
  /// sizes are already set.
  virtual void output_extents(const Extents& input, Extents& output) const;
  /// Returns the output sizes for an input of these sizes. The layer must be built.
  Extents extents_after(const Extents& input) const;
  /// True when the output is the input unchanged; forward and backward are then not called.
  virtual bool passes_input(bool /*training*/) const { return false; }
  /// Returns the model's input if this layer is the first one and defines it: the batch shape, and floats or ids.
  virtual std::optional<Spec> first_input() const { return std::nullopt; }
  /// Returns the type of a model's input if this layer is the first one and first_input tells nothing, for data of this
  /// type.
  virtual DType input_dtype(DType /*given*/) const { return DType::float32; }
  /// True when the layer, as the last one of a model in training, sets call.output() (batch, ..., 1) to the loss of
  /// each row for call.labels(), instead of its predictions. build returns the shape of the predictions.
  virtual bool gives_loss() const { return false; }
  /// True when output sizes depend on the values of the input, which only texts may do.
  virtual bool sizes_depend_on_values() const { return false; }
  /// Returns the output sizes for an input. The layer must be built.
  virtual Extents extents_for(const AnyView& input) const { return extents_after(input.extents); }
  /// Returns the inner layers of a wrapper or a model.
  virtual std::span<AnyLayer> children();

 protected:
  Layer(std::string name, bool trainable);
  /// The copy belongs to no model.
  Layer(const Layer&);
  /// Leaves `other` unchanged, and the new layer empty, if `other` belongs to a built model.
  Layer(Layer&&) noexcept;
  /// Throw Error if this layer belongs to a built model.
  Layer& operator=(const Layer&);
  Layer& operator=(Layer&&);

  /// True when the plan of a built model points to this layer.
  bool in_plan() const { return plan_ != nullptr; }
  /// Returns the start of a message: `Embedding "tokens"`, or only the class if the layer has no name.
  std::string who() const;

 private:
  friend class BuildAttempt;
  friend class Builder;
  friend class Call;
  friend class Sequential;

  void forget_build();
  bool zero_states();
  bool in_training();
  void check_can_assign() const;
  void take(Layer& other) noexcept;

  std::string name_;
  bool trainable_ = true;
  std::vector<Variable> variables_;
  mutable std::vector<Tensor> states_;  // of a stateful layer, whose model makes one call at a time
  std::optional<Spec> input_;
  std::optional<Spec> output_;
  const PlanUse* plan_ = nullptr;
};

/// A layer that stores its constructor's arguments in the struct Config (see XERAS_FIELDS). Config is the options
/// struct, or has the positional arguments followed by `options`. The options have `name` and `trainable`, and
/// `input_shape` (without the batch) if the layer may be the first one.
template <class Config_>
class XERAS_API LayerWith : public Layer {
 public:
  using Config = Config_;
  explicit LayerWith(Config config = {});
  LayerWith(const LayerWith&);
  LayerWith(LayerWith&&) noexcept;
  LayerWith& operator=(const LayerWith&);
  LayerWith& operator=(LayerWith&&);
  ~LayerWith() override;

  const Config& config() const { return config_; }
  Value get_config() const override;
  std::optional<Spec> first_input() const override;

 protected:
  /// Returns the options struct: Config itself or its field `options`.
  const auto& options() const { return options_of(config_); }

  Config config_;  // has the inner layers of a wrapper

 private:
  static const auto& options_of(const Config& config) {
    if constexpr (requires { config.options; }) {
      return config.options;
    } else {
      return config;
    }
  }
};

// These are defined outside the class so that XERAS_DECLARE_LAYER keeps programs from compiling them again.
template <class Config>
LayerWith<Config>::LayerWith(Config config)
    : Layer(options_of(config).name, options_of(config).trainable), config_(std::move(config)) {}
template <class Config>
LayerWith<Config>::LayerWith(const LayerWith&) = default;
template <class Config>
LayerWith<Config>::LayerWith(LayerWith&& other) noexcept
    : Layer(std::move(other)), config_(other.in_plan() ? Config(other.config_) : Config(std::move(other.config_))) {}
template <class Config>
LayerWith<Config>& LayerWith<Config>::operator=(const LayerWith&) = default;
template <class Config>
LayerWith<Config>& LayerWith<Config>::operator=(LayerWith&& other) {
  Layer::operator=(std::move(other));
  config_ = other.in_plan() ? Config(other.config_) : Config(std::move(other.config_));
  return *this;
}
template <class Config>
LayerWith<Config>::~LayerWith() = default;

template <class Config>
Value LayerWith<Config>::get_config() const {
  Value value = to_value(config_);
  for (auto& [key, entry] : *value.template get_if<Value::Dict>()) {
    if (key == "name") entry = name();
    if (key == "trainable") entry = trainable();
  }
  return value;
}

template <class Config>
std::optional<Spec> LayerWith<Config>::first_input() const {
  if constexpr (requires { options().input_shape; }) {
    if (options().input_shape.rank() > 0) return Spec{options().input_shape.with_batch()};
  }
  return std::nullopt;
}

template <class L>
concept IsLayer = std::derived_from<std::remove_cvref_t<L>, Layer>;

/// A raw or smart pointer to a layer, which no function accepts.
template <class P>
concept PointsToLayer = !std::same_as<std::remove_cvref_t<P>, AnyLayer> && requires(const P& pointer) {
  { *pointer } -> IsLayer;
};

/// An argument of a model's constructor. Includes pointers, so that a static_assert can reject them with a message.
template <class L>
concept LayerOrPointer = IsLayer<L> || PointsToLayer<L>;

/// An owner of one layer of any class. Copies keep the class.
class XERAS_API AnyLayer {
 public:
  template <std::derived_from<Layer> L>
  AnyLayer(L layer);
  template <PointsToLayer P>
  AnyLayer(const P&) {
    static_assert(!PointsToLayer<P>, "xeras: expected a layer, not a pointer to one; write add(Dense(8))");
  }
  /// Holds no layer: the default of optional arguments such as Bidirectional's backward_layer.
  AnyLayer() = default;
  AnyLayer(const AnyLayer& other) : layer_(other ? other.copy_(*other.layer_) : nullptr), copy_(other.copy_) {}
  AnyLayer(AnyLayer&&) = default;
  AnyLayer& operator=(AnyLayer other) {
    std::swap(layer_, other.layer_);
    std::swap(copy_, other.copy_);
    return *this;
  }

  explicit operator bool() const { return layer_ != nullptr; }
  Layer& operator*() const { return *layer_; }
  Layer* operator->() const { return layer_.get(); }
  Layer* get() const { return layer_.get(); }

 private:
  std::unique_ptr<Layer> layer_;
  std::unique_ptr<Layer> (*copy_)(const Layer&) = nullptr;
};

/// Convert a layer of the library to {"class_name": "Dense", "config": {...}} and back, as in the configuration of a
/// wrapper. from_value throws FileError for an unknown class.
XERAS_API Value to_value(const AnyLayer& layer);
XERAS_API void from_value(const Value& value, AnyLayer& layer, const std::string& path);

template <std::derived_from<Layer> L>
AnyLayer::AnyLayer(L layer)
    : layer_(std::make_unique<L>(std::move(layer))), copy_([](const Layer& original) -> std::unique_ptr<Layer> {
        const L& known = static_cast<const L&>(original);
        if constexpr (std::copy_constructible<L>) {
          return std::make_unique<L>(known);
        } else if constexpr (requires { L(known.clone()); }) {
          return std::make_unique<L>(known.clone());
        } else {
          static_assert(std::copy_constructible<L>,
                        "xeras: a layer needs a copy constructor, since a model's clone copies its layers");
        }
      }) {}

}  // namespace xeras

// Compile the templates of a library layer once: its header uses the first macro, its source the second.
#define XERAS_DECLARE_LAYER(Class)                                      \
  extern template class xeras::LayerWith<xeras::layers::Class::Config>; \
  extern template XERAS_API xeras::AnyLayer::AnyLayer(xeras::layers::Class);
#define XERAS_DEFINE_LAYER(Class)                                \
  template class xeras::LayerWith<xeras::layers::Class::Config>; \
  template XERAS_API xeras::AnyLayer::AnyLayer(xeras::layers::Class);
