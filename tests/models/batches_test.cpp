// Sources of batches other than arrays in memory.
#include "models/batches.hpp"

#include "catch.hpp"
#include "models/sequential_parts.hpp"
#include "models/trainer.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;

namespace {

// Never ends: batch i has the one sample {i + 1}, whose target is 0.
class Endless final : public Batches {
 public:
  bool begin_epoch(std::int64_t, std::uint64_t) override { return true; }
  std::optional<Batch> next() override {
    samples_ = {.x = xt::xtensor<float, 2>{{static_cast<float>(++made)}}, .y = xt::xtensor<float, 2>{{0}}};
    return Batch{samples_, {0, 1}};
  }
  std::optional<std::int64_t> size() const override { return {}; }

  std::int64_t made = 0;

 private:
  Samples samples_;
};

// Ends an epoch of another source after so many steps. The next epoch goes on from there.
class SomeSteps final : public Batches {
 public:
  SomeSteps(Batches& source, std::int64_t steps) : source_(source), steps_(steps) {}
  bool begin_epoch(std::int64_t epoch, std::uint64_t seed) override {
    const bool is_first = made_ == 0;
    made_ = 0;
    return !is_first || source_.begin_epoch(epoch, seed);
  }
  std::optional<Batch> next() override { return made_++ < steps_ ? source_.next() : std::nullopt; }
  std::optional<std::int64_t> size() const override { return steps_; }

 private:
  Batches& source_;
  std::int64_t steps_;
  std::int64_t made_ = 0;
};

// y = x: the loss of a sample is its square.
Sequential identity() {
  Sequential model{Dense(1, {.use_bias = false, .kernel_initializer = "ones", .input_shape = Shape{1}})};
  model.compile(optimizers::SGD({.learning_rate = 0.0}), "mse");
  return model;
}

}  // namespace

TEST_CASE("Batches may never end: fit takes so many steps an epoch, and validation too") {
  Sequential model = identity();
  Endless endless, endless_validation;
  SomeSteps batches(endless, 2), validation(endless_validation, 3);
  const FitOptions options{.epochs = 2, .verbose = 0};
  const Trainer::Training training(model, "fit");
  Trainer trainer(model);
  trainer.prepare({.x = xt::xtensor<float, 2>{{1}}, .y = xt::xtensor<float, 2>{{0}}});
  const CallbackList callbacks("fit", options.callbacks, model, SequentialParts::state(model).use);
  const History history = trainer.fit(batches, &validation, options, callbacks);
  CHECK(history["loss"] == std::vector<double>{(1 + 4) / 2.0, (9 + 16) / 2.0});
  CHECK(history["val_loss"] == std::vector<double>{(1 + 4 + 9) / 3.0, (16 + 25 + 36) / 3.0});
  CHECK(endless.made == 4);
}

TEST_CASE("Batches may never end: evaluate takes so many steps") {
  const Sequential model = identity();
  Endless endless;
  SomeSteps batches(endless, 3);
  const CallbackList none("evaluate", {}, model, SequentialParts::state(model).use);
  CHECK(Evaluator(model, "evaluate").evaluate(batches, none, 0)["loss"] == (1 + 4 + 9) / 3.0);
  CHECK(endless.made == 3);
}

TEST_CASE("An error in the data of a batch names the batch behind the caller") {
  CHECK(with_batch_name("fit", "batch 3", "fit: x is empty; expected more.") ==
        "fit: batch 3: x is empty; expected more.");
  CHECK(with_batch_name("fit", "batch 3", "embedding: id -1; expected 0.") ==
        "fit: batch 3: embedding: id -1; expected 0.");
}
