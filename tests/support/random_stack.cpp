#include "support/random_stack.hpp"

#include <algorithm>
#include <array>

#include "xeras/xtensor.hpp"

namespace xeras::testing {
namespace {

using namespace layers;

struct NoConfig {
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(NoConfig, name, trainable)

// Returns the mean of all steps, including masked ones.
class TimeMean final : public LayerWith<NoConfig> {
 public:
  using LayerWith::LayerWith;
  Spec build(const Spec& input, Builder& b) override {
    b.expect(input, {.rank = 3});
    b.ends_mask();
    return {{input.shape[0], input.shape[2]}};
  }
  void output_extents(const Extents& input, Extents& output) const override { output = {input[0], input[2]}; }
  void forward(const Call& c) const override {
    const Extents& x = c.input().extents;
    for (std::int64_t b = 0; b < x[0]; ++b) {
      for (std::int64_t d = 0; d < x[2]; ++d) {
        float sum = 0.0f;
        for (std::int64_t t = 0; t < x[1]; ++t) sum += c.input().data[(b * x[1] + t) * x[2] + d];
        c.output().data[b * x[2] + d] = sum / static_cast<float>(x[1]);
      }
    }
  }
  void backward(const BackwardCall& c) const override {
    if (!c.wants_input_grad()) return;
    const Extents& x = c.input().extents;
    for (std::int64_t i = 0; i < x.size(); ++i) {
      c.input_grad().data[i] = c.output_grad().data[i / (x[1] * x[2]) * x[2] + i % x[2]] / static_cast<float>(x[1]);
    }
  }
};

// Has the name of a layer that keeps steps apart, but reverses them; declares only how it treats the mask.
namespace own {
class Dense final : public LayerWith<NoConfig> {
 public:
  using LayerWith::LayerWith;
  Spec build(const Spec& input, Builder& b) override {
    b.expect(input, {.rank = 3});
    return input;
  }
  void forward(const Call& c) const override { turn(c.input().extents, c.input().data, c.output().data); }
  void backward(const BackwardCall& c) const override {
    if (c.wants_input_grad()) turn(c.input().extents, c.output_grad().data, c.input_grad().data);
  }

