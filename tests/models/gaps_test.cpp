#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"
#include "xeras/xtensor.hpp"

// Outputs and gradients that a loss or layer of one's own forgets to write, or writes wrongly.

using namespace xeras;
using namespace xeras::layers;

namespace {

enum class Writes { all, nothing, first_column, sums };

// (p - y)^2 over all columns.
class OwnLoss final : public losses::RowLoss {
 public:
  explicit OwnLoss(Writes writes) : writes_(writes) {}
  const std::string& name() const override { return name_; }
  Value get_config() const override { return Value::Dict{}; }

 protected:
  void rows(const Targets& t, float* values, float* dp) const override {
    for (std::int64_t i = 0; i < t.rows * t.pred_columns; ++i) {
      const float d = t.y_pred[i] - t.y_true[i];
      if (i % t.pred_columns == 0) values[i / t.pred_columns] = 0.0f;
      values[i / t.pred_columns] += d * d;
      if (dp == nullptr) continue;
      if (writes_ == Writes::all || (writes_ == Writes::first_column && i % t.pred_columns == 0)) dp[i] = 2.0f * d;
      if (writes_ == Writes::sums) dp[i] += 2.0f * d;
    }
  }
  const std::string& reduction() const override { return reduction_; }

 private:
  Writes writes_;
  std::string name_ = "own";
  std::string reduction_ = "sum";
};

struct OwnLayerConfig {
  bool writes = true;
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(OwnLayerConfig, writes, name, trainable)

class OwnLayer final : public LayerWith<OwnLayerConfig> {
 public:
  using LayerWith::LayerWith;
  Spec build(const Spec& input, Builder&) override { return input; }
  void forward(const Call& c) const override { c.output().flat() = 2.0f * c.input().flat(); }
  void backward(const BackwardCall& c) const override {
    if (c.wants_input_grad() && config().writes) c.input_grad().flat() = 2.0f * c.output_grad().flat();
  }
};

std::string first_step(Sequential model, LossArgument loss) {
  model.build({None, 2});
  const std::vector<Tensor> before = model.get_weights();
  model.compile("sgd", std::move(loss));
  const std::string message = message_of<Error>([&] { model.fit({{1.0, 2.0}}, {{0.0, 5.0}}, {.verbose = 0}); });
  CHECK((model.get_weights() == before) == (message != "nothing was thrown"));
  return message;
}

std::string no_gradient(std::string row_and_column) {
  return "fit: loss \"own\" does not write its gradient at " + std::move(row_and_column) +
         "; expected one for each prediction. Where dp is not null, set dp[r * targets.pred_columns + c] in rows().";
}

}  // namespace

TEST_CASE("Loss of one's own that does not write its gradient is found in the first step") {
  CHECK(first_step(Sequential{Dense(2)}, OwnLoss(Writes::all)) == "nothing was thrown");
  CHECK(first_step(Sequential{Dense(2)}, OwnLoss(Writes::nothing)) == no_gradient("row 0, column 0"));
  CHECK(first_step(Sequential{Dense(2)}, OwnLoss(Writes::first_column)) == no_gradient("row 0, column 1"));
  CHECK(first_step(Sequential{Dense(2)}, OwnLoss(Writes::sums)) == no_gradient("row 0, column 0"));
}

TEST_CASE("Layer of one's own that does not set the gradient of its input is found in the first step") {
  CHECK(first_step(Sequential{Dense(2), OwnLayer()}, "mse") == "nothing was thrown");
  CHECK(first_step(Sequential{OwnLayer({.writes = false}), Dense(2)}, "mse") ==
        "nothing was thrown");  // nobody wants it
  const std::string message =
      "OwnLayer \"own_layer\": backward leaves elements of the input gradient unset; expected it to set all of them. "
      "If call.wants_input_grad(), assign to call.input_grad(), do not add to it.";
  CHECK(first_step(Sequential{Dense(2), OwnLayer({.writes = false})}, "mse") == message);
  CHECK(first_step(Sequential{Dense(2), Sequential{OwnLayer({.writes = false}), Dense(2)}}, "mse") == message);
}

namespace {

// Its output has the shape of its input; what it writes there, or into the gradient, has not.
struct WrongShapeConfig {
  bool backwards = false;
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(WrongShapeConfig, backwards, name, trainable)

class WrongShapes final : public LayerWith<WrongShapeConfig> {
 public:
  using LayerWith::LayerWith;
  Spec build(const Spec& input, Builder&) override { return input; }
  void forward(const Call& c) const override {
    if (config().backwards) {
      c.output().flat() = c.input().flat();
    } else {
      c.output().matrix() = xt::sum(c.input().matrix(), {1});
    }
  }
  void backward(const BackwardCall& c) const override { c.input_grad().matrix() = xt::ones<float>({7}); }
};

}  // namespace

TEST_CASE("Layer of one's own that writes another shape than its output's is named") {
  const auto message = [](const std::string& from) {
    return "WrongShapes \"wrong_shapes\": an array of shape (1, 2) is set by an expression of shape " + from +
           "; expected one of the same shape. matrix() is a matrix over the last axis, flat() has one axis.";
  };
  CHECK(first_step(Sequential{Dense(2), WrongShapes()}, "mse") == message("(1,)"));
  CHECK(first_step(Sequential{Dense(2), Sequential{WrongShapes()}}, "mse") == message("(1,)"));
  CHECK(first_step(Sequential{Dense(2), WrongShapes({.backwards = true})}, "mse") == message("(7,)"));
}
