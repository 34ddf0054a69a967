#include "xeras/losses/sequence.hpp"

#include <cmath>

#include "catch.hpp"
#include "support/check_loss.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::losses;
using namespace xeras::testing;
using Catch::Matchers::WithinRel;

namespace {

// Returns minus the logarithm of the probability of the labels, as a sum over all classes^steps paths.
double by_paths(const std::vector<int>& labels, const std::vector<double>& x, int classes) {
  const int steps = static_cast<int>(x.size()) / classes;
  int paths = 1;
  for (int t = 0; t < steps; ++t) paths *= classes;
  double total = 0.0;
  for (int path = 0; path < paths; ++path) {
    std::vector<int> spelled;
    double probability = 1.0;
    for (int t = 0, rest = path, before = 0; t < steps; ++t, rest /= classes) {
      const int now = rest % classes;
      if (now != 0 && now != before) spelled.push_back(now);
      before = now;
      double sum = 0.0;
      for (int c = 0; c < classes; ++c) sum += std::exp(x[static_cast<std::size_t>(t * classes + c)]);
      probability *= std::exp(x[static_cast<std::size_t>(t * classes + now)]) / sum;
    }
    if (spelled == labels) total += probability;
  }
  return -std::log(total);
}

// One batch with targets of `longest` labels per sample.
double loss_of(const CTC& loss, const LossBatch& batch, std::int64_t longest, std::vector<float>& dp) {
  Targets targets = batch.targets();
  targets.true_size = longest;
  std::vector<float> scratch(static_cast<std::size_t>(loss.scratch_size(targets)), not_a_number);
  dp.assign(batch.p.size(), not_a_number);
  return loss.compute(targets, scratch.data(), dp.data());
}

const std::vector<float> logits{0.3f, -0.5f, 1.1f, 0.2f, 0.9f, -0.1f, -0.7f, 0.4f, 0.6f, 1.5f, -0.2f, 0.1f};

}  // namespace

TEST_CASE("CTC is the sum over all alignments, and its gradient that of the sum", "[losses]") {
  for (const std::vector<int>& labels : {std::vector<int>{}, {1}, {1, 2}, {2, 2}, {1, 2, 1}}) {
    LossBatch batch{.y = {0, 0, 0}, .p = logits, .pred_columns = 3, .steps = 4};
    std::copy(labels.begin(), labels.end(), batch.y.begin());
    std::vector<float> dp;
    const std::vector<double> p(batch.p.begin(), batch.p.end());
    CHECK_THAT(loss_of(CTC(), batch, 3, dp), WithinRel(by_paths(labels, p, 3), loss_tolerance));
    for (std::size_t i = 0; i < p.size(); ++i) {
      std::vector<double> above = p, below = p;
      above[i] += 1e-5;
      below[i] -= 1e-5;
      const double slope = (by_paths(labels, above, 3) - by_paths(labels, below, 3)) / 2e-5;
      CHECK(std::abs(dp[i] - slope) < 1e-6);
    }
  }
}

TEST_CASE("CTC leaves masked steps out and weighs samples", "[losses]") {
  LossBatch batch{.y = {1, 2, 2, 0}, .p = logits, .pred_columns = 3, .mask = {1, 1, 1, 0, 0, 1, 0, 0}, .steps = 4};
  batch.p.insert(batch.p.end(), logits.begin(), logits.end());
  const std::vector<double> p(logits.begin(), logits.end());
  const double first = by_paths({1, 2}, {p.begin(), p.begin() + 9}, 3);
  const double second = by_paths({2}, {p.begin() + 3, p.begin() + 6}, 3);
  std::vector<float> dp;
  CHECK_THAT(loss_of(CTC({.reduction = "sum"}), batch, 2, dp), WithinRel(first + second, loss_tolerance));
  for (const std::size_t step : {3U, 4U, 6U, 7U}) {
    CHECK((dp[3 * step] == 0.0f && dp[3 * step + 1] == 0.0f && dp[3 * step + 2] == 0.0f));
  }
  batch.weight = {1, 1, 1, 1, 3, 3, 3, 3};
  CHECK_THAT(loss_of(CTC(), batch, 2, dp), WithinRel((first + 3.0 * second) / 2.0, loss_tolerance));
  batch.mask = {1, 1, 1, 0, 0, 0, 0, 0};  // a sample without steps does not count
  batch.p[12] = not_a_number;
  CHECK_THAT(loss_of(CTC(), batch, 2, dp), WithinRel(first, loss_tolerance));
  CHECK(dp[12] == 0.0f);
}

