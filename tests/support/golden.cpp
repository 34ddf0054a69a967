#include "support/golden.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "io/compile_reader.hpp"
#include "io/json.hpp"
#include "io/keras_config_reader.hpp"
#include "layers/pass.hpp"
#include "support/every_format.hpp"
#include "xeras/core/error.hpp"
#include "xeras/models/sequential.hpp"

namespace xeras::testing {
namespace {

using nlohmann::json;

// Tensors

Extents extents_in(const json& tensor) {
  Extents extents;
  for (const json& dim : tensor.at("shape")) extents.push_back(dim.get<std::int64_t>());
  return extents;
}

template <class T = float>
std::vector<T> values_in(const json& tensor) {
  return tensor.is_null() ? std::vector<T>() : tensor.at("values").get<std::vector<T>>();
}

Tensor tensor_in(const json& tensor) {
  std::vector<Dim> dims;
  for (const json& dim : tensor.at("shape")) dims.push_back(dim.get<std::int64_t>());
  Tensor result = empty_tensor(Shape(dims));
  const std::vector<float> values = values_in(tensor);
  std::copy(values.begin(), values.end(), result.begin());
  return result;
}

std::vector<Tensor> tensors_in(const json& list) {
  std::vector<Tensor> tensors;
  for (const json& tensor : list) tensors.push_back(tensor_in(tensor));
  return tensors;
}

template <class Range>
std::vector<float> floats(const Range& range) {
  return {range.begin(), range.end()};
}

// Comparing

class Comparison {
 public:
  explicit Comparison(GoldenOutcome& outcome) : outcome_(outcome) {}
  std::string name;  // of the case, for messages

  void fail(const std::string& what) { outcome_.failures.push_back(name + ": " + what); }

  void numbers(const std::string& kind, const std::string& what, const std::vector<float>& actual,
               const std::vector<float>& expected) {
    if (actual.size() != expected.size()) {
      return fail(fmt::format("{} has {} numbers; Keras has {}.", what, actual.size(), expected.size()));
    }
    double worst = 0.0;
    std::size_t place = 0;
    for (std::size_t i = 0; i < actual.size(); ++i) {
      double difference = std::abs(double{actual[i]} - double{expected[i]}) / (1.0 + std::abs(double{expected[i]}));
      if (std::isnan(difference)) difference = std::numeric_limits<double>::infinity();
      if (difference > worst) {
        worst = difference;
        place = i;
      }
    }
    double& largest = outcome_.largest[kind];
    largest = std::max(largest, worst);
    if (worst > golden_tolerance(kind)) {
      fail(fmt::format("{}[{}] is {}; in Keras it is {}.", what, place, actual[place], expected[place]));
    }
  }

  void mask(const std::vector<float>& actual, const json& expected) {
    if (actual != values_in(expected)) {
      fail(fmt::format("the output's mask is [{}]; in Keras it is [{}].", fmt::join(actual, " "),
                       fmt::join(values_in(expected), " ")));
    }
  }

