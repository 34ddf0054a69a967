#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

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

/// One step of a model. A layer says in `build` what it needs and what comes out; after that nothing but its weights
/// ever changes, and what one call needs lives in the Call. So `forward` may run in many threads at once.
class XERAS_API Layer {
 public:
  virtual ~Layer();

  /// Keras's name: given, or made when the layer is added to a model ("dense", "dense_1").
  const std::string& name() const { return name_; }
  /// "Dense".
  std::string class_name() const { return class_name_of(typeid(*this)); }
  /// The constructor's arguments, by name.
  virtual Value get_config() const = 0;

  /// True when training changes the weights. Setting it also sets it for the layers within this one. Throws Error while
  /// fit trains them.
  bool trainable() const { return trainable_; }
  void set_trainable(bool trainable);

  bool built() const { return output_.has_value(); }
  /// With the batch axis as None. Throws ShapeError while the layer is not built.
  const Shape& input_shape() const;
  const Shape& output_shape() const;
  /// Of all weights, trainable or not. Throws ShapeError while the layer is not built.
  std::int64_t count_params() const;

  /// Copies of the weights, in the order in which they were declared; a model's are those of its layers.
  std::vector<Tensor> get_weights() const;
  /// Throws InvalidArgument unless number and shapes fit; then nothing has changed.
  void set_weights(const std::vector<Tensor>& weights);
  /// Sets the states of stateful layers, here and within, to zero. Throws InvalidArgument where there are none.
  void reset_states();
  /// The weights themselves, own ones first, then those of the layers within.
  std::vector<Variable*> variables();
  std::vector<const Variable*> variables() const;

  // What a layer implements; docs/adding_a_layer.md goes through it.

  /// Once the input is known: checks it, declares weights and buffers, says what comes out.
  virtual Spec build(const Spec& input, Builder& builder) = 0;
  /// Computes call.output() from call.input() or call.ids(). Many threads at once.
  virtual void forward(const Call& call) const = 0;
  /// Adds to the gradients of the weights, sets the gradient of the input. Throws Error where a layer has none.
  virtual void backward(const BackwardCall& call) const;
  /// Sets the sizes of one call's output that the Spec of build leaves open: a None that names no axis of the input.
  /// The other axes are set already.
  virtual void output_extents(const Extents& input, Extents& output) const;
  /// The sizes of one call's output, for an input of these sizes; the layer must be built.
  Extents extents_after(const Extents& input) const;
  /// True when a call would only hand its input on: then neither forward nor backward is called.
  virtual bool passes_input(bool /*training*/) const { return false; }
  /// What a first layer says of a model's input: the shape of one batch where it is known, and whether it takes ids.
  virtual std::optional<Spec> first_input() const { return std::nullopt; }
  /// The layers within this one: of a wrapper, of a model.
  virtual std::span<AnyLayer> children();

 protected:
  Layer(std::string name, bool trainable);
  /// A copy is a layer of its own, which no model is built of.
  Layer(const Layer&);
  /// A layer that a model is built of stays what it is, and the new one has nothing of it.
  Layer(Layer&&) noexcept;
  /// Throw Error for a layer that a model is built of.
  Layer& operator=(const Layer&);
  Layer& operator=(Layer&&);

  /// True when the plan of a model or of a layer around this one points to it.
  bool in_plan() const { return plan_ != nullptr; }
  /// `Embedding "tokens"`, or the class alone while there is no name: how messages begin.
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
  mutable std::vector<Tensor> states_;  // of a stateful layer; the model lets one call at a time touch them
  std::optional<Spec> input_;
  std::optional<Spec> output_;
  const PlanUse* plan_ = nullptr;
};

/// A layer whose constructor's arguments are the struct Config (see XERAS_FIELDS): either the options struct itself, or
/// the positional arguments followed by `options`. The struct has `name`, `trainable`, and where a layer may come first
/// in a model, `input_shape` without the batch.
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
  /// The options struct, wherever Config keeps it.
  const auto& options() const { return options_of(config_); }

  Config config_;  // a wrapper's holds the layers within

 private:
  static const auto& options_of(const Config& config) {
    if constexpr (requires { config.options; }) {
      return config.options;
    } else {
      return config;
    }
  }
};

// Not within the class, so that XERAS_DECLARE_LAYER keeps programs from compiling them again.
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

/// `new Dense(8)` or a smart pointer, which nothing takes.
template <class P>
concept PointsToLayer = !std::same_as<std::remove_cvref_t<P>, AnyLayer> && requires(const P& pointer) {
  { *pointer } -> IsLayer;
};

/// The arguments of a model's constructor. Pointers are among them so that a static_assert can refuse them in words.
template <class L>
concept LayerOrPointer = IsLayer<L> || PointsToLayer<L>;

/// Owns a layer of any class, and copies it as that class.
class XERAS_API AnyLayer {
 public:
  template <std::derived_from<Layer> L>
  AnyLayer(L layer);
  template <PointsToLayer P>
  AnyLayer(const P&) {
    static_assert(!PointsToLayer<P>, "xeras: a layer is given as it is, not by a pointer to it; write add(Dense(8))");
  }
  /// No layer: how an optional argument starts, such as Bidirectional's backward_layer.
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

/// {"class_name": "Dense", "config": {...}}, and back: from the layers that the library has. A layer as a field of a
/// wrapper's configuration is read and written this way. Throws FileError for a class that is not known.
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

// The templates of a layer of the library are compiled once: its header declares that, its source does it.
#define XERAS_DECLARE_LAYER(Class)                                      \
  extern template class xeras::LayerWith<xeras::layers::Class::Config>; \
  extern template XERAS_API xeras::AnyLayer::AnyLayer(xeras::layers::Class);
#define XERAS_DEFINE_LAYER(Class)                                \
  template class xeras::LayerWith<xeras::layers::Class::Config>; \
  template XERAS_API xeras::AnyLayer::AnyLayer(xeras::layers::Class);
