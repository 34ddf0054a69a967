#include "models/optimizer_rows.hpp"

#include <thread>
#include <vector>

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;

namespace {

constexpr double tolerance = 2e-6;  // absolute, of weights after some dozen steps in float
constexpr std::int64_t vocabulary = 40;

// Two models that are to stay the same: of the one updates of rows are postponed, of the other all rows move in every
// step, since they have a penalty, of zero.
struct Twins {
  explicit Twins(const OptimizerArgument& for_postponing, const OptimizerArgument& for_dense)
      : postponing{Embedding(vocabulary, 3), GlobalAveragePooling1D(), Dense(1)},
        dense{Embedding(vocabulary, 3, {.embeddings_regularizer = regularizers::L2(0.0)}), GlobalAveragePooling1D(),
              Dense(1)} {
    dense.set_weights(postponing.get_weights());
    postponing.compile(for_postponing, "mse");
    dense.compile(for_dense, "mse");
  }
  Twins() : Twins(optimizers::Adam({.learning_rate = 0.05}), optimizers::Adam({.learning_rate = 0.05})) {}

  static xt::xtensor<int, 2> ids(std::uint64_t t) {
    const RandomStream random(t);
    xt::xtensor<int, 2> result = xt::zeros<int>({2, 3});
    for (std::size_t i = 0; i < result.size(); ++i) result.flat(i) = static_cast<int>(random.below(i, vocabulary));
    return result;
  }
  void step(int count = 1) {
    for (int i = 0; i < count; ++i) {
      const xt::xtensor<int, 2> x = ids(++steps);
      CHECK_THAT(postponing.train_on_batch(x, y)["loss"],
                 Catch::Matchers::WithinAbs(dense.train_on_batch(x, y)["loss"], tolerance));
    }
  }
  bool has_postponed() {
    Variable& table = *postponing.get_layer(0).variables()[0];
    const std::vector<float> before(table.peek(), table.peek() + table.size());
    Variable copy = table;  // which catches up
    return before != std::vector<float>(copy.peek(), copy.peek() + copy.size());
  }
  static double distance(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
    double worst = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      for (std::size_t k = 0; k < a[i].size(); ++k) {
        worst = std::max(worst, std::abs(static_cast<double>(a[i].flat(k)) - b[i].flat(k)));
      }
    }
    return worst;
  }
  void expect_same() { CHECK(distance(postponing.get_weights(), dense.get_weights()) < tolerance); }

  Sequential postponing, dense;
  xt::xtensor<float, 1> y{1.0f, -1.0f};
  std::uint64_t steps = 0;
};

xt::xtensor<int, 2> all_ids() {
  xt::xtensor<int, 2> ids = xt::zeros<int>({std::size_t{vocabulary}, std::size_t{1}});
  for (std::size_t i = 0; i < ids.size(); ++i) ids(i, 0) = static_cast<int>(i);
  return ids;
}

}  // namespace

TEST_CASE("train_on_batch postpones updates of rows that a batch does not touch") {
  Twins twins;
  twins.step(12);
  CHECK(twins.has_postponed());
  twins.expect_same();
  twins.step(12);
  twins.expect_same();
}

TEST_CASE("postponed updates are applied for whoever reads the weights") {
  Twins twins;
  const auto check = [&](const auto& read) {
    twins.step(10);
    CHECK(Twins::distance({read(twins.postponing)}, {read(twins.dense)}) < tolerance);
  };
  check([](Sequential& model) { return model.get_weights()[0]; });
  check([](Sequential& model) { return model.predict(all_ids()); });
  check([](Sequential& model) { return model(all_ids()); });
  check([](Sequential& model) { return model(all_ids(), true); });
  check([](Sequential& model) {
    const Tensor y = xt::ones<float>({vocabulary});
    return Tensor{static_cast<float>(model.evaluate(all_ids(), y, {.verbose = 0})["loss"])};
  });
  check([](Sequential& model) { return model.clone().predict(all_ids()); });
  check([](Sequential& model) { return Embedding(model.get_layer<Embedding>(0)).get_weights()[0]; });
  check([](Sequential& model) { return model.get_layer(0).variables()[0]->value(); });
  check([](Sequential& model) { return Sequential(std::move(model)).get_weights()[0]; });
}

TEST_CASE("postponed updates are applied once for many threads that predict") {
  Twins twins;
  twins.step(20);
  const Tensor expected = twins.dense.predict(all_ids());
  std::vector<Tensor> results(4);
  std::vector<std::thread> threads;
  for (Tensor& result : results) threads.emplace_back([&] { result = twins.postponing.predict(all_ids()); });
  for (std::thread& thread : threads) thread.join();
  for (const Tensor& result : results) CHECK(Twins::distance({result}, {expected}) < tolerance);
}