 private:
  GoldenOutcome& outcome_;
};

Input input_in(const json& tensor, bool ids) {
  if (ids) return Input(xt::xarray<std::int64_t>(xt::cast<std::int64_t>(tensor_in(tensor))));
  return Input(tensor_in(tensor));
}

// Layer cases

// Checks one call of a layer alone. LayerProbe repeats a call for each of its checks, which a stateful layer does not
// allow.
void play_run(Layer& layer, const std::vector<Tensor>& weights, const json& run, bool training, bool fixed_batch,
              Comparison& compare) {
  const Extents input = extents_in(run.at("x"));
  const std::vector<float> x = values_in(run.at("x"));
  const std::vector<std::int64_t> ids(x.begin(), x.end());
  const auto mask = values_in<std::uint8_t>(run.at("mask"));

  std::vector<Dim> dims{fixed_batch ? Dim(input[0]) : Dim(None)};
  for (std::size_t axis = 1; axis < input.rank(); ++axis) dims.push_back(input[axis]);
  const std::optional<Spec> first = layer.first_input();
  const bool takes_ids = first && first->dtype == DType::int32;
  BuildContext context;
  context.who = layer.class_name();
  const Spec spec{Shape(dims), takes_ids ? DType::int32 : DType::float32, !mask.empty()};
  const Node node = Builder::build_node(layer, spec, context);
  layer.set_weights(weights);

  Workspace workspace;
  workspace.prepare(context, input[0]);
  workspace.training = training;
  workspace.keep = true;
  const AnyView given = takes_ids ? AnyView(ids.data(), input, ElementKind::i64) : ConstView{x.data(), input};
  const MaskView mask_view{mask.empty() ? nullptr : mask.data(), {input[0], input.rank() > 1 ? input[1] : 1}};
  const std::vector<Variable*> variables = layer.variables();
  workspace.gradients.resize(context.variables);
  for (std::size_t i = 0; i < variables.size(); ++i) {
    workspace.gradients[i].wanted = true;
    workspace.gradients[i].dense.assign(variables[i]->size(), 0.0f);
  }
  Pass::forward(node, workspace, {given, mask_view}, {});
  const View y = workspace.nodes[node.number].output;
  compare.numbers("output", "y", floats(y.span()), values_in(run.at("y")));
  const MaskView y_mask = workspace.nodes[node.number].output_mask;
  compare.mask(y_mask.data == nullptr ? std::vector<float>() : floats(y_mask.span()), run.at("y_mask"));

  for (std::size_t i = 0; i < variables.size(); ++i) {
    const auto update = std::find_if(workspace.updates.begin(), workspace.updates.end(),
                                     [&](const Workspace::Update& entry) { return entry.variable == variables[i]; });
    const json& expected = run.at("updated").at(i);
    if ((update == workspace.updates.end()) != expected.is_null()) {
      compare.fail(fmt::format("\"{}\" {} its value.", variables[i]->name, expected.is_null() ? "changes" : "keeps"));
    } else if (!expected.is_null()) {
      const std::vector<float> value(update->value, update->value + variables[i]->size());
      compare.numbers("moving statistic", variables[i]->name, value, values_in(expected));
    }
  }

  std::vector<float> dy = values_in(run.at("dy"));
  std::vector<float> dx(x.size());
  Pass::backward(node, workspace, {dy.data(), y.extents}, {takes_ids ? nullptr : dx.data(), input});
  if (!takes_ids) compare.numbers("gradient", "dx", dx, values_in(run.at("dx")));
  for (std::size_t i = 0; i < variables.size(); ++i) {
    GradientSlot& slot = workspace.gradients[i];
    if (variables[i]->lookup) slot.rows.scatter(slot.dense.data(), variables[i]->value().shape().back());
    const json& expected = run.at("dweights").at(i);
    if (!expected.is_null()) {
      compare.numbers("gradient", "d" + variables[i]->name, floats(slot.dense), values_in(expected));
    }
  }
}

// Checks the layer in a model of its own, in every format.
void save_and_load(const AnyLayer& layer, const json& entry, Comparison& compare) {
  const json& x = entry.at("runs").at(0).at("x");
  const Extents input = extents_in(x);
  std::vector<Dim> shape{entry.value("stateful", false) ? Dim(input[0]) : Dim(None)};
  for (std::size_t axis = 1; axis < input.rank(); ++axis) shape.push_back(input[axis]);
  Sequential model;
  model.add(layer);
  if (!model.built()) model.build(Shape(shape));
  model.set_weights(tensors_in(entry.at("weights")));
  const bool ids = model.first_input() && model.first_input()->dtype == DType::int32;
  if (entry.value("stateful", false)) model.reset_states();
  for (const std::string& lost : lost_in_files(model, input_in(x, ids))) compare.fail(lost);
}

void play_layer(const json& entry, Comparison& compare) {
  AnyLayer layer = io::layer_from_keras(io::parse_json(entry.at("layer").dump(), "layer"), "layer");
  const bool stateful = entry.value("stateful", false);
  const std::vector<Tensor> weights = tensors_in(entry.at("weights"));
  for (const json& run : entry.at("runs")) {
    for (const json& mode : run.at("modes")) {
      const std::string name = compare.name;
      compare.name = fmt::format("{}, {}{}", name, mode.get<std::string>(), run.at("mask").is_null() ? "" : ", masked");
      play_run(*layer, weights, run, mode == "training", stateful, compare);
      compare.name = name;
    }
  }
  save_and_load(layer, entry, compare);
}

// Model cases

Value value_in(const json& entry) { return io::parse_json(entry.dump(), "golden"); }

Sequential make_model(const json& entry) {
  const json config{{"class_name", "Sequential"}, {"config", {{"name", "golden"}, {"layers", entry.at("layers")}}}};
  Sequential model = std::move(io::model_from_keras(value_in(config), "").model);
  std::vector<Dim> shape;
  for (const json& dim : entry.at("input_shape")) shape.push_back(dim.is_null() ? Dim() : dim.get<std::int64_t>());
  model.build(Shape(shape));
  model.set_weights(tensors_in(entry.at("weights")));
  return model;
}

void play_model(const json& entry, Comparison& compare) {
  const std::string name = compare.name;
  for (const json& training : entry.at("trainings")) {
    Sequential model = make_model(entry);
    const bool ids = model.first_input()->dtype == DType::int32;
    const json compiled{{"optimizer", training.at("optimizer")}, {"loss", entry.at("loss")}};
    const Compiled given = io::compile_from_keras(value_in(compiled), "compile_config");
    model.compile(given.optimizer, given.loss);
    compare.name = name + ", " + given.optimizer->class_name();

    std::vector<float> losses;
    for (const json& batch : entry.at("batches")) {
      BatchOptions options;
      if (batch.contains("sample_weight")) options.sample_weight = input_in(batch.at("sample_weight"), false);
      const Scores scores = model.train_on_batch(input_in(batch.at("x"), ids), input_in(batch.at("y"), false), options);
      losses.push_back(static_cast<float>(scores["loss"]));
    }
    compare.numbers("loss", "the loss", losses, values_in(training.at("losses")));
    const std::vector<Tensor> weights = model.get_weights();
    for (std::size_t i = 0; i < weights.size(); ++i) {
      compare.numbers("trained weight", fmt::format("weight {}", i), floats(weights[i]),
                      values_in(training.at("weights").at(i)));
    }
    for (const std::string& lost : lost_in_files(model, input_in(entry.at("batches").at(0).at("x"), ids))) {
      compare.fail(lost);
    }
  }
}

}  // namespace

double golden_tolerance(const std::string& kind) {
  constexpr double output = 1e-5;
  constexpr double gradient = 1e-4;
  constexpr double trajectory = 1e-4;
  if (kind == "gradient") return gradient;
  return kind == "loss" || kind == "trained weight" ? trajectory : output;
}

GoldenOutcome play_golden_file(const std::string& file) {
  std::ifstream stream(std::string(XERAS_GOLDEN_FOLDER) + "/" + file + ".json");
  if (!stream) throw FileError(file + ".json cannot be opened. Make it: golden/make_goldens.py " + file + ".");
  const json root = json::parse(stream);
  GoldenOutcome outcome;
  outcome.made_with = "Keras " + root.at("keras").get<std::string>() + ", " + root.at("backend").get<std::string>();
  const bool models = root.contains("models");
  std::map<std::string, std::size_t> unreadable;
  for (const json& entry : root.at(models ? "models" : "cases")) {
    ++outcome.cases;
    Comparison compare(outcome);
    compare.name = entry.at("name").get<std::string>();
    try {
      models ? play_model(entry, compare) : play_layer(entry, compare);
    } catch (const FileError& error) {
      ++unreadable[error.what()];
    } catch (const std::exception& error) {
      compare.fail(error.what());
    }
  }
  for (const auto& [message, count] : unreadable) {
    outcome.failures.push_back(fmt::format("{} of {} cases: {}", count, outcome.cases, message));
  }
  return outcome;
}

}  // namespace xeras::testing
