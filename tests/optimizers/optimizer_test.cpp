#include "xeras/optimizers/optimizer.hpp"

#include <cmath>

#include "catch.hpp"

using namespace xeras;
using namespace xeras::optimizers;

namespace {

// An optimizer of one's own, from nothing.
class SignDescent final : public Optimizer {
 public:
  using Optimizer::apply;
  void apply(std::span<Parameter> parameters) override {
    for (const Parameter& p : parameters) {
      for (std::int64_t i = 0; i < p.extents.size(); ++i) {
        p.values[i] -= std::copysign(static_cast<float>(rate_), p.gradient.values[i]);
      }
    }
    ++iterations_;
  }
  double learning_rate() const override { return rate_; }
  void set_learning_rate(double rate) override { rate_ = rate; }
  std::int64_t iterations() const override { return iterations_; }
  Value get_config() const override { return Value::Dict{}; }

 private:
  double rate_ = 0.5;
  std::int64_t iterations_ = 0;
};

}  // namespace

TEST_CASE("an optimizer of one's own derives from Optimizer", "[optimizers]") {
  const OptimizerArgument optimizer = SignDescent();
  Tensor w{1.0f, 1.0f};
  optimizer->apply({Tensor{3.0f, -0.1f}}, {&w});
  CHECK((w == Tensor{0.5f, 1.5f}));
  CHECK(optimizer->iterations() == 1);
}
