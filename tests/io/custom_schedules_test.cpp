// Learning rate schedules of the user's own, in training and in files.
#include "catch.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using xeras::testing::TemporaryFolder;

namespace {

struct HalvingOptions {
  double start = 1.0;
};
XERAS_FIELDS(HalvingOptions, start)

// Derives from the base, and has options.
class Halving final : public Configured<schedules::LearningRateSchedule, HalvingOptions> {
 public:
  using Configured::Configured;
  double operator()(std::int64_t step) const override {
    return config().start * std::ldexp(1.0, -static_cast<int>(step));
  }
};

// A plain class.
class Thirds {
 public:
  explicit Thirds(double start = 1.0) : start_(start) {}
  double operator()(std::int64_t step) const { return start_ / static_cast<double>(3 * step + 1); }

 private:
  double start_;
};

Sequential one_weight(optimizers::LearningRate rate) {
  Sequential model{layers::Dense(1, {.use_bias = false, .kernel_initializer = "ones", .input_shape = Shape{1}})};
  model.compile(optimizers::SGD({.learning_rate = std::move(rate)}), "mse");
  return model;
}

}  // namespace

TEST_CASE("A schedule is any object that is called with the number of steps") {
  optimizers::SGD sgd(Thirds(0.5)), lambda([](std::int64_t step) { return step < 1 ? 1 : 0; });
  CHECK(sgd.has_schedule());
  Tensor w{0.0f};
  for (int i = 0; i < 2; ++i) lambda.apply({Tensor{1.0f}}, {&w});
  CHECK(w(0) == -1.0f);
  sgd.apply({Tensor{1.0f}}, {&w});
  CHECK(w(0) == -1.5f);
  CHECK(sgd.learning_rate() == 0.125);
}

TEST_CASE("A schedule that gives no learning rate raises, and the weights are those before the step") {
  Sequential model = one_weight([](std::int64_t step) { return step < 1 ? 0.25 : std::nan(""); });
  model.train_on_batch({{1.0}}, {0.0});
  CHECK(message_of<InvalidArgument>([&] {
          model.train_on_batch({{1.0}}, {0.0});
        }).ends_with(": the learning rate at step 1 is nan; expected a finite number >= 0. Change the schedule."));
  CHECK(model.get_weights()[0](0) == 0.5f);
  CHECK(message_of<InvalidArgument>([] { optimizers::SGD(Halving({.start = -1.0})); }) ==
        "Halving: the learning rate at step 0 is -1; expected a finite number >= 0. Change the schedule.");
}

TEST_CASE("A schedule of the user's comes back from a file as a custom object") {
  const TemporaryFolder folder;
  const std::string path = folder / "m.keras";
  Sequential model = one_weight(Halving({.start = 0.25}));
  model.train_on_batch({{1.0}}, {0.0});
  model.save(path);
  Sequential again = load_model(path, {.custom_objects = {custom_schedule<Halving>()}});
  CHECK(again.optimizer().learning_rate() == 0.125);
  CHECK(again.to_json() == model.to_json());
  CHECK(model.to_json().find(R"({"module":"xeras","class_name":"Halving","config":{"start":0.25},)"
                             R"("registered_name":"Halving"})") != std::string::npos);
  CHECK(message_of<FileError>([&] { load_model(path); }) ==
        path +
            ": compile_config.optimizer.config.learning_rate: schedule \"Halving\" is unknown; expected "
            "one of the known names. Known: CosineDecay, CosineDecayRestarts, ExponentialDecay, InverseTimeDecay, "
            "PiecewiseConstantDecay, PolynomialDecay. Pass a schedule of your own to load_model: {.custom_objects = "
            "{custom_schedule<Halving>()}}. With .compile = false the model loads without it.");
}

TEST_CASE("A plain schedule is in a file by its name, and comes back as an object or as its default") {
  const TemporaryFolder folder;
  const std::string path = folder / "m.keras";
  Sequential model = one_weight(Thirds(0.25));
  model.train_on_batch({{1.0}}, {0.0});
  model.save(path);
  const Sequential same = load_model(path, {.custom_objects = {custom_schedule(Thirds(0.25))}});
  CHECK(same.optimizer().learning_rate() == 0.0625);
  const Sequential plain = load_model(path, {.custom_objects = {custom_schedule<Thirds>()}});
  CHECK(plain.optimizer().learning_rate() == 0.25);
  CHECK(load_model(path, {.compile = false}).get_weights()[0](0) == 0.5f);
}
