#include "xeras/optimizers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "core/family.hpp"
#include "kernels/simd.hpp"
#include "xeras/core/error.hpp"

namespace xeras::optimizers {
namespace {

using kernels::simd;

std::span<const FamilyRow<Optimizer>> family() {
  static const std::vector<FamilyRow<Optimizer>> rows = {
      family_row<Optimizer, SGD>({"sgd"}),
      family_row<Optimizer, RMSprop>({"rmsprop"}),
      family_row<Optimizer, Adam>({"adam"}),
  };
  return rows;
}

// The class name that a string means: as in Keras, case does not count.
std::string canonical(std::string_view name) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
  };
  for (const FamilyRow<Optimizer>& row : family()) {
    if (std::equal(name.begin(), name.end(), row.class_name.begin(), row.class_name.end(), same)) return row.class_name;
  }
  return std::string(name);
}

}  // namespace

std::shared_ptr<Optimizer> Optimizer::from_name(std::string_view name) {
  return make_by_name("optimizer", family(), canonical(name));
}

std::shared_ptr<Optimizer> Optimizer::from_config(const Value& value, const std::string& path) {
  if (const std::string* name = value.get_if<std::string>()) return from_name(*name);
  Value known = value;
  if (Value::Dict* dict = known.get_if<Value::Dict>()) {
    for (auto& [key, entry] : *dict) {
      if (const std::string* name = entry.get_if<std::string>(); key == "class_name" && name) entry = canonical(*name);
    }
  }
  return make_from_value("optimizer", family(), known, path);
}

Named<Optimizer> get(std::string_view name) { return Optimizer::from_name(name); }

SGD::SGD(SGDOptions options) : OptimizerWith("SGD", std::move(options)) {
  require(config().momentum >= 0.0 && config().momentum <= 1.0, "SGD", "momentum", config().momentum,
          "a number from 0 to 1");
}

std::size_t SGD::slot_count() const { return config().momentum != 0.0 ? 1 : 0; }

bool SGD::rests_without_gradient() const { return config().momentum == 0.0; }

void SGD::update(const Step& step, const Stretch& part) const {
  const auto rate = static_cast<float>(step.learning_rate);
  if (config().momentum == 0.0) return simd().sgd(part.w, part.g, part.size, rate);
  simd().sgd_momentum(part.w, part.slots[0], part.g, part.size, rate, static_cast<float>(config().momentum),
                      config().nesterov);
}

RMSprop::RMSprop(RMSpropOptions options) : OptimizerWith("RMSprop", std::move(options)) {
  const RMSpropOptions& given = config();
  require(given.rho >= 0.0 && given.rho <= 1.0, "RMSprop", "rho", given.rho, "a number from 0 to 1");
  require(given.momentum >= 0.0 && given.momentum <= 1.0, "RMSprop", "momentum", given.momentum,
          "a number from 0 to 1");
  require(given.epsilon >= 0.0 && std::isfinite(given.epsilon), "RMSprop", "epsilon", given.epsilon,
          "a finite number >= 0");
  constexpr int most_powers = 1024;
  for (int k = 0; k < most_powers; ++k) powers_.push_back(static_cast<float>(std::pow(given.rho, k)));
}

std::size_t RMSprop::slot_count() const { return 1 + (config().momentum > 0.0) + config().centered; }

bool RMSprop::rests_without_gradient() const { return config().momentum == 0.0; }

void RMSprop::rest(std::int64_t steps, const Stretch& part) const {
  const auto k = static_cast<std::size_t>(steps);
  const float power =
      k < powers_.size() ? powers_[k] : static_cast<float>(std::pow(config().rho, static_cast<double>(steps)));
  for (std::size_t s = 0; s < slot_count(); ++s) simd().scale(power, part.slots[s], part.size);
}

void RMSprop::update(const Step& step, const Stretch& part) const {
  const auto rate = static_cast<float>(step.learning_rate);
  const auto rho = static_cast<float>(config().rho);
  const auto epsilon = static_cast<float>(config().epsilon);
  float* const velocity = part.slots[0];
  if (config().momentum == 0.0 && !config().centered) {
    return simd().rmsprop(part.w, velocity, part.g, part.size, rate, rho, epsilon);
  }
  const auto one_minus_rho = static_cast<float>(1.0 - config().rho);
  const auto momentum = static_cast<float>(config().momentum);
  float* const moment = momentum > 0.0f ? part.slots[1] : nullptr;
  float* const average = config().centered ? part.slots[slot_count() - 1] : nullptr;
  for (std::size_t i = 0; i < part.size; ++i) {
    const float g = part.g[i];
    velocity[i] = rho * velocity[i] + one_minus_rho * g * g;
    float variance = velocity[i];
    if (average != nullptr) {
      average[i] = rho * average[i] + one_minus_rho * g;
      variance = std::max(variance - average[i] * average[i], 0.0f);  // rounding must not make it negative
    }
    float delta = rate * g / std::sqrt(variance + epsilon);
    if (moment != nullptr) delta = moment[i] = momentum * moment[i] + delta;
    part.w[i] -= delta;
  }
}

Adam::Adam(AdamOptions options) : OptimizerWith("Adam", std::move(options)) {
  const AdamOptions& given = config();
  require(given.beta_1 >= 0.0 && given.beta_1 < 1.0, "Adam", "beta_1", given.beta_1, "a number in [0, 1)");
  require(given.beta_2 >= 0.0 && given.beta_2 < 1.0, "Adam", "beta_2", given.beta_2, "a number in [0, 1)");
  require(given.epsilon >= 0.0 && std::isfinite(given.epsilon), "Adam", "epsilon", given.epsilon,
          "a finite number >= 0");
}

std::size_t Adam::slot_count() const { return config().amsgrad ? 3 : 2; }

void Adam::update(const Step& step, const Stretch& part) const {
  const auto t = static_cast<double>(step.number);
  const auto alpha = static_cast<float>(step.learning_rate * std::sqrt(1.0 - std::pow(config().beta_2, t)) /
                                        (1.0 - std::pow(config().beta_1, t)));
  const auto one_minus_beta_1 = static_cast<float>(1.0 - config().beta_1);
  const auto one_minus_beta_2 = static_cast<float>(1.0 - config().beta_2);
  const auto epsilon = static_cast<float>(config().epsilon);
  float* const m = part.slots[0];
  float* const v = part.slots[1];
  if (!config().amsgrad) {
    return simd().adam(part.w, m, v, part.g, part.size, alpha, one_minus_beta_1, one_minus_beta_2, epsilon);
  }
  float* const largest = part.slots[2];
  for (std::size_t i = 0; i < part.size; ++i) {
    const float g = part.g[i];
    m[i] += (g - m[i]) * one_minus_beta_1;
    v[i] += (g * g - v[i]) * one_minus_beta_2;
    largest[i] = std::max(largest[i], v[i]);
    part.w[i] -= alpha * m[i] / (std::sqrt(largest[i]) + epsilon);
  }
}

}  // namespace xeras::optimizers
