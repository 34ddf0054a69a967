#pragma once

#include <functional>
#include <variant>

#include "xeras/layers/layer.hpp"
#include "xeras/losses.hpp"
#include "xeras/metrics.hpp"
#include "xeras/optimizers/learning_rate.hpp"

namespace xeras {

/// A factory that creates a user-defined layer from its configuration in a file; see custom_layer.
struct CustomLayer {
  std::string class_name;
  AnyLayer (*make)(const Value& config, const std::string& path);
};

/// Returns the factory of a class derived from LayerWith:
///
///   load_model("m.keras", {.custom_objects = {custom_layer<Scale>()}});
template <class L>
CustomLayer custom_layer() {
  return {class_name_of(typeid(L)), [](const Value& value, const std::string& path) {
            typename L::Config config{};
            from_value(value, config, path);
            return AnyLayer(L(std::move(config)));
          }};
}

/// A factory that creates a user-defined loss or metric from its configuration in a file; see custom_loss. `name` also
/// finds it in files that store only a name, as for a Python function: "my_loss".
template <class Base>
struct CustomFunction {
  std::string class_name;
  std::string name;
  std::function<std::shared_ptr<Base>(const Value& config, const std::string& path)> make;
};
using CustomLoss = CustomFunction<losses::Loss>;
using CustomMetric = CustomFunction<metrics::Metric>;

template <class Base, class F>
CustomFunction<Base> custom_function_of(std::string name) {
  return {class_name_of(typeid(F)), std::move(name), [](const Value& value, const std::string& path) {
            typename F::Config config{};
            from_value(value, config, path);
            return std::shared_ptr<Base>(std::make_shared<F>(std::move(config)));
          }};
}

/// Returns the factory of a class with a Config, such as one derived from losses::LossWith:
///
///   load_model("m.keras", {.custom_objects = {custom_loss<Quantile>(), custom_metric<Bias>("bias")}});
template <class L>
CustomLoss custom_loss(std::string name = {}) {
  return custom_function_of<losses::Loss, L>(std::move(name));
}

/// Returns the factory of a loss from functions, whose name files keep:
///
///   load_model("m.keras", {.custom_objects = {custom_loss(losses::from_functions("my_loss", value, gradient))}});
XERAS_API CustomLoss custom_loss(losses::FunctionLoss loss);

/// Returns the same for a metric.
template <class M>
CustomMetric custom_metric(std::string name = {}) {
  return custom_function_of<metrics::Metric, M>(std::move(name));
}

/// Returns the factory of a metric from a function:
///
///   load_model("m.keras", {.custom_objects = {custom_metric(metrics::from_function("my_metric", value))}});
XERAS_API CustomMetric custom_metric(metrics::FunctionMetric metric);

/// A factory that creates a user-defined learning rate schedule from its configuration in a file; see custom_schedule.
struct CustomSchedule {
  std::string class_name;
  std::function<optimizers::LearningRate(const Value& config, const std::string& path)> make;
};

/// Returns the factory of a class with a Config, such as one derived from Configured<LearningRateSchedule, Options>, or
/// with a default constructor:
///
///   load_model("m.keras", {.custom_objects = {custom_schedule<Warmup>()}});
template <class S>
requires requires { typename S::Config; } || std::default_initializable<S> CustomSchedule custom_schedule() {
  return {class_name_of(typeid(S)), []([[maybe_unused]] const Value& value, [[maybe_unused]] const std::string& path) {
            if constexpr (requires { typename S::Config; }) {
              typename S::Config config{};
              from_value(value, config, path);
              return optimizers::LearningRate(S(std::move(config)));
            } else {
              return optimizers::LearningRate(S());
            }
          }};
}

/// Returns a factory that copies an object, for a class of which files keep only the name:
///
///   load_model("m.keras", {.custom_objects = {custom_schedule(Halving(0.1))}});
template <optimizers::PlainSchedule S>
CustomSchedule custom_schedule(S schedule) {
  return {class_name_of(typeid(S)),
          [rate = optimizers::LearningRate(std::move(schedule))](const Value&, const std::string&) { return rate; }};
}

using CustomObject = std::variant<CustomLayer, CustomLoss, CustomMetric, CustomSchedule>;
using CustomObjects = std::vector<CustomObject>;

}  // namespace xeras
