#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "xeras/losses.hpp"
#include "xeras/metrics.hpp"
#include "xeras/models/custom_layer.hpp"

namespace xeras {

/// How a loss or a metric of one's own is made from its configuration in a file. `name` is what a file calls it that
/// says no more than a name, as for a function of Python: "my_loss".
template <class Base>
struct CustomFunction {
  std::string class_name;
  std::string name;
  std::shared_ptr<Base> (*make)(const Value& config, const std::string& path);
};
using CustomLoss = CustomFunction<losses::Loss>;
using CustomMetric = CustomFunction<metrics::Metric>;

/// For a class with a Config, such as one derived from losses::LossWith:
/// load_model("m.keras", {.custom_objects = {custom_loss<Quantile>()}}).
template <class L>
CustomLoss custom_loss(std::string name = {}) {
  return {class_name_of(typeid(L)), std::move(name), [](const Value& value, const std::string& path) {
            typename L::Config config{};
            from_value(value, config, path);
            return std::shared_ptr<losses::Loss>(std::make_shared<L>(std::move(config)));
          }};
}

/// The same for metrics.
template <class M>
CustomMetric custom_metric(std::string name = {}) {
  return {class_name_of(typeid(M)), std::move(name), [](const Value& value, const std::string& path) {
            typename M::Config config{};
            from_value(value, config, path);
            return std::shared_ptr<metrics::Metric>(std::make_shared<M>(std::move(config)));
          }};
}

using CustomObject = std::variant<CustomLayer, CustomLoss, CustomMetric>;
using CustomObjects = std::vector<CustomObject>;

}  // namespace xeras
