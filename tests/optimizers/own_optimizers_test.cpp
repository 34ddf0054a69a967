#include "support/own_optimizers.hpp"

#include <array>
#include <cmath>
#include <vector>

#include "catch.hpp"
#include "support/allocation_counter.hpp"
#include "support/messages.hpp"
#include "support/optimizer_training.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::optimizers;
using Catch::Matchers::WithinAbs;
using testing::keras_tolerance;
using testing::TrustRatio;
using testing::Warm;
using testing::Yogi;
using testing::YogiOptions;

TEST_CASE("a rule's slots begin with its start value", "[optimizers]") {
  // Accumulators 25 - 3^2 and 16 - 3^2; 25 and 25.
  Yogi yogi({.learning_rate = 0.5, .beta = 0.0, .initial_accumulator_value = 25.0, .epsilon = 0.0});
  Tensor w{1.0f, 1.0f};
  yogi.apply({Tensor{3.0f, 0.0f}}, {&w});
  CHECK_THAT(w[0], WithinAbs(1.0 - 0.5 * 3.0 / 4.0, keras_tolerance));
  yogi.apply({Tensor{3.0f, 0.0f}}, {&w});
  CHECK_THAT(w[0], WithinAbs(1.0 - 0.5 * 3.0 / 4.0 - 0.5 * 3.0 / std::sqrt(7.0), keras_tolerance));
  CHECK(w[1] == 1.0f);
  std::array<Parameter, 1> parameters{Parameter{w.data(), {2}, nullptr, {}}};
  const std::vector<StateArray> state = yogi.state(parameters);
  REQUIRE(state.size() == 1);
  CHECK(state[0].name == "accumulator");
  CHECK(state[0].extents.to_string() == "(2,)");
  CHECK(state[0].start == 25.0f);
  CHECK((std::vector<float>(state[0].values, state[0].values + 2) == std::vector<float>{7.0f, 25.0f}));
}

TEST_CASE("a rule of one's own has the options that all optimizers have", "[optimizers]") {
  // The first of five steps is from 1 and with gradient 0.1.
  testing::Training training;
  Yogi yogi({.learning_rate = 0.1, .beta = 0.0, .initial_accumulator_value = 0.01, .epsilon = 0.0});
  training.step(yogi, 0);
  CHECK_THAT(training.a[0], WithinAbs(1.0 - 0.01 / std::sqrt(0.02), keras_tolerance));
  testing::check_sparse<Yogi>(YogiOptions{.clipnorm = 1.0});
  testing::check_sparse<Yogi>(YogiOptions{.weight_decay = 0.1, .use_ema = true});
  CHECK(message_of<InvalidArgument>([] { Yogi({.clipvalue = -1.0}); }) ==
        "Yogi: clipvalue is -1; expected a positive number, or nothing for no clipping.");
  CHECK(message_of<InvalidArgument>([] { Yogi({.learning_rate = -1}); }) ==
        "Yogi: learning_rate is -1; expected a finite number >= 0.");
}

TEST_CASE("a rule may take whole parameters", "[optimizers]") {
  // |w| = 5 and |g| = 2, then 3 and 3.5, whose gradient is 0; a parameter of zeros has the ratio 1.
  TrustRatio optimizer({.learning_rate = 0.1});
  Tensor w{3.0f, 4.0f}, zeros{0.0f};
  optimizer.apply({Tensor{0.0f, 2.0f}, Tensor{1.0f}}, {&w, &zeros});
  CHECK_THAT(w[0], WithinAbs(3.0, keras_tolerance));
  CHECK_THAT(w[1], WithinAbs(3.5, keras_tolerance));
  CHECK_THAT(zeros[0], WithinAbs(-0.1, keras_tolerance));
  optimizer.apply({Tensor{0.0f, 0.0f}, Tensor{0.0f}}, {&w, &zeros});
  CHECK_THAT(w[1], WithinAbs(3.5, keras_tolerance));
}

TEST_CASE("a rule for whole parameters gets a sparse gradient as a dense one", "[optimizers]") {
  TrustRatio optimizer({.learning_rate = 0.1});
  std::vector<float> table{3.0f, 0.0f, 0.0f, 4.0f}, g{0.0f, 2.0f};
  const std::int32_t rows[] = {1};
  std::array<Parameter, 1> parameters{Parameter{table.data(), {2, 2}, nullptr, {g.data(), rows, true}, true}};
  optimizer.apply(parameters);
  CHECK((table == std::vector<float>{3.0f, 0.0f, 0.0f, 3.5f}));
  const testing::AllocationCounter allocations;
  optimizer.apply(parameters);
  CHECK(allocations.count() == 0);
}

TEST_CASE("a rule's numbers begin with their start value and change once a step", "[optimizers]") {
  // Products 1/2 and 1/4, so that the steps are 1/2 and 3/4 of the gradient.
  Warm warm({.learning_rate = 1.0});
  Tensor a{0.0f}, b{1.0f};
  for (int step = 0; step < 2; ++step) warm.apply({Tensor{1.0f}, Tensor{2.0f}}, {&a, &b});
  CHECK(a[0] == -1.25f);
  CHECK(b[0] == -1.5f);
  std::array<Parameter, 2> parameters{Parameter{a.data(), {1}, nullptr, {}}, Parameter{b.data(), {1}, nullptr, {}}};
  const std::vector<StateArray> state = warm.state(parameters);
  REQUIRE(state.size() == 1);
  CHECK(state[0].name == "product");
  CHECK_FALSE(state[0].position.has_value());
  CHECK(*state[0].values == 0.25f);
  CHECK(state[0].start == 1.0f);
}

