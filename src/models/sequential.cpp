#include "xeras/models/sequential.hpp"

#include <fmt/format.h>

#include <utility>

#include "core/masked_traps.hpp"
#include "core/memory.hpp"
#include "core/shown.hpp"
#include "models/trainer.hpp"

namespace xeras {

Sequential::Sequential(SequentialOptions options)
    : Layer(std::move(options.name), options.trainable), state_(std::make_unique<State>()) {}

// noexcept, so that containers can move models: fit reports a refused move.
Sequential::Sequential(Sequential&& other) noexcept : Layer({}, other.trainable()) {
  if (other.state_ && !other.state_->at_rest()) {
    other.state_->use.refused_move = true;
  } else if (other.in_plan()) {
    other.plan_->refused_move = true;
  } else {
    take(other);
  }
}

Sequential& Sequential::operator=(Sequential&& other) {
  if (this == &other) return *this;
  check_can_change("assignment");
  other.check_can_change("a move");
  take(other);
  return *this;
}

Sequential::~Sequential() = default;

Sequential::Sequential(const Sequential& other, Copy)
    : Layer(other), layers_(other.layers_), state_(std::make_unique<State>()) {
  state_->input_layer = other.state().input_layer;
  state_->input_in_file = other.state().input_in_file;
  if (built()) build_all(*input_);
}

Sequential Sequential::clone() const try { return Sequential(*this, Copy{}); } catch (...) {
  rethrow_as("clone");
}

void Sequential::take(Sequential& other) noexcept {
  Layer::take(other);
  layers_ = std::exchange(other.layers_, {});
  state_ = std::move(other.state_);
}

Sequential::State& Sequential::state() {
  if (!state_) state_ = std::make_unique<State>();
  return *state_;
}

const Sequential::State& Sequential::state() const {
  static const State& empty = *new State;
  return state_ ? *state_ : empty;
}

void Sequential::check_at_rest(const char* member) const {
  if (state().at_rest()) return;
  throw Error(
      fmt::format("{}: {} while fit or another call uses the model; expected no call in progress. In a callback, call "
                  "stop_training, and {} after fit.",
                  who(), member, member));
}

void Sequential::check_can_change(const char* member) const {
  check_at_rest(member);
  if (!in_plan()) return;
  throw Error(
      fmt::format("{}: {} of a model that is part of another one; expected a standalone model. Change it before it is "
                  "added, or change a clone.",
                  who(), member));
}

void Sequential::check_own_plan(const char* member) const {
  if (!built() || !state().nodes.empty()) return;
  throw ShapeError(fmt::format(
      "{}: {} of a model that is built only as part of another one; expected a standalone model. Use its clone.", who(),
      member));
}

Layer& Sequential::get_layer(std::string_view name) const {
  std::vector<std::string> known;
  for (const AnyLayer& layer : layers_) {
    if (layer->name() == name) return *layer;
    known.push_back(layer->name());
  }
  throw InvalidArgument(fmt::format("{}: {}", who(), unknown_name("layer", name, known)));
}

Layer& Sequential::layer_at(std::int64_t index) const {
  const auto count = static_cast<std::int64_t>(layers_.size());
  if (index < -count || index >= count) {
    throw InvalidArgument(fmt::format("{}: get_layer({}); expected an index below {}. The model has {} layers.", who(),
                                      index, count, count));
  }
  return *layers_[static_cast<std::size_t>(index < 0 ? index + count : index)];
}

void Sequential::throw_wrong_class(const Layer& layer, const std::string& expected) const {
  throw InvalidArgument(fmt::format("{}: layer \"{}\" is of class {}; expected {}. Ask for the class that it is.",
                                    who(), shown(layer.name()), layer.class_name(), expected));
}

// Layer

Value Sequential::get_config() const {
  Value::List list;
  for (const AnyLayer& layer : layers_) {
    list.push_back(Value::Dict{{"class_name", layer->class_name()}, {"config", layer->get_config()}});
  }
  return Value::Dict{{"name", name()}, {"trainable", trainable()}, {"layers", std::move(list)}};
}

Spec Sequential::build(const Spec& input, Builder& builder) {
  if (layers_.empty()) {
    throw ShapeError(fmt::format("{}: is an empty model; expected at least one layer. Call add first.", builder.who()));
  }
  return builder.chain(layers_, input);
}

void Sequential::forward(const Call& call) const { call.run_chain(); }
void Sequential::backward(const BackwardCall& call) const { call.run_chain_backward(); }

void Sequential::output_extents(const Extents& input, Extents& output) const {
  output = input;
  for (const AnyLayer& layer : layers_) output = layer->extents_after(output);
}

std::optional<Spec> Sequential::first_input() const {
  if (built()) return input_;
  return layers_.empty() ? std::nullopt : input_for(*layers_.front());
}

DType Sequential::input_dtype(DType given) const {
  return layers_.empty() ? DType::float32 : layers_.front()->input_dtype(given);
}

bool Sequential::sizes_depend_on_values() const {
  return !layers_.empty() && layers_.front()->sizes_depend_on_values();
}

Extents Sequential::extents_for(const AnyView& input) const {
  if (!sizes_depend_on_values()) return extents_after(input.extents);
  Extents now = layers_.front()->extents_for(input);
  for (const AnyLayer& layer : std::span(layers_).subspan(1)) now = layer->extents_after(now);
  return now;
}

// Training and inference

void Sequential::compile(OptimizerArgument optimizer, LossArgument loss, OneOrMore<MetricArgument> metrics,
                         CompileOptions options) try {
  check_at_rest("compile");
  state().compiled = xeras::compile(std::move(optimizer), std::move(loss), std::move(metrics), std::move(options));
} catch (...) {
  rethrow_as("compile");
}

optimizers::Optimizer& Sequential::optimizer() const { return *Evaluator::compiled(*this, "optimizer").optimizer; }

void Sequential::stop_training() { state().stop = true; }

History Sequential::fit(const Input& x, const Input& y, FitOptions options) try {
  const MaskedTraps masked;
  return Trainer(*this, "fit").fit(x, y, options);
} catch (...) {
  rethrow_as("fit");
}

History Sequential::fit(const DatasetArgument& dataset, FitOptions options) try {
  const MaskedTraps masked;
  return Trainer(*this, "fit").fit(dataset.get("fit"), options);
} catch (...) {
  rethrow_as("fit");
}

Scores Sequential::evaluate(const DatasetArgument& dataset, EvaluateOptions options) const try {
  const MaskedTraps masked;
  return Evaluator(*this, "evaluate").evaluate(dataset.get("evaluate"), options);
} catch (...) {
  rethrow_as("evaluate");
}

Scores Sequential::evaluate(const DatasetArgument& dataset, EvaluateOptions options) {
  Evaluator::compiled(*this, "evaluate");
  build_if_new("evaluate", dataset);
  return std::as_const(*this).evaluate(dataset, std::move(options));
}

Scores Sequential::evaluate(const Input& x, const Input& y, EvaluateOptions options) const try {
  const MaskedTraps masked;
  return Evaluator(*this, "evaluate").evaluate({x, y, options.sample_weight}, options);
} catch (...) {
  rethrow_as("evaluate");
}

Scores Sequential::evaluate(const Input& x, const Input& y, EvaluateOptions options) {
  Evaluator::compiled(*this, "evaluate");
  build_if_new("evaluate", x);
  return std::as_const(*this).evaluate(x, y, std::move(options));
}

Scores Sequential::train_on_batch(const Input& x, const Input& y, const BatchOptions& options) try {
  const MaskedTraps masked;
  return Trainer(*this, "train_on_batch").train_on_batch({x, y, options.sample_weight, &options.class_weight});
} catch (...) {
  rethrow_as("train_on_batch");
}

Scores Sequential::test_on_batch(const Input& x, const Input& y, const BatchOptions& options) const try {
  const MaskedTraps masked;
  return Evaluator(*this, "test_on_batch")
      .evaluate({x, y, options.sample_weight, &options.class_weight}, {.batch_size = x.length(), .verbose = 0});
} catch (...) {
  rethrow_as("test_on_batch");
}

Scores Sequential::test_on_batch(const Input& x, const Input& y, const BatchOptions& options) {
  Evaluator::compiled(*this, "test_on_batch");
  build_if_new("test_on_batch", x);
  return std::as_const(*this).test_on_batch(x, y, options);
}

}  // namespace xeras
