#include "io/compile_reader.hpp"

#include <fmt/format.h>

#include <concepts>
#include <set>

#include "io/config_edit.hpp"
#include "io/json.hpp"
#include "io/plain_config.hpp"
#include "models/custom_objects.hpp"

namespace xeras::io {
namespace {

template <class Family>
Named<Family> named_from_keras(const Value& own, const std::string& place) {
  Named<Family> result;
  at_place(place, [&] {
    if constexpr (!std::same_as<Family, optimizers::Optimizer>) {
      if (auto function = custom_function<Family>(own, place)) result = std::move(function);
    }
    if (!result) from_value(own, result, place);
    return 0;
  });
  if (own.get_if<std::string>() == nullptr) check_taken(own, to_value(result), place);
  return result;
}

// Returns the single entry of a list or dictionary, since a model has one output; any other value unchanged.
const Value& of_one_output(const Value& value) {
  if (const auto* list = value.get_if<Value::List>(); list != nullptr && list->size() == 1) return list->front();
  const auto* dict = value.get_if<Value::Dict>();
  return dict != nullptr && dict->size() == 1 ? dict->front().second : value;
}

LossArgument loss_from_keras(const Value& value, const std::string& place) {
  Value own = plain(of_one_output(value), place);
  Value::Dict* const arguments = arguments_of(own);
  Value* const reduction = arguments != nullptr ? find(*arguments, "reduction") : nullptr;
  if (reduction != nullptr && (reduction->is_null() || *reduction == Value("none"))) {
    *reduction = Value("sum");  // Keras's gradient of a loss per row is that of the sum
  }
  return named_from_keras<losses::Loss>(own, place);
}

std::vector<MetricArgument> metrics_from_keras(const Value* value, const std::string& place) {
  std::vector<MetricArgument> metrics;
  if (value == nullptr || value->is_null()) return metrics;
  const bool is_one = value->find("class_name") != nullptr;
  const auto* outer = value->get_if<Value::List>();
  const bool is_nested = outer != nullptr && outer->size() == 1 && outer->front().get_if<Value::List>() != nullptr;
  const bool is_by_output = value->get_if<Value::Dict>() != nullptr && !is_one;
  const Value& of_output = is_nested || is_by_output ? of_one_output(*value) : *value;
  const bool is_single = of_output.get_if<Value::List>() == nullptr;
  const Value::List single{of_output};
  const Value::List& list = is_single ? single : list_in(of_output, place);
  const std::string inside = is_nested ? place + "[0]" : place;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string at = is_single ? inside : fmt::format("{}[{}]", inside, i);
    metrics.push_back(named_from_keras<metrics::Metric>(plain(list[i], at), at));
  }
  return metrics;
}

double loss_weight_from_keras(const Value& value, const std::string& place) {
  if (value.is_null() || value == Value(Value::List{}) || value == Value(Value::Dict{})) return 1.0;
  double weight = 1.0;
  from_value(of_one_output(value), weight, place);
  return weight;
}

}  // namespace

Compiled compile_from_keras(const Value& config, const std::string& path) {
  // These options change how Keras runs a model, not its results.
  static const auto& ways_to_run = *new std::set<std::string>{"run_eagerly", "jit_compile", "auto_scale_loss"};
  for (const auto& [key, entry] : *config.get_if<Value::Dict>()) {
    static const auto& known = *new std::set<std::string>{
        "optimizer", "loss", "loss_weights", "metrics", "weighted_metrics", "steps_per_execution"};
    if (!known.contains(key) && !ways_to_run.contains(key)) {
      refuse(path + "." + key, entry, "an argument of compile that xeras supports");
    }
  }
  const Value* value = config.find("optimizer");
  // include_optimizer=False leaves out the optimizer; Keras then uses its default.
  const bool is_missing = value == nullptr || value->is_null();
  const std::string place = path + ".optimizer";
  OptimizerArgument optimizer =
      named_from_keras<optimizers::Optimizer>(is_missing ? Value("rmsprop") : plain(*value, place), place);
  LossArgument loss;
  if (value = config.find("loss"); value != nullptr && !value->is_null()) {
    loss = loss_from_keras(*value, path + ".loss");
  }
  CompileOptions options;
  options.weighted_metrics = metrics_from_keras(config.find("weighted_metrics"), path + ".weighted_metrics");
  if (value = config.find("loss_weights"); value != nullptr) {
    options.loss_weights = loss_weight_from_keras(*value, path + ".loss_weights");
  }
  // Keras 2 writes null, or "auto" if it tunes the number, which begins with 1.
  if (value = config.find("steps_per_execution"); value != nullptr && !value->is_null() && *value != Value("auto")) {
    from_value(*value, options.steps_per_execution, path + ".steps_per_execution");
  }
  return at_place(path, [&] {
    return compile(std::move(optimizer), std::move(loss), metrics_from_keras(config.find("metrics"), path + ".metrics"),
                   std::move(options));
  });
}

}  // namespace xeras::io
