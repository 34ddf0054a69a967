#include <algorithm>
#include <sstream>

#include "catch.hpp"
#include "models/padding.hpp"
#include "support/close.hpp"
#include "support/gemm_engine.hpp"
#include "support/random_stack.hpp"
#include "xeras/xeras.hpp"
#include "xeras/xtensor.hpp"

// A text's numbers are its own: alone, in any batch, and with more padding behind it. Tried with random models of all
// layers that take a mask, with layers of one's own among them.

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::Draw, xeras::testing::GemmEngine, xeras::testing::random_stack, xeras::testing::Stack,
    xeras::testing::time_steps;

namespace {

constexpr std::uint64_t stacks = 1500;
constexpr double same = 2e-6;  // sums of other shape

using Texts = xt::xtensor<int, 2>;

// Texts with holes and ends of padding, the longest of them of `longest` steps.
Texts any_texts(std::uint64_t seed, std::size_t rows, std::size_t time, std::size_t longest) {
  Draw draw(seed + 100000, false);
  Texts ids = xt::zeros<int>({rows, time});
  for (std::size_t b = 0; b < rows; ++b) {
    const std::size_t length = b == 0 ? longest : draw.below(longest + 1);
    for (std::size_t t = 0; t < length; ++t) ids(b, t) = static_cast<int>(draw.below(4) == 0 ? 0 : 1 + draw.below(11));
  }
  return ids;
}

Texts padded(const Texts& texts, std::size_t time) {
  Texts ids = xt::zeros<int>({texts.shape(0), time});
  for (std::size_t b = 0; b < texts.shape(0); ++b) {
    for (std::size_t t = 0; t < texts.shape(1); ++t) ids(b, t) = texts(b, t);
  }
  return ids;
}

Texts row_of(const Texts& texts, std::size_t b) {
  Texts row({1, texts.shape(1)});
  for (std::size_t t = 0; t < texts.shape(1); ++t) row(0, t) = texts(b, t);
  return row;
}

Tensor row_of(const Tensor& tensor, std::size_t b) {
  const std::size_t width = tensor.size() / tensor.shape()[0];
  Tensor::shape_type shape(tensor.shape().begin(), tensor.shape().end());
  shape[0] = 1;
  Tensor row(shape);
  std::copy_n(tensor.data() + b * width, width, row.data());
  return row;
}

std::string summary_of(const Sequential& model) {
  std::ostringstream out;
  model.summary(out);
  return out.str();
}

// Whether padding may be left out behind these layers.
bool ignores(const Sequential& model) {
  Sequential copy = model.clone();
  BuildContext context;
  return ignores_padding(Builder::build_node(copy, {{None, None}, DType::int32}, context).children);
}

double far_apart(const Tensor& a, const Tensor& b) {
  double most = a.size() == b.size() ? 0.0 : 1e9;
  for (std::size_t i = 0; most < 1e9 && i < a.size(); ++i) {
    const double scale = std::max(1.0, std::abs(static_cast<double>(b.data()[i])));
    most = std::max(most, std::abs(static_cast<double>(a.data()[i]) - b.data()[i]) / scale);
  }
  return most;
}

}  // namespace

TEST_CASE("A text alone gives what it gives in any batch, to the bit, in random models") {
  const GemmEngine own("own");
  std::size_t models = 0, cut = 0;
  for (std::uint64_t seed = 0; seed < stacks; ++seed) {
    std::optional<Stack> stack = random_stack(seed, true);
    if (!stack) continue;
    INFO("seed " << seed << "\n" << summary_of(stack->open));
    const Texts texts = any_texts(seed, 4, time_steps, time_steps);
    const Tensor together = stack->open.predict(texts);
    for (std::size_t b = 0; b < 4; ++b) {
      CHECK((stack->open.predict(row_of(texts, b)) == row_of(together, b)));
    }
    CHECK((together == stack->fixed.predict(texts)));
    ++models;
    cut += ignores(stack->open) ? 1 : 0;
  }
  CHECK(models > stacks / 2);
  CHECK(cut > stacks / 10);
}

