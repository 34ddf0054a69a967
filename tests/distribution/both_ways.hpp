#pragma once

#include <cmath>
#include <functional>
#include <vector>

#include "catch.hpp"
#include "xeras/distribution.hpp"
#include "xeras/xeras.hpp"

namespace xeras::testing {

// The result of a training.
struct Trained {
  std::vector<float> weights;
  std::vector<double> losses;
};

inline std::vector<float> weights_of(const Sequential& model) {
  std::vector<float> all;
  for (const Tensor& weight : model.get_weights()) all.insert(all.end(), weight.begin(), weight.end());
  return all;
}

// Runs `train` in every process alone, and then shared, from the same random seed.
class BothWays {
 public:
  using Train = std::function<Trained()>;

  explicit BothWays(const Train& train) {
    distribution::initialize();
    set_num_threads(1);
    alone = run(train);
    distribution::set_distribution(distribution::DataParallel());
    shared = run(train);
    again = run(train);
    distribution::clear_distribution();
  }

  // Returns the largest difference of weights and losses between the two ways.
  double difference() const {
    REQUIRE(shared.weights.size() == alone.weights.size());
    REQUIRE(shared.losses.size() == alone.losses.size());
    double largest = 0.0;
    for (std::size_t i = 0; i < alone.weights.size(); ++i) {
      largest = std::max(largest, double{std::abs(shared.weights[i] - alone.weights[i])});
    }
    for (std::size_t i = 0; i < alone.losses.size(); ++i) {
      largest = std::max(largest, std::abs(shared.losses[i] - alone.losses[i]));
    }
    return largest;
  }
  bool repeats_its_bits() const { return shared.weights == again.weights && shared.losses == again.losses; }

  Trained alone, shared, again;

 private:
  static Trained run(const Train& train) {
    set_random_seed(7);
    return train();
  }
};

// Checks training both ways: only the order of sums differs, and one process has the same bits.
inline void check_both_ways(const BothWays::Train& train, double tolerance = 2e-6) {
  const BothWays both(train);
  if (distribution::num_processes() == 1) {
    CHECK(both.difference() == 0.0);
  } else {
    CHECK(both.difference() <= tolerance);
  }
  CHECK(both.repeats_its_bits());
}

// Trains a compiled model, and returns what that leaves.
inline Trained fit(Sequential& model, const Input& x, const Input& y, const FitOptions& options) {
  const History history = model.fit(x, y, options);
  Trained trained;
  for (const std::string& name : history.names()) {
    trained.losses.insert(trained.losses.end(), history[name].begin(), history[name].end());
  }
  trained.weights = weights_of(model);
  return trained;
}

// Numbers that look random, the same everywhere.
inline xt::xarray<float> numbers(const std::vector<std::size_t>& shape, std::uint64_t seed) {
  xt::xarray<float> result(shape);
  const RandomStream stream(seed);
  for (std::size_t i = 0; i < result.size(); ++i) result.data()[i] = static_cast<float>(stream.normal(i));
  return result;
}
inline xt::xarray<int> ids(const std::vector<std::size_t>& shape, int limit, std::uint64_t seed) {
  xt::xarray<int> result(shape);
  const RandomStream stream(seed);
  for (std::size_t i = 0; i < result.size(); ++i) {
    result.data()[i] = static_cast<int>(stream.below(i, static_cast<std::uint64_t>(limit)));
  }
  return result;
}

}  // namespace xeras::testing