namespace {

using testing::TrustRatioOptions;

// Sums of g^2 over rows and columns, as Adafactor has them; the slots are as the test says.
class Factors final : public OptimizerWith<TrustRatioOptions> {
 public:
  explicit Factors(Stretches takes, std::size_t more_slots = 0)
      : OptimizerWith("Factors", {}), takes_(takes), more_slots_(more_slots) {}
  static Factors whole() { return Factors(Stretches::whole); }
  static Factors any() { return Factors(Stretches::any); }
  static Factors with_many() { return Factors(Stretches::whole, 3); }

 protected:
  std::vector<Slot> slots(const Parameter& parameter) const override {
    if (parameter.extents.rank() < 2) return {{.name = "velocity"}};
    std::vector<Slot> slots{{.name = "r", .extents = Extents{parameter.extents[0]}},
                            {.name = "c", .extents = Extents{parameter.extents[1]}}};
    slots.resize(slots.size() + more_slots_);
    return slots;
  }
  Stretches stretches() const override { return takes_; }
  void update(const Step&, const Stretch& all) const override {
    if (all.extents.rank() < 2) return;
    const auto columns = static_cast<std::size_t>(all.extents[1]);
    for (std::size_t i = 0; i < all.size; ++i) {
      all.slots[0][i / columns] += all.g[i];
      all.slots[1][i % columns] += all.g[i];
    }
  }

 private:
  Stretches takes_;
  std::size_t more_slots_;
};

// Rows move by their slot, which begins with 1 and halves in every update.
class Moving final : public OptimizerWith<TrustRatioOptions> {
 public:
  Moving() : OptimizerWith("Moving", {}) {}

 protected:
  std::vector<Slot> slots(const Parameter&) const override { return {{.name = "speed", .start = 1.0f}}; }
  Stretches stretches() const override { return Stretches::moving_rows; }
  void update(const Step&, const Stretch& part) const override { move(1, part); }
  void apply_postponed(const Postponed& postponed, const Stretch& part) const override { move(postponed.count, part); }

 private:
  static void move(std::int64_t count, const Stretch& part) {
    for (std::int64_t n = 0; n < count; ++n) {
      for (std::size_t i = 0; i < part.size; ++i) part.w[i] += part.slots[0][i] *= 0.5f;
    }
  }
};

}  // namespace

TEST_CASE("a rule may have slots of another shape than the parameter", "[optimizers]") {
  Factors factors = Factors::whole();
  Tensor matrix{{0.0f, 0.0f, 0.0f}, {0.0f, 0.0f, 0.0f}}, bias{0.0f};
  factors.apply({Tensor{{1.0f, 2.0f, 3.0f}, {4.0f, 5.0f, 6.0f}}, Tensor{1.0f}}, {&matrix, &bias});
  std::array<Parameter, 2> parameters{Parameter{matrix.data(), {2, 3}, nullptr, {}},
                                      Parameter{bias.data(), {1}, nullptr, {}}};
  const std::vector<StateArray> state = factors.state(parameters);
  REQUIRE(state.size() == 3);
  CHECK((std::vector<float>(state[0].values, state[0].values + 2) == std::vector<float>{6.0f, 15.0f}));
  CHECK((std::vector<float>(state[1].values, state[1].values + 3) == std::vector<float>{5.0f, 7.0f, 9.0f}));
  CHECK(state[2].name == "velocity");
  CHECK(state[2].position == 1);
}

TEST_CASE("a rule with slots that do not fit is refused in the first step", "[optimizers]") {
  Tensor w{{1.0f, 2.0f, 3.0f}, {4.0f, 5.0f, 6.0f}};
  const auto refuse = [&](Factors factors) { return message_of<InvalidArgument>([&] { factors.apply({w}, {&w}); }); };
  CHECK(refuse(Factors::any()) ==
        "Factors: slot \"r\" has shape (2,) and its parameter (2, 3); expected the same shape, unless stretches() is "
        "Stretches::whole.");
  CHECK(refuse(Factors::with_many()) == "Factors: 5 slots; expected at most 4.");
}

TEST_CASE("a row whose slots begin with a value catches up from the first update on", "[optimizers]") {
  Moving moving;
  std::vector<float> w(3), g(1);
  const std::int32_t first[] = {0}, last[] = {2};
  const auto step = [&](std::span<const std::int32_t> rows) {
    std::array<Parameter, 1> parameters{Parameter{w.data(), {3, 1}, nullptr, {g.data(), rows, true}, true}};
    moving.apply(parameters);
  };
  step(first);
  step(last);
  CHECK((w == std::vector<float>{0.5f, 0.0f, 0.75f}));
  moving.catch_up(0, w.data());
  CHECK((w == std::vector<float>{0.75f, 0.75f, 0.75f}));
}
