#include "io/keras2_training.hpp"

#include <fmt/format.h>

#include <map>

#include "io/config_edit.hpp"

namespace xeras::io {
namespace {

using Dict = Value::Dict;
using List = Value::List;

// Returns the class of a Keras function by its name: "mean_absolute_error", or {"class_name": "function", "config":
// "mean_absolute_error"}. This name is all that a metric records. The user's own functions keep their names.
std::string class_of_function(const Value& function, const std::string& place) {
  static const auto& classes = *new std::map<std::string, const char*>{
      {"accuracy", "Accuracy"},
      {"binary_accuracy", "BinaryAccuracy"},
      {"binary_crossentropy", "BinaryCrossentropy"},
      {"binary_focal_crossentropy", "BinaryFocalCrossentropy"},
      {"categorical_accuracy", "CategoricalAccuracy"},
      {"categorical_crossentropy", "CategoricalCrossentropy"},
      {"categorical_focal_crossentropy", "CategoricalFocalCrossentropy"},
      {"categorical_hinge", "CategoricalHinge"},
      {"cosine_similarity", "CosineSimilarity"},
      {"hinge", "Hinge"},
      {"huber", "Huber"},
      {"huber_loss", "Huber"},
      {"kl_divergence", "KLDivergence"},
      {"kullback_leibler_divergence", "KLDivergence"},
      {"log_cosh", "LogCosh"},
      {"logcosh", "LogCosh"},
      {"mean_absolute_error", "MeanAbsoluteError"},
      {"mean_absolute_percentage_error", "MeanAbsolutePercentageError"},
      {"mean_squared_error", "MeanSquaredError"},
      {"mean_squared_logarithmic_error", "MeanSquaredLogarithmicError"},
      {"poisson", "Poisson"},
      {"sparse_categorical_accuracy", "SparseCategoricalAccuracy"},
      {"sparse_categorical_crossentropy", "SparseCategoricalCrossentropy"},
      {"sparse_top_k_categorical_accuracy", "SparseTopKCategoricalAccuracy"},
      {"squared_hinge", "SquaredHinge"},
      {"top_k_categorical_accuracy", "TopKCategoricalAccuracy"},
  };
  const Value* const named = class_of(function) == "function" ? function.find("config") : &function;
  const std::string* const name = named != nullptr ? named->get_if<std::string>() : nullptr;
  if (name == nullptr) refuse(place, function, "a function's name");
  const auto found = classes.find(*name);
  return found != classes.end() ? found->second : *name;
}

// Replaces the classes that wrap functions in losses and metrics. The function stands beside the other arguments and
// identifies the class; the wrapper's name does not.
Value upgrade_function(const Value& object, const std::string& place) {
  if (const List* list = object.get_if<List>()) {
    List result;
    for (std::size_t i = 0; i < list->size(); ++i) {
      result.push_back(upgrade_function((*list)[i], fmt::format("{}[{}]", place, i)));
    }
    return result;
  }
  const std::string class_name = class_of(object);
  Value result = object;
  if (class_name.empty()) {  // by output
    if (Dict* const dict = result.get_if<Dict>()) {
      for (auto& [key, entry] : *dict) entry = upgrade_function(entry, place + "." + key);
    }
    return result;
  }
  Dict* const arguments = arguments_of(result);
  if (arguments == nullptr) return result;
  Value* const reduction = find(*arguments, "reduction");
  if (reduction != nullptr && *reduction == Value("auto")) *reduction = Value("sum_over_batch_size");
  const bool is_wrapper = class_name == "MeanMetricWrapper" || class_name == "LossFunctionWrapper";
  const Value* const function = find(*arguments, "fn");
  if (function == nullptr) {
    if (is_wrapper) refuse(place + ".config", *object.find("config"), "fn, the function that it wraps");
    return result;
  }
  const std::string of_function = class_of_function(*function, place + ".config.fn");
  if (is_wrapper) set(*result.get_if<Dict>(), "class_name", of_function);
  if (!is_wrapper && of_function != class_name) {
    refuse(place + ".config.fn", *function, fmt::format("the function of {}", class_name));
  }
  erase(*arguments, {"fn"});
  return result;
}

// Returns a loss, or several by output, with the names that strings have in Keras 3.
Value respell_loss(const Value& loss) {
  static const auto& names = *new std::map<std::string, const char*>{{"cosine_proximity", "cosine_similarity"},
                                                                     {"huber_loss", "huber"},
                                                                     {"kullback_leibler_divergence", "kl_divergence"},
                                                                     {"logcosh", "log_cosh"}};
  Value result = loss;
  if (const std::string* const name = loss.get_if<std::string>()) {
    const auto found = names.find(*name);
    return found != names.end() ? Value(found->second) : loss;
  }
  if (List* const list = result.get_if<List>()) {
    for (Value& entry : *list) entry = respell_loss(entry);
  }
  if (Dict* const dict = result.get_if<Dict>(); dict != nullptr && class_of(loss).empty()) {
    for (auto& [key, entry] : *dict) entry = respell_loss(entry);
  }
  return result;
}

// Converts a decay, with which learning rates fell by 1 / (1 + decay * iterations), to a schedule.
void upgrade_decay(Dict& arguments) {
  Value* const decay = find(arguments, "decay");
  Value* const rate = find(arguments, "learning_rate");
  if (decay != nullptr && rate != nullptr && !decay->is_null() && !is_zero(*decay)) {
    *rate = Dict{{"class_name", "InverseTimeDecay"},
                 {"config", Dict{{"initial_learning_rate", *rate},
                                 {"decay_steps", std::int64_t{1}},
                                 {"decay_rate", *decay},
                                 {"staircase", false},
                                 {"name", "InverseTimeDecay"}}}};
  }
  erase(arguments, {"decay"});
}

// Refuses the optimizers before tf.keras 2.11 whose formulas are not those of today.
void check_formula(const Value& optimizer, Dict& arguments, const KerasVersion& version, const std::string& place) {
  if (find(arguments, "use_ema") != nullptr) return;
  const std::string class_name = class_of(optimizer);
  if (class_name == "Nadam") {
    refuse(place, optimizer, "one since tf.keras 2.11, whose momentum grows faster");
  }
  if (class_name != "Adagrad") return;
  // Epsilon was added to the root, which makes no difference in float if it is small beside the accumulator.
  const Value* const epsilon = find(arguments, "epsilon");
  const Value* const start = find(arguments, "initial_accumulator_value");
  const auto number = [](const Value* value) {
    const double* const found = value != nullptr ? value->get_if<double>() : nullptr;
    return found != nullptr ? *found : 0.0;
  };
  if (version.is_tensorflow && number(start) >= 0.1 && number(epsilon) <= 1e-7) return;
  refuse(place, optimizer,
         "initial_accumulator_value >= 0.1 and epsilon <= 1e-07, or one since tf.keras 2.11, with epsilon in the root");
}

Value upgrade_optimizer(const Value& optimizer, const KerasVersion& version, const std::string& place) {
  Value result = optimizer;
  Dict* const arguments = arguments_of(result);
  if (arguments == nullptr) return result;
  check_formula(optimizer, *arguments, version, place);
  rename(*arguments, "lr", "learning_rate");
  upgrade_decay(*arguments);
  erase(*arguments, {"jit_compile", "is_legacy_optimizer"});
  if (Value* epsilon = find(*arguments, "epsilon"); epsilon != nullptr && epsilon->is_null()) *epsilon = 1e-7;
  // It clipped by the norm of all gradients together; later tf.keras used the name for the norm of each gradient.
  if (!version.is_tensorflow) rename(*arguments, "clipnorm", "global_clipnorm");
  return result;
}

// Drops clipping by 0, which clips nothing, except in the optimizers of tf.keras before 2.11, which then learned
// nothing.
void drop_clipping_by_0(Value& optimizer, const KerasVersion& version) {
  Dict* const arguments = arguments_of(optimizer);
  if (arguments == nullptr) return;
  const bool is_old = version.major == 2 && version.is_tensorflow && find(*arguments, "use_ema") == nullptr;
  for (const char* key : {"clipnorm", "clipvalue", "global_clipnorm"}) {
    Value* const limit = find(*arguments, key);
    if (!is_old && limit != nullptr && is_zero(*limit)) *limit = Value();
  }
}

}  // namespace

Value upgrade_training(const Value& training, const KerasVersion& version, const std::string& path) {
  Value result = training;
  Dict* const arguments = result.get_if<Dict>();
  if (arguments == nullptr) refuse(path, training, "arguments");
  rename(*arguments, "optimizer_config", "optimizer");
  if (Value* optimizer = find(*arguments, "optimizer")) {
    if (version.major == 2) *optimizer = upgrade_optimizer(*optimizer, version, path + ".optimizer");
    drop_clipping_by_0(*optimizer, version);
  }
  if (version.major == 3) return result;
  for (const char* key : {"loss", "metrics", "weighted_metrics"}) {
    if (Value* value = find(*arguments, key)) *value = upgrade_function(*value, path + "." + key);
  }
  if (Value* loss = find(*arguments, "loss")) *loss = respell_loss(*loss);
  // The library recognizes weights of samples and of steps by their shape.
  erase(*arguments, {"sample_weight_mode"});
  return result;
}

}  // namespace xeras::io
