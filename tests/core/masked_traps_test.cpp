#include "core/masked_traps.hpp"

#include <cfenv>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "core/parallel.hpp"
#include "support/threads.hpp"
#include "xeras/xeras.hpp"
#include "xeras/xtensor.hpp"

#ifdef __GLIBC__

using namespace xeras;

namespace {

constexpr int traps = FE_DIVBYZERO | FE_INVALID | FE_OVERFLOW;
constexpr float infinity = std::numeric_limits<float>::infinity();

// A program that wants to be told: these exceptions trap, until it goes out of scope.
class Trapping {
 public:
  Trapping() {
    std::feclearexcept(FE_ALL_EXCEPT);
    feenableexcept(traps);
  }
  ~Trapping() {
    std::feclearexcept(FE_ALL_EXCEPT);  // or the processor's older unit traps when it is used next
    fedisableexcept(FE_ALL_EXCEPT);
  }
  Trapping(const Trapping&) = delete;
  Trapping& operator=(const Trapping&) = delete;
};

// The traps, and the flags of what traps, that work leaves to a program that traps; it must not trap itself.
std::pair<int, int> left_by(const std::function<void()>& work) {
  const Trapping trapping;
  work();
  return {fegetexcept(), std::fetestexcept(traps)};
}

const std::pair<int, int> as_before = {traps, 0};

// Sums and squares of these overflow, and the difference of two of them is NaN.
Tensor huge(const std::vector<std::size_t>& shape, float value = 3e38f) {
  Tensor x = Tensor::from_shape(shape);
  x.fill(value);
  return x;
}

// Doubles what is below 0, outside of the parts of the library that run in threads.
Sequential doubling_model() {
  Sequential model{layers::PReLU({.alpha_initializer = initializers::Constant({.value = 2.0}), .input_shape = {2}})};
  model.compile("adam", "mse", {"mae"});
  return model;
}

}  // namespace

TEST_CASE("MaskedTraps keeps arithmetic from trapping, and brings the traps and the flags back") {
  const auto divide = [](double x, double y) {
    volatile double quotient = x;
    quotient = quotient / y;
    return double{quotient};
  };
  CHECK(left_by([&] {
          const MaskedTraps masked;
          CHECK(fegetexcept() == 0);
          CHECK(divide(1.0, 0.0) == infinity);
        }) == as_before);
}

TEST_CASE("MaskedTraps leaves the flags as they were where nothing traps") {
  std::feclearexcept(FE_ALL_EXCEPT);
  std::feraiseexcept(FE_OVERFLOW);
  {
    const MaskedTraps masked;
    std::feraiseexcept(FE_DIVBYZERO);
  }
  CHECK(std::fetestexcept(FE_DIVBYZERO | FE_OVERFLOW) == FE_OVERFLOW);
  std::feclearexcept(FE_ALL_EXCEPT);
}

TEST_CASE("Models do not trap and leave the traps on in predict and evaluate and training") {
  Sequential model = doubling_model();
  const Tensor x = huge({4, 2}, -3e38f), y = huge({4, 2});
  CHECK(left_by([&] { model.predict(x); }) == as_before);
  CHECK(left_by([&] { model(x); }) == as_before);
  CHECK(left_by([&] { model(x, true); }) == as_before);
  CHECK(left_by([&] { model.predict_on_batch(x); }) == as_before);
  CHECK(left_by([&] { model.evaluate(x, y, {.verbose = 0}); }) == as_before);
  CHECK(left_by([&] { model.test_on_batch(x, y); }) == as_before);
  CHECK(left_by([&] { model.train_on_batch(x, y); }) == as_before);
  CHECK(left_by([&] { model.fit(x, y, {.epochs = 2, .verbose = 0}); }) == as_before);
}

TEST_CASE("Models do not trap in the library's threads") {
  const testing::Threads two(2);
  Sequential model{layers::Dense(64, {.kernel_initializer = "ones", .input_shape = {256}}),
                   layers::Activation("softmax")};
  model.compile("sgd", "mse");
  const Tensor x = huge({2000, 256}), y = huge({2000, 64});
  CHECK(left_by([&] { model.predict(x, {.batch_size = 2000}); }) == as_before);
  CHECK(left_by([&] { model.fit(x, y, {.batch_size = 2000, .epochs = 2, .verbose = 0}); }) == as_before);
}

TEST_CASE("Models are built, saved and loaded without a trap") {
  CHECK(left_by([] { doubling_model(); }) == as_before);
  CHECK(left_by([] {
          Sequential model{layers::Dense(2, {.kernel_initializer = initializers::RandomNormal({.stddev = 3e38})})};
          model.build({None, 3});
        }) == as_before);
  const Sequential model = doubling_model();
  std::string json;
  CHECK(left_by([&] { json = model.to_json(); }) == as_before);
  CHECK(left_by([&] { model_from_json(json); }) == as_before);
}

TEST_CASE("The parts of a model do not trap by themselves") {
  const Tensor x = huge({3, 2}), zeros = xt::zeros<float>({3, 2});
  CHECK(left_by([&] { activations::get("exponential")(x); }) == as_before);
  CHECK(left_by([&] { activations::get("softmax")(x); }) == as_before);
  CHECK(left_by([&] { constraints::MaxNorm()(x); }) == as_before);
  CHECK(left_by([&] { regularizers::OrthogonalRegularizer()(zeros); }) == as_before);
  CHECK(left_by([&] { losses::MeanSquaredError()(x, zeros); }) == as_before);
  CHECK(left_by([&] { losses::CategoricalCrossentropy()(zeros, zeros); }) == as_before);
  CHECK(left_by([&] { initializers::RandomUniform({.minval = -3e38, .maxval = 3e38})({3, 3}); }) == as_before);
  metrics::MeanSquaredError metric;
  CHECK(left_by([&] { metric.update_state(zeros, x); }) == as_before);
  Tensor w = huge({3, 2});
  optimizers::SGD sgd({.learning_rate = 1e30});
  CHECK(left_by([&] { sgd.apply({x}, {&w}); }) == as_before);
}

TEST_CASE("Functions for text do not trap") {
  text::Tokenizer tokenizer;
  tokenizer.fit_on_texts({"a b", "b"});
  CHECK(left_by([&] { tokenizer.texts_to_matrix({"a b", ""}, "tfidf"); }) == as_before);
  CHECK(left_by([&] { tokenizer.texts_to_matrix({"a b", ""}, "freq"); }) == as_before);
  CHECK(left_by([&] { text::make_sampling_table(10); }) == as_before);
  CHECK(left_by([&] { text::skipgrams({1, 2, 3}, 10); }) == as_before);
}

TEST_CASE("An exception leaves the traps on") {
  Sequential model = doubling_model();
  const Tensor wrong = huge({4, 3}), x = huge({4, 2});
  CHECK(left_by([&] { CHECK_THROWS_AS(model.predict(wrong), InvalidInput); }) == as_before);
  CHECK(left_by([&] { CHECK_THROWS_AS(model.fit(wrong, wrong), InvalidInput); }) == as_before);
  CHECK(left_by([&] { CHECK_THROWS_AS(losses::MeanSquaredError()(wrong, x), InvalidInput); }) == as_before);
  CHECK(left_by([&] { CHECK_THROWS_AS(model_from_json("{}"), FileError); }) == as_before);
}

#endif