TEST_CASE("CTC is finite for extreme logits and for more labels than steps", "[losses]") {
  std::vector<float> dp;
  LossBatch batch{.y = {1, 2}, .p = {1e4f, -1e4f, 0, 0, 1e4f, -1e4f}, .pred_columns = 3, .steps = 2};
  CHECK(loss_of(CTC(), batch, 2, dp) == 4e4);  // the only path, 1 and then 2, costs 2e4 and 2e4
  for (const float each : dp) CHECK(std::isfinite(each));
  CHECK(CTC()(Tensor::from_shape({0, 2}), Tensor::from_shape({0, 4, 3})) == 0.0);
}

// One step for several labels, with probabilities 0.1, 0.2, 0.3 and 0.4: three ways of cost 1e5 lead to the last label
// (two, if the label before is the same), and two to the blank behind it. Keras's formula in 64 bits gives the same.
TEST_CASE("CTC adds 1e5 for labels that do not fit into the steps", "[losses]") {
  LossBatch batch{.y = {1, 2, 1}, .p = {}, .pred_columns = 4, .steps = 1};
  for (const double each : {0.1, 0.2, 0.3, 0.4}) batch.p.push_back(static_cast<float>(std::log(each)));
  const auto expect = [&](std::int64_t longest, const std::vector<double>& gradient, double ways) {
    std::vector<float> dp;
    CHECK_THAT(loss_of(CTC(), batch, longest, dp), WithinRel(1e5 - std::log(ways), 1e-7));
    for (std::size_t c = 0; c < 4; ++c) CHECK(std::abs(dp[c] - gradient[c]) < 1e-6);
  };
  expect(3, {0.1 - 0.2 / 0.8, 0.2 - 0.6 / 0.8, 0.3, 0.4}, 0.8);
  batch.y = {2, 2};
  expect(2, {0.1 - 0.2 / 0.8, 0.2, 0.3 - 0.6 / 0.8, 0.4}, 0.8);
}

TEST_CASE("CTC says what targets it expects", "[losses]") {
  const auto check = [](const Input& y) { return message_of<InvalidInput>([&] { CTC().check(y, {2, 5, 4}, "fit"); }); };
  CHECK(check({{1, 3}, {2, 0}}) == "nothing was thrown");
  CHECK(check({1, 2}) ==
        "fit: y has shape (2,) and the prediction (2, 5, 4); ctc expects (batch, labels) and (batch, steps, classes).");
  CHECK(check({{1, 4}, {2, 0}}) ==
        "fit: y has label 4 at row 0; expected whole numbers 1..3, and 0 behind the last label of a row. The "
        "prediction has 4 classes, of which 0 is the blank.");
  CHECK(check({{1, 3}, {2, -1}}).starts_with("fit: y has label -1 at row 1;"));
  CHECK(check({{1, 3}, {0, 2}}) ==
        "fit: y has a 0 before label 2 at row 1; expected 0 only behind the last label of a row. Number the classes "
        "from 1, and pad at the end: text::pad_sequences with .padding = \"post\".");
  CHECK(message_of<InvalidInput>([] {
          CTC()({{1.0f}}, Tensor(xt::zeros<float>({1, 2, 3})), {{1.0f, 2.0f}});
        }) ==
        "ctc: sample_weight has one weight for each step; expected one for each sample, since the loss of a sample is "
        "one number. Give weights of shape (batch).");
}

TEST_CASE("CTC trains a model whose targets are shorter than its steps", "[losses]") {
  set_random_seed(1);
  const Input x{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, 1, 0}}, {{0, 1, 0}, {0, 0, 1}, {1, 0, 0}, {0, 1, 0}}};
  const Input y{{1, 2}, {2, 1}};
  Sequential model{layers::Dense(3, {.input_shape = {4, 3}})};
  model.compile(optimizers::SGD({.learning_rate = 1.0}), "ctc");
  const History history = model.fit(x, y, {.epochs = 60, .verbose = 0});
  CHECK(history["loss"].back() < 0.2);
  CHECK(model.evaluate(x, y, {.batch_size = 1, .verbose = 0})["loss"] < 0.2);
}
