// Exceptions that users' callbacks, losses, metrics and layers throw: the weights are those of the last whole step, and
// the model trains on.
#include <stdexcept>

#include "catch.hpp"
#include "support/in_hook.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::hooks;
using xeras::testing::InHook;

namespace {

// No std::exception: whatever is thrown must pass.
struct Thrown {};

// Throws at the call with this number, counted from 1 and in the order in which training makes them.
int countdown = 0;
void may_throw() {
  if (--countdown == 0) throw Thrown();
}

struct OwnOptions {
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(OwnOptions, name, trainable)

struct OwnFormula {
  std::optional<std::string> reduction = "sum";
  std::string name = "own";
};
XERAS_FIELDS(OwnFormula, reduction, name)

class OwnLayer final : public LayerWith<OwnOptions> {
 public:
  using LayerWith::LayerWith;
  Spec build(const Spec& input, Builder&) override { return input; }
  void output_extents(const Extents&, Extents&) const override { may_throw(); }
  bool passes_input(bool) const override {
    may_throw();
    return false;
  }
  void forward(const Call& call) const override {
    may_throw();
    std::copy_n(call.input().data, call.input().size(), call.output().data);
  }
  void backward(const BackwardCall& call) const override {
    may_throw();
    std::copy_n(call.output_grad().data, call.output_grad().size(), call.input_grad().data);
  }
};

class OwnLoss final : public losses::LossWith<OwnFormula> {
 public:
  using LossWith::LossWith;

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override {
    may_throw();
    for (std::int64_t r = 0; r < targets.rows; ++r) {
      values[r] = targets.y_pred[r] * targets.y_pred[r];
      if (dp != nullptr) dp[r] = 2.0f * targets.y_pred[r];
    }
  }
};

class OwnMetric final : public metrics::MetricWith<OwnMetric, OwnFormula> {
 public:
  using MetricWith::MetricWith;
  double result() const override {
    may_throw();
    return MeanMetric::result();
  }
  void reset_state() override {
    may_throw();
    MeanMetric::reset_state();
  }
  std::shared_ptr<Metric> clone() const override {
    may_throw();
    return std::make_shared<OwnMetric>(*this);
  }

 protected:
  void rows(const Targets& targets, float* values, float*) const override {
    may_throw();
    std::fill_n(values, targets.rows, 1.0f);
  }
};

// Keeps the weights of each whole step.
class KeepsWeights final : public callbacks::Callback {
 public:
  void on_train_begin() override { last = model().get_weights(); }
  void on_train_batch_end(std::int64_t, const Scores&) override { last = model().get_weights(); }
  std::vector<Tensor> last;
};

Sequential some_model() {
  Sequential model{Embedding(7, 3, {.input_length = 2}), Flatten(), OwnLayer(), Dense(1)};
  model.compile("adam", OwnLoss(), {OwnMetric()});
  return model;
}

const xt::xarray<int> x = {{1, 2}, {3, 4}, {5, 6}, {0, 1}};
const Tensor y = xt::xtensor<float, 2>{{1}, {0}, {1}, {0}};

}  // namespace

TEST_CASE("Sequential: an exception of a callback leaves fit as it is, from every hook, and the model trains on") {
  for (const char* hook : hooks) {
    INFO(hook);
    Sequential model = some_model();
    const auto callback = std::make_shared<InHook>(hook, [](Sequential&) { throw Thrown(); });
    CHECK_THROWS_AS(
        model.fit(x, y, {.batch_size = 2, .verbose = 0, .callbacks = {callback}, .validation_data = {x, y}}), Thrown);
    CHECK((model.get_weights() == callback->before));
    CHECK(model.fit(x, y, {.verbose = 0})["loss"].size() == 1);
  }
}

TEST_CASE("Sequential: an exception of a callback leaves evaluate and predict as it is, and the model predicts on") {
  countdown = 0;
  Sequential model = some_model();
  const Tensor before = model.predict(x);
  const auto throws = [](const char* hook) {
    return std::make_shared<InHook>(hook, [](Sequential&) { throw Thrown(); });
  };
  for (const char* hook : xeras::testing::test_hooks) {
    CHECK_THROWS_AS(model.evaluate(x, y, {.verbose = 0, .callbacks = throws(hook)}), Thrown);
  }
  for (const char* hook : xeras::testing::predict_hooks) {
    CHECK_THROWS_AS(model.predict(x, {.callbacks = throws(hook)}), Thrown);
  }
  CHECK((model.predict(x) == before));
}

TEST_CASE("Sequential: an exception of a layer, a loss or a metric leaves the weights of the last whole step") {
  set_random_seed(1);
  bool thrown = true;
  int calls = 0;
  for (; thrown && calls < 1000; ++calls) {
    INFO("call " << calls + 1);
    countdown = 0;
    Sequential model = some_model();
    const auto keeps = std::make_shared<KeepsWeights>();
    keeps->last = model.get_weights();
    countdown = calls + 1;
    thrown = false;
    try {
      model.fit(x, y, {.batch_size = 2, .epochs = 2, .verbose = 0, .callbacks = {keeps}, .validation_data = {x, y}});
    } catch (const Thrown&) {
      thrown = true;
    }
    // The last score of a step comes behind it, before the callback sees that step.
    const bool is_behind_a_step = model.get_weights() != keeps->last;
    if (is_behind_a_step) CHECK(model.optimizer().iterations() > 0);
    countdown = 0;
    const std::vector<Tensor> before = model.get_weights();
    CHECK((Sequential(model.clone()).get_weights() == before));
    CHECK(model.fit(x, y, {.verbose = 0})["loss"].size() == 1);
    CHECK(model.predict(x).shape(0) == 4);
  }
  CHECK(calls > 30);
  CHECK(!thrown);
}

TEST_CASE("Sequential: an exception in predict and evaluate leaves a model that predicts") {
  countdown = 0;
  Sequential model = some_model();
  const Tensor before = model.predict(x);
  for (int call = 1; call < 4; ++call) {
    countdown = call;
    CHECK_THROWS_AS(model.predict(x), Thrown);
    countdown = call;
    CHECK_THROWS_AS(model.evaluate(x, y, {.verbose = 0}), Thrown);
    countdown = 0;
    CHECK((model.predict(x) == before));
  }
}