TEST_CASE("postponed updates are applied before weights are replaced") {
  Twins twins;
  twins.step(10);
  const std::vector<Tensor> weights = twins.dense.get_weights();
  twins.step(10);
  twins.postponing.set_weights(weights);
  twins.dense.set_weights(weights);
  twins.step(10);
  twins.expect_same();
}

TEST_CASE("compile, add and pop apply postponed updates") {
  Twins twins;
  twins.step(10);
  for (Sequential* model : {&twins.postponing, &twins.dense}) model->compile(optimizers::SGD({.momentum = 0.9}), "mse");
  twins.step(10);
  for (Sequential* model : {&twins.postponing, &twins.dense}) {
    model->pop();
    model->add(Dense(1, {.kernel_initializer = "ones"}));
    model->compile(optimizers::RMSprop({.momentum = 0.5}), "mse");
  }
  twins.expect_same();
  twins.step(10);
  twins.expect_same();
}

TEST_CASE("an optimizer that goes on in another compile, or has another learning rate, loses nothing") {
  const auto one = std::make_shared<optimizers::Adam>(optimizers::AdamOptions{.learning_rate = 0.05});
  const auto other = std::make_shared<optimizers::Adam>(optimizers::AdamOptions{.learning_rate = 0.05});
  Twins twins(one, other);
  twins.step(10);
  twins.postponing.compile(one, "mse");
  twins.dense.compile(other, "mse");
  twins.step(10);
  one->set_learning_rate(0.01);
  other->set_learning_rate(0.01);
  twins.step(10);
  twins.expect_same();
}

TEST_CASE("a step that fails leaves rows as after the last whole one") {
  Twins twins;
  twins.step(10);
  const xt::xtensor<int, 2> bad{{1, 2, vocabulary}, {3, 4, 5}};
  CHECK_THROWS_AS(twins.postponing.train_on_batch(bad, twins.y), InvalidInput);
  xt::xtensor<float, 1> not_a_target{1.0f, 2.0f, 3.0f};
  CHECK_THROWS_AS(twins.postponing.train_on_batch(Twins::ids(1), not_a_target), InvalidInput);
  twins.expect_same();
  twins.step(10);
  twins.expect_same();
}

TEST_CASE("fit with validation and a callback that reads weights trains as with dense gradients") {
  class Reader final : public callbacks::Callback {
   public:
    void on_train_batch_end(std::int64_t batch, const Scores&) override {
      if (batch % 3 == 0) seen = model().get_weights();
    }
    std::vector<Tensor> seen;
  };
  Twins twins;
  xt::xtensor<int, 2> x = xt::zeros<int>({24, 2});
  for (std::size_t i = 0; i < x.size(); ++i) x.flat(i) = static_cast<int>(i * 7 % vocabulary);
  const xt::xtensor<float, 1> y = xt::linspace<float>(-1.0f, 1.0f, 24);
  const auto run = [&](Sequential& model) {
    const auto reader = std::make_shared<Reader>();
    FitOptions options{.batch_size = 4, .epochs = 3, .verbose = 0};
    options.shuffle = false;
    options.validation_split = 0.25;
    options.callbacks = {reader};
    const History history = model.fit(x, y, options);
    return std::pair(reader->seen, history["val_loss"].back());
  };
  const auto postponing = run(twins.postponing), dense = run(twins.dense);
  CHECK(Twins::distance(postponing.first, dense.first) < tolerance);
  CHECK_THAT(postponing.second, Catch::Matchers::WithinAbs(dense.second, tolerance));
  CHECK_FALSE(twins.has_postponed());
  twins.expect_same();
}

TEST_CASE("a model outlives its optimizer's rows, and an optimizer its model") {
  std::shared_ptr<optimizers::Adam> adam = std::make_shared<optimizers::Adam>();
  auto model = std::make_unique<Sequential>(Embedding(vocabulary, 3), GlobalAveragePooling1D(), Dense(1));
  model->compile(adam, "mse");
  model->train_on_batch(Twins::ids(1), xt::xtensor<float, 1>{1.0f, 2.0f});
  model->train_on_batch(Twins::ids(2), xt::xtensor<float, 1>{1.0f, 2.0f});
  Sequential copy = model->clone();
  model->compile("sgd", "mse");
  model.reset();
  adam.reset();
  CHECK(copy.get_weights().size() == 3);
}