TEST_CASE("Padding that is left out changes no score and no gradient in random models") {
  std::size_t cut = 0;
  for (std::uint64_t seed = 0; seed < stacks; ++seed) {
    std::optional<Stack> stack = random_stack(seed, false);
    if (!stack || !ignores(stack->open)) continue;
    INFO("seed " << seed << "\n" << summary_of(stack->open));
    const Texts texts = any_texts(seed, 4, time_steps, 3);  // half of the columns are padding
    const Tensor predictions = stack->open.predict(texts);
    const Tensor y = xt::ones_like(predictions);
    std::vector<Tensor> weights[2];
    double loss[2] = {}, score[2] = {};
    for (Sequential* model : {&stack->open, &stack->fixed}) {
      const std::size_t k = model == &stack->open ? 0 : 1;
      model->compile(optimizers::SGD({.learning_rate = 0.1}), "mse");
      score[k] = model->evaluate(texts, y, {.verbose = 0})["loss"];
      loss[k] = model->train_on_batch(texts, y)["loss"];
      weights[k] = model->get_weights();
    }
    CHECK(score[0] == score[1]);
    CHECK(std::abs(loss[0] - loss[1]) <= same * std::max(1.0, std::abs(loss[1])));
    for (std::size_t i = 0; i < weights[0].size(); ++i) CHECK(far_apart(weights[0][i], weights[1][i]) <= same);
    ++cut;
  }
  CHECK(cut > stacks / 10);
}

TEST_CASE("Padding behind a text changes nothing where it is left out, to the bit, in random models") {
  const GemmEngine own("own");
  for (std::uint64_t seed = 0; seed < stacks; ++seed) {
    std::optional<Stack> stack = random_stack(seed, true);
    if (!stack || !ignores(stack->open)) continue;
    INFO("seed " << seed << "\n" << summary_of(stack->open));
    const Texts texts = any_texts(seed, 3, time_steps, time_steps);
    const Tensor bare = stack->open.predict(texts);
    // Beside a text of 20 words nothing is cut.
    Texts beside = padded(texts, 20);
    for (std::size_t t = 0; t < 20; ++t) beside(0, t) = 1;
    const Tensor with_padding = stack->open.predict(beside);
    for (std::size_t b = 1; b < 3; ++b) CHECK((row_of(with_padding, b) == row_of(bare, b)));
    CHECK((stack->open.predict(padded(texts, 20)) == bare));
  }
}

// Numbers of Keras 3.15, on TensorFlow.
TEST_CASE("Bidirectional with swapped directions gives a text's numbers in any batch") {
  Sequential model{Embedding(4, 2, {.mask_zero = true}),
                   Bidirectional(SimpleRNN(2, {.return_sequences = true, .go_backwards = true}),
                                 {.backward_layer = SimpleRNN(2, {.return_sequences = true})}),
                   GlobalAveragePooling1D()};
  const Tensor kernel{{0.5f, -0.25f}, {0.25f, 0.75f}}, recurrent_kernel{{0.1f, 0.2f}, {0.3f, 0.4f}}, bias{0.1f, -0.1f};
  const Tensor table{{0.5f, 0.5f}, {0.1f, 0.2f}, {0.3f, -0.1f}, {0.4f, 0.6f}};
  model.build({None, None});
  model.set_weights({table, kernel, recurrent_kernel, bias, -kernel, recurrent_kernel, bias});
  CHECK((model.predict({{3, 0, 0}}) == xt::xtensor<float, 2>{{0, 0, 0, 0}}));
  const Tensor both = model.predict({{3, 0, 0}, {1, 2, 3}});
  check_close({both.begin(), both.end()}, {0, 0, 0, 0, 0.31978968f, 0.080292605f, -0.11845652f, -0.23630375f}, same);
  model.compile("sgd", "mse");
  const Tensor ones = xt::ones<float>({1, 4});
  CHECK(model.evaluate({{3, 0, 0}}, ones, {.verbose = 0})["loss"] == 1.0);
  CHECK(model.train_on_batch({{3, 0, 0}}, ones)["loss"] == 1.0);
  CHECK((model.get_weights()[0] == table));
}
