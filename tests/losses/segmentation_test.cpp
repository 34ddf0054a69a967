#include "xeras/losses/segmentation.hpp"

#include "catch.hpp"
#include "support/check_loss.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::losses;
using namespace xeras::testing;
using Catch::Matchers::WithinRel;

namespace {

const LossBatch two_samples{.y = {1, 0, 1, 0, 1, 1, 0, 1},
                            .p = {0.5f, 0.25f, 1, 0.5f, 0.75f, 0, 0.25f, 0.5f},
                            .true_columns = 2,
                            .pred_columns = 2,
                            .steps = 2};

double overlap(const LossBatch& batch, const std::vector<double>& p, std::size_t begin, std::size_t end, double alpha,
               double beta) {
  double both = 0.0, missed = 0.0, wrong = 0.0;
  for (std::size_t i = begin; i < end; ++i) {
    if (!batch.mask.empty() && batch.mask[i / 2] == 0) continue;
    both += batch.y[i] * p[i];
    missed += batch.y[i] * (1.0 - p[i]);
    wrong += (1.0 - batch.y[i]) * p[i];
  }
  return 1.0 - both / (both + alpha * missed + beta * wrong);
}

}  // namespace

TEST_CASE("overlap losses have the gradients of their formulas", "[losses]") {
  LossBatch batch = two_samples;
  const auto of = [&](std::size_t size, double alpha, double beta) {
    return [&batch, size, alpha, beta](const std::vector<double>& p) {
      double sum = 0.0;
      for (std::size_t i = 0; i < p.size(); i += size) sum += overlap(batch, p, i, i + size, alpha, beta);
      return sum * static_cast<double>(size) / static_cast<double>(p.size());
    };
  };
  check_gradient(Dice(), batch, of(8, 0.5, 0.5));
  check_gradient(Dice({.axis = {1, 2}}), batch, of(4, 0.5, 0.5));
  check_gradient(Dice({.axis = -1}), batch, of(2, 0.5, 0.5));
  check_gradient(Tversky({.alpha = 0.3, .beta = 0.8}), batch, of(8, 0.3, 0.8));
  check_gradient(Tversky({.alpha = 0.3, .beta = 0.8, .axis = {-2, -1}}), batch, of(4, 0.3, 0.8));
  batch.mask = {1, 1, 0, 1};
  check_gradient(Dice({.axis = {1, 2}}), batch, of(4, 0.5, 0.5));
}

// Sample 0 has both = 1.5 and sums 2 and 2.25; sample 1 has both = 0.75 and sums 3 and 1.5.
TEST_CASE("overlap losses mask and weigh rows, samples or whole batches", "[losses]") {
  LossBatch batch{.y = {1, 0, 1, 0, 1, 0, 1, 1},
                  .p = {0.5f, 0.25f, 1, 0.5f, 0, 0.75f, 0.25f, 0.5f},
                  .true_columns = 2,
                  .pred_columns = 2,
                  .steps = 2};
  const double first = 1.0 - 3.0 / 4.25, second = 1.0 - 1.5 / 4.5, whole = 1.0 - 4.5 / 8.75;
  const auto expect = [&](const Loss& loss, double value) {
    std::vector<float> dp;
    CHECK_THAT(batch.loss(loss, &dp), WithinRel(value, loss_tolerance));
  };
  expect(Dice({.axis = {1, 2}}), (first + second) / 2.0);
  expect(Dice({.reduction = "sum", .axis = {1, 2}}), first + second);
  expect(Dice({.reduction = "sum"}), whole);
  batch.weight = {3, 3, 1, 1};
  expect(Dice({.axis = {1, 2}}), (3.0 * first + second) / 2.0);
  expect(Dice({.reduction = "mean_with_sample_weight", .axis = {1, 2}}), (3.0 * first + second) / 4.0);
  expect(Dice(), 2.0 * whole);
  expect(Dice({.reduction = "sum"}), 4.0 * whole);
  expect(Dice({.reduction = "mean_with_sample_weight"}), whole);
  batch.weight = {};
  batch.mask = {0, 0, 0, 1};  // both = 0.75, sums 2 and 0.75
  expect(Dice({.axis = {1, 2}}), 1.0 - 1.5 / 2.75);
  expect(Dice(), whole);
  batch.mask = {1, 0, 0, 1};
  expect(Dice({.reduction = "sum"}), 2.0 * whole);
  batch.mask = {0, 0, 0, 0};
  expect(Dice(), 0.0);
  expect(Dice({.axis = {1, 2}}), 0.0);
  CHECK(Dice()(Tensor::from_shape({0, 3}), Tensor::from_shape({0, 3})) == 0.0);
  CHECK(Dice()({{0, 0}}, {{0.0, 0.0}}) == 1.0);
}

