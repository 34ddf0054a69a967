#include "xeras/layers/wrappers/bidirectional.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/shown.hpp"
#include "kernels/simd.hpp"
#include "layers/snake_case.hpp"
#include "xeras/core/error.hpp"
#include "xeras/layers/call.hpp"
#include "xeras/layers/recurrent/gru.hpp"
#include "xeras/layers/recurrent/lstm.hpp"
#include "xeras/layers/recurrent/simple_rnn.hpp"

namespace xeras::layers {
namespace {

// The options of a direction that must agree with those of the other one, or differ.
struct Direction {
  std::int64_t units;
  bool go_backwards, return_sequences, stateful;
};

template <class L>
bool visit_as(const Layer& layer, const auto& visit) {
  const L* found = dynamic_cast<const L*>(&layer);
  if (found != nullptr) visit(*found);
  return found != nullptr;
}

// Calls visit with the layer as its own class. Throws InvalidArgument unless it is recurrent.
void visit_recurrent(const std::string& who, const char* argument, const AnyLayer& layer, const auto& visit) {
  if (layer && (visit_as<SimpleRNN>(*layer, visit) || visit_as<LSTM>(*layer, visit) || visit_as<GRU>(*layer, visit))) {
    return;
  }
  throw InvalidArgument(fmt::format("{}: {} is {}; expected a SimpleRNN, LSTM or GRU. Write Bidirectional(LSTM(8)).",
                                    who, argument, layer ? layer->class_name() : "missing"));
}

// Returns an unbuilt layer with the same options, except those that the wrapper sets.
AnyLayer remake(const std::string& who, const char* argument, const AnyLayer& layer, const auto& change) {
  AnyLayer result;
  visit_recurrent(who, argument, layer, [&]<class L>(const L& original) {
    typename L::Config config = original.config();
    config.options.name = original.name();
    config.options.trainable = original.trainable();
    // As in Keras: if both directions are 0 at masked steps, so is every merge.
    config.options.zero_output_for_mask = config.options.return_sequences;
    change(config.options);
    result = AnyLayer(L(std::move(config)));
  });
  return result;
}

Direction direction_of(const std::string& who, const AnyLayer& layer) {
  Direction direction{};
  visit_recurrent(who, "layer", layer, [&](const auto& found) {
    const auto& o = found.config().options;
    direction = {found.config().units, o.go_backwards, o.return_sequences, o.stateful};
  });
  return direction;
}

// Returns "forward_lstm" for an LSTM named "lstm", "forward_lstm" or "".
std::string name_with(const std::string& prefix, const AnyLayer& layer) {
  if (!layer) return {};
  const std::string name = layer->name().empty() ? snake_case(layer->class_name()) : layer->name();
  return name.starts_with(prefix) ? name : prefix + name;
}

void check_directions(const std::string& who, const Direction& forward, const Direction& backward) {
  if (forward.go_backwards == backward.go_backwards) {
    throw InvalidArgument(
        fmt::format("{}: both layers have go_backwards = {}; expected one of each. Leave go_backwards out of the "
                    "layer, and set it in a backward_layer.",
                    who, forward.go_backwards));
  }
  const auto agree = [&](const char* option, auto one, auto other) {
    if (one == other) return;
    throw InvalidArgument(
        fmt::format("{}: {} is {} in the layer and {} in backward_layer; expected the same. Give both the same {}.",
                    who, option, one, other, option));
  };
  agree("units", forward.units, backward.units);
  agree("return_sequences", forward.return_sequences, backward.return_sequences);
  agree("stateful", forward.stateful, backward.stateful);
}

// Calls visit(ahead, back) for each step, with its index in the output of the forward and of the backward layer.
void visit_steps(const Extents& output, bool sequences, const auto& visit) {
  const auto B = static_cast<std::size_t>(output[0]), T = static_cast<std::size_t>(sequences ? output[1] : 1);
  for (std::size_t row = 0; row < B; ++row) {
    for (std::size_t t = 0; t < T; ++t) visit(row * T + t, row * T + T - 1 - t);
  }
}

}  // namespace

Bidirectional::Bidirectional(BidirectionalConfig config) : LayerWith(std::move(config)) {
  const std::string mode = options().merge_mode.value_or("None");
  const std::array<const char*, 4> modes = {"concat", "sum", "mul", "ave"};
  const auto* const found = std::find(modes.begin(), modes.end(), mode);
  if (found == modes.end()) {
    throw InvalidArgument(
        fmt::format("{}: merge_mode is {}; expected \"concat\", \"sum\", \"mul\" or \"ave\". A layer has one output.",
                    who(), options().merge_mode ? fmt::format("\"{}\"", shown(mode)) : mode));
  }
  merge_ = static_cast<Merge>(found - modes.begin());
  const AnyLayer& given = this->config().layer;
  layers_[0] = remake(who(), "layer", given, [&](auto& o) { o.name = name_with("forward_", given); });
  if (const AnyLayer& own = options().backward_layer) {
    layers_[1] = remake(who(), "backward_layer", own, [&](auto& o) {
      if (o.name.empty()) o.name = name_with("backward_", own);
    });
  } else {
    layers_[1] = remake(who(), "layer", given, [&](auto& o) {
      o.go_backwards = true;
      o.name = name_with("backward_", given);
    });
  }
  const Direction direction = direction_of(who(), layers_[0]);
  check_directions(who(), direction, direction_of(who(), layers_[1]));
  sequences_ = direction.return_sequences;
  config_.layer = layers_[0];
  config_.options.backward_layer = layers_[1];
}

Value Bidirectional::get_config() const {
  Value value = LayerWith::get_config();
  for (auto& [key, entry] : *value.get_if<Value::Dict>()) {
    if (key == "layer") entry = to_value(layers_[0]);
    if (key == "backward_layer") entry = to_value(layers_[1]);
  }
  return value;
}

std::optional<Spec> Bidirectional::first_input() const {
  return options().input_shape.rank() > 0 ? LayerWith::first_input() : layers_[0]->first_input();
}

Spec Bidirectional::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.rank = 3});
  Spec output;
  for (std::size_t k = 0; k < 2; ++k) {
    output = builder.child(*layers_[k], input, k == 0 ? "forward_layer" : "backward_layer");
    outputs_[k] = builder.saved(output.shape);
    output_grads_[k] = builder.scratch(output.shape);
  }
  input_grad_ = builder.scratch(input.shape);
  builder.uses_mask();
  builder.activity_regularizer(options().activity_regularizer);
  // If forward_layer goes backwards, both outputs begin with those of the other end, which may be padding.
  if (!sequences_ || !direction_of(builder.who(), layers_[0]).go_backwards) builder.ignores_masked_steps();
  if (!sequences_) builder.gives_last_step();
  if (merge_ == Merge::concat) output.shape.last() = 2 * output.last().size();
  return output;
}

