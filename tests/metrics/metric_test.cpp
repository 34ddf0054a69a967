#include "xeras/metrics/metric.hpp"

#include <cmath>

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"
#include "xeras/metrics.hpp"

using namespace xeras;
using namespace xeras::metrics;

namespace {

// A metric of one's own, complete.
// [largest error]
struct LargestErrorOptions {
  std::string name = "largest_error";
};
XERAS_FIELDS(LargestErrorOptions, name)

class LargestError final : public Configured<Metric, LargestErrorOptions> {
 public:
  const std::string& name() const override { return config().name; }
  Direction direction() const override { return Direction::down; }
  void update(const Targets& t) override {
    for (std::int64_t i = 0; i < t.rows * t.pred_columns; ++i) {
      largest_ = std::max(largest_, std::abs(static_cast<double>(t.y_true[i]) - t.y_pred[i]));
    }
  }
  double result() const override { return largest_; }
  void reset_state() override { largest_ = 0.0; }
  std::shared_ptr<Metric> clone() const override { return std::make_shared<LargestError>(*this); }

 private:
  double largest_ = 0.0;
};
// [largest error]

}  // namespace

TEST_CASE("a metric of one's own derives from Metric", "[metrics]") {
  const MetricArgument metric = LargestError();
  metric->update_state({{1.0, 2.0}}, {{1.5, 4.0}});
  CHECK(metric->result() == 2.0);
  CHECK(metric->clone()->result() == 2.0);
  CHECK(metric->results().size() == 1);
  CHECK(metric->results()(0) == 2.0f);
}

TEST_CASE("a metric knows its direction", "[metrics]") {
  for (const char* name : {"acc", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy"}) {
    CHECK(get(name)->direction() == Direction::up);
  }
  CHECK(Accuracy().direction() == Direction::up);
  for (const char* name : {"mse", "mae", "bce", "categorical_crossentropy", "sparse_categorical_crossentropy"}) {
    CHECK(get(name)->direction() == Direction::down);
  }
  CHECK(LargestError().direction() == Direction::down);
}

TEST_CASE("a metric of one's own takes as many numbers of y for each row", "[metrics]") {
  LargestError metric;
  CHECK(message_of<InvalidInput>([&] {
          metric.update_state({{1, 2, 3}}, {{{1.0}, {2.0}}});
        }) == "largest_error: y has shape (1, 3) and the prediction (1, 2, 1); expected equal numbers of rows.");
  CHECK(message_of<InvalidInput>([&] {
          metric.check({{1, 2, 3}, {4, 5, 6}}, {1, 2, 1}, "fit");
        }) == "fit: y has shape (2, 3) and the prediction (1, 2, 1); expected equal numbers of rows.");
  metric.check({{1, 2}, {4, 5}}, {1, 2, 1}, "fit");
}