TEST_CASE("overlap losses take None, the last axis or all axes behind the batch", "[losses]") {
  const auto check = [](const Axes& axis, const Extents& y_pred) {
    return message_of<InvalidInput>([&] {
      Dice({.axis = axis}).check(Tensor(xt::zeros<float>({4, 2, 3})), y_pred, "fit");
    });
  };
  for (const Axes& axis : {Axes(None), Axes(-1), Axes(2), Axes({1, 2}), Axes({-1, -2})}) {
    CHECK(check(axis, {4, 2, 3}) == "nothing was thrown");
  }
  for (const Axes& axis : {Axes(3), Axes({2, -1}), Axes({1, 1})}) {
    CHECK(check(axis, {4, 2, 3}).starts_with("fit: axis of dice is "));
  }
  CHECK(check(1, {4, 2, 3}) ==
        "fit: axis of dice is 1 for a prediction of shape (4, 2, 3); expected None, the last axis or all axes behind "
        "the batch. Change axis, or permute the axes before the loss.");
  CHECK(message_of<InvalidArgument>([] {
          Dice({.axis = {0, 1}});
        }) ==
        "dice: axis is (0, 1); expected None, the last axis or all axes behind the batch. Leave out axis 0, the "
        "batch.");
  CHECK(message_of<InvalidArgument>([] { Tversky({.alpha = -1.0}); }) ==
        "tversky: alpha is -1; expected a number that is not negative.");
}

// Keras multiplies the loss of the whole batch by each weight, and reduces the products. The dice of these four rows is
// 1 - 4.5 / 8.75.
TEST_CASE("overlap losses of whole batches use a weight of each step", "[losses]") {
  const Tensor y = xt::xarray<float>{{{1, 0}, {1, 0}}, {{1, 0}, {1, 1}}};
  const Tensor p = xt::xarray<float>{{{0.5f, 0.25f}, {1, 0.5f}}, {{0, 0.75f}, {0.25f, 0.5f}}};
  const xt::xarray<float> steps{{3, 1}, {2, 4}}, samples{3, 1};
  const double whole = 1.0 - 4.5 / 8.75;
  CHECK_THAT(Dice()(y, p, steps), WithinRel(2.5 * whole, loss_tolerance));
  CHECK_THAT(Dice({.reduction = "sum"})(y, p, steps), WithinRel(10.0 * whole, loss_tolerance));
  CHECK_THAT(Dice({.reduction = "mean_with_sample_weight"})(y, p, steps), WithinRel(whole, loss_tolerance));
  CHECK_THAT(Dice({.reduction = "sum"})(y, p, samples), WithinRel(4.0 * whole, loss_tolerance));
  Sequential model;
  model.add(layers::Activation("linear", {.input_shape = {2, 2}}));
  model.compile("sgd", Dice());
  CHECK_THAT(model.evaluate(p, y, {.verbose = 0, .sample_weight = steps})["loss"], WithinRel(2.5 * whole, 1e-6));
  CHECK_THROWS_WITH(Dice({.axis = {1, 2}})(y, p, steps),
                    "dice: sample_weight has one weight for each step; expected one for each sample, since the loss of "
                    "a sample is one number. Give weights of shape (batch).");
}

TEST_CASE("Dice trains a tagger", "[losses]") {
  const Input x{{{1.0}, {-1.0}, {2.0}}, {{-1.0}, {1.0}, {-2.0}}}, y{{1, 0, 1}, {0, 1, 0}};
  Sequential model{layers::Dense(1, {.activation = "sigmoid", .kernel_initializer = "zeros", .input_shape = {3, 1}})};
  model.compile(optimizers::SGD({.learning_rate = 5.0}), "dice");
  CHECK_THAT(model.evaluate(x, y, {.verbose = 0})["loss"], WithinRel(0.5, 1e-6));  // 1 - 2 * 1.5 / (3 + 3)
  CHECK(model.fit(x, y, {.epochs = 20, .verbose = 0})["loss"].back() < 0.1);
}