 private:
  static void turn(const Extents& x, const float* from, float* to) {
    for (std::int64_t b = 0; b < x[0]; ++b) {
      for (std::int64_t t = 0; t < x[1]; ++t) {
        std::copy_n(from + (b * x[1] + t) * x[2], x[2], to + (b * x[1] + x[1] - 1 - t) * x[2]);
      }
    }
  }
};
}  // namespace own

// Passes a mask on, and declares that it keeps steps apart.
class Double final : public LayerWith<NoConfig> {
 public:
  using LayerWith::LayerWith;
  Spec build(const Spec& input, Builder& b) override {
    b.step_by_step();
    return input;
  }
  void forward(const Call& c) const override { c.output().flat() = 2.0f * c.input().flat(); }
  void backward(const BackwardCall& c) const override {
    if (c.wants_input_grad()) c.input_grad().flat() = 2.0f * c.output_grad().flat();
  }
};

// Does the same but ends the mask on purpose: the layers after it see padding.
class Unmask final : public LayerWith<NoConfig> {
 public:
  using LayerWith::LayerWith;
  Spec build(const Spec& input, Builder& b) override {
    b.step_by_step();
    b.ends_mask();
    return {input.shape};
  }
  void forward(const Call& c) const override { c.output().flat() = c.input().flat(); }
  void backward(const BackwardCall& c) const override {
    if (c.wants_input_grad()) c.input_grad().flat() = c.output_grad().flat();
  }
};

template <class L>
AnyLayer recurrent(Draw& draw) {
  const bool dropout = draw.below(8) == 0 && draw.noise;
  return L(3, {.dropout = dropout ? 0.2 : 0.0,
               .return_sequences = draw.yes(),
               .go_backwards = draw.below(3) == 0,
               .zero_output_for_mask = draw.below(3) == 0});
}

template <class L>
AnyLayer both_ways(Draw& draw) {
  const bool sequences = draw.below(3) != 0, swapped = draw.below(3) == 0;
  const std::array modes = {"concat", "sum", "mul", "ave"};
  return Bidirectional(L(2, {.return_sequences = sequences, .go_backwards = swapped}),
                       {.merge_mode = modes[draw.below(4)],
                        .backward_layer = L(2, {.return_sequences = sequences, .go_backwards = !swapped})});
}

AnyLayer any_layer(Draw& draw, int depth);

Sequential any_chain(Draw& draw, int depth) {
  Sequential chain;
  for (std::size_t n = 1 + draw.below(3); n > 0; --n) chain.add(any_layer(draw, depth + 1));
  return chain;
}

AnyLayer any_layer(Draw& draw, int depth) {
  const std::size_t kind = draw.below(depth < 2 ? 38 : 35);
  if (kind >= 10 && kind <= 12 && !draw.noise) return Double();
  switch (kind) {
    case 0:
      return Dense(3, {.activation = "tanh"});
    case 1:
      return Dense(3, {.activity_regularizer = regularizers::L2(0.1)});
    case 2:
      return Activation("sigmoid");
    case 3:
      return ELU();
    case 4:
      return PReLU({.shared_axes = 1});
    case 5:
      return Softmax();
    case 6:
      return Softmax({.axis = 1});
    case 7:
      return BatchNormalization();
    case 8:
      return LayerNormalization();
    case 9:
      return UnitNormalization({.axis = draw.yes() ? 1 : -1});
    case 10:
      return Dropout(0.2, {.noise_shape = draw.yes() ? Shape{None, 1, None} : Shape{}});
    case 11:
      return SpatialDropout1D(0.2);
    case 12:
      return GaussianNoise(0.1);
    case 13:
      return ActivityRegularization({.l2 = 0.1});
    case 14:
      return Masking();
    case 15:
      return StripMask();
    case 16:
      return GlobalAveragePooling1D({.keepdims = draw.below(4) == 0});
    case 17:
      return GlobalMaxPooling1D({.keepdims = draw.below(4) == 0});
    case 18:
      return recurrent<SimpleRNN>(draw);
    case 19:
      return recurrent<LSTM>(draw);
    case 20:
      return recurrent<GRU>(draw);
    case 21:
      return both_ways<SimpleRNN>(draw);
    case 22:
      return both_ways<LSTM>(draw);
    case 23:
      return both_ways<GRU>(draw);
    case 24:
      return Conv1D(3, 2, {.padding = draw.yes() ? "same" : "causal"});
    case 25:
      return draw.yes() ? AnyLayer(MaxPooling1D({.pool_size = 2, .padding = "same"}))
                        : AnyLayer(AveragePooling1D({.pool_size = 2, .padding = "same"}));
    case 26:
      return RepeatVector(2);
    case 27:
      return Permute({2, 1});
    case 28:
      return draw.yes() ? AnyLayer(UpSampling1D()) : AnyLayer(ZeroPadding1D());
    case 29:
      return Lambda([](const Tensor& x) { return Tensor(xt::flip(x, 1)); },
                    {.gradient = [](const Tensor&, const Tensor&, const Tensor& dy) { return Tensor(xt::flip(dy, 1)); },
                     .mask = [](const Tensor&, const Tensor& mask) { return mask; }});
    case 30:
      return TimeMean();
    case 31:
      return own::Dense();
    case 32:
      return Double();
    case 33:
      return Unmask();
    case 34:
      return Reshape({-1, 1});
    case 35:
      return TimeDistributed(any_layer(draw, depth + 1));
    default:
      return any_chain(draw, depth);
  }
}

}  // namespace

std::optional<Stack> random_stack(std::uint64_t seed, bool noise) {
  Draw draw(seed, noise);
  std::vector<AnyLayer> layers;
  for (std::size_t n = 1 + draw.below(4); n > 0; --n) {
    try {
      layers.push_back(any_layer(draw, 0));
    } catch (const Error&) {  // the layers do not fit together
    }
  }
  Stack stack;
  stack.open.add(Embedding(12, 3, {.mask_zero = true}));
  stack.fixed.add(Embedding(12, 3, {.mask_zero = true, .input_length = time_steps}));
  for (const AnyLayer& layer : layers) {
    try {
      Sequential with_it = stack.open.clone();
      with_it.add(layer);
      with_it.build({None, None});
      stack.fixed.add(layer);
      stack.open = std::move(with_it);
    } catch (const Error&) {  // the layer does not fit here
    }
  }
  if (stack.open.layers().size() < 2) return std::nullopt;
  for (std::size_t i = 0; i < stack.open.layers().size(); ++i) {
    // Normalizations get random weights too.
    for (Variable* variable : stack.open.layers()[i]->variables()) {
      Tensor value = variable->value();
      for (std::size_t k = 0; k < value.size(); ++k) value.data()[k] += 0.05f * static_cast<float>(1 + draw.below(9));
      variable->assign(value);
    }
  }
  stack.fixed.set_weights(stack.open.get_weights());
  return stack;
}

CustomObjects own_layers() { return {custom_layer<TimeMean>(), custom_layer<Double>(), custom_layer<Unmask>()}; }

}  // namespace xeras::testing