void Bidirectional::forward(const Call& call) const {
  std::array<View, 2> directions;
  for (std::size_t k = 0; k < 2; ++k) {
    directions[k] = call[outputs_[k]];
    call.run(static_cast<Child>(k), directions[k]);
  }
  const auto U = static_cast<std::size_t>(directions[0].extents.last());
  const auto width = static_cast<std::size_t>(call.output().extents.last());
  visit_steps(call.output().extents, sequences_, [&](std::size_t ahead, std::size_t back) {
    const float *f = directions[0].data + ahead * U, *b = directions[1].data + back * U;
    float* y = call.output().data + ahead * width;
    if (merge_ == Merge::mul) return kernels::simd().multiply(f, b, y, U);
    std::copy_n(f, U, y);
    if (merge_ == Merge::concat) return void(std::copy_n(b, U, y + U));
    kernels::simd().axpy(1.0f, b, y, U);
    if (merge_ == Merge::ave) kernels::simd().scale(0.5f, y, U);
  });
}

void Bidirectional::backward(const BackwardCall& call) const {
  const std::array<View, 2> grads = {call[output_grads_[0]], call[output_grads_[1]]};
  const auto U = static_cast<std::size_t>(grads[0].extents.last());
  const auto width = static_cast<std::size_t>(call.output().extents.last());
  visit_steps(call.output().extents, sequences_, [&](std::size_t ahead, std::size_t back) {
    const float* dy = call.output_grad().data + ahead * width;
    float *df = grads[0].data + ahead * U, *db = grads[1].data + back * U;
    if (merge_ == Merge::mul) {
      kernels::simd().multiply(dy, call[outputs_[1]].data + back * U, df, U);
      kernels::simd().multiply(dy, call[outputs_[0]].data + ahead * U, db, U);
      return;
    }
    std::copy_n(dy, U, df);
    std::copy_n(merge_ == Merge::concat ? dy + U : dy, U, db);
    if (merge_ == Merge::ave) {
      kernels::simd().scale(0.5f, df, U);
      kernels::simd().scale(0.5f, db, U);
    }
  });
  const View none{nullptr, call.input().extents};
  const bool wanted = call.wants_input_grad();
  const View dx = wanted ? call.input_grad() : none, more = wanted ? call[input_grad_] : none;
  call.run_backward(Child{0}, grads[0], dx);
  call.run_backward(Child{1}, grads[1], more);
  if (wanted) kernels::simd().axpy(1.0f, more.data, dx.data, static_cast<std::size_t>(dx.size()));
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(Bidirectional)
