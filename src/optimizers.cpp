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
  static const std::vector<FamilyRow<Optimizer>>& rows = *new std::vector<FamilyRow<Optimizer>>{
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

// The factors are those of the kernels, which are floats: after many steps the difference would show.
SGD::SGD(SGDOptions options)
    : OptimizerWith("SGD", std::move(options)), momentum_powers_(static_cast<float>(config().momentum)) {
  require(config().momentum >= 0.0 && config().momentum <= 1.0, "SGD", "momentum", config().momentum,
          "a number from 0 to 1");
}

std::size_t SGD::slot_count() const { return config().momentum != 0.0 ? 1 : 0; }

std::vector<std::string> SGD::slot_names() const {
  return config().momentum != 0.0 ? std::vector<std::string>{"momentum"} : std::vector<std::string>{};
}

SGD::AtRest SGD::at_rest() const { return config().momentum == 0.0 ? AtRest::still : AtRest::moving; }

// v becomes momentum^n v, and w moves by each v on the way, or with nesterov by momentum times each.
void SGD::rest(const Rest& rest, const Stretch& part) const {
  const double by_each = config().nesterov ? momentum_powers_(1) : 1.0;
  simd().axpy(static_cast<float>(by_each * momentum_powers_.sum(rest.steps)), part.slots[0], part.w, part.size);
  simd().scale(static_cast<float>(momentum_powers_(rest.steps)), part.slots[0], part.size);
}

void SGD::update(const Step& step, const Stretch& part) const {
  const auto rate = static_cast<float>(step.learning_rate);
  if (config().momentum == 0.0) return simd().sgd(part.w, part.g, part.size, rate);
  simd().sgd_momentum(part.w, part.slots[0], part.g, part.size, rate, static_cast<float>(config().momentum),
                      config().nesterov);
}

RMSprop::RMSprop(RMSpropOptions options)
    : OptimizerWith("RMSprop", std::move(options)),
      rho_powers_(static_cast<float>(config().rho)),
      momentum_powers_(static_cast<float>(config().momentum)) {
  const RMSpropOptions& given = config();
  require(given.rho >= 0.0 && given.rho <= 1.0, "RMSprop", "rho", given.rho, "a number from 0 to 1");
  require(given.momentum >= 0.0 && given.momentum <= 1.0, "RMSprop", "momentum", given.momentum,
          "a number from 0 to 1");
  require(given.epsilon >= 0.0 && std::isfinite(given.epsilon), "RMSprop", "epsilon", given.epsilon,
          "a finite number >= 0");
}

std::size_t RMSprop::slot_count() const { return 1 + (config().momentum > 0.0) + config().centered; }

std::vector<std::string> RMSprop::slot_names() const {
  std::vector<std::string> names{"velocity"};
  if (config().momentum > 0.0) names.emplace_back("momentum");
  if (config().centered) names.emplace_back("average_gradient");
  return names;
}

RMSprop::AtRest RMSprop::at_rest() const { return config().momentum == 0.0 ? AtRest::still : AtRest::moving; }

// Velocity and average gradient decay by rho; the moment by momentum, and w moves by each moment on the way.
void RMSprop::rest(const Rest& rest, const Stretch& part) const {
  const auto decay = static_cast<float>(rho_powers_(rest.steps));
  simd().scale(decay, part.slots[0], part.size);
  if (config().centered) simd().scale(decay, part.slots[slot_count() - 1], part.size);
  if (config().momentum == 0.0) return;
  simd().axpy(static_cast<float>(-momentum_powers_.sum(rest.steps)), part.slots[1], part.w, part.size);
  simd().scale(static_cast<float>(momentum_powers_(rest.steps)), part.slots[1], part.size);
}

void RMSprop::update_rested(const Step& step, const Rest& rest, const Stretch& part) const {
  if (config().momentum != 0.0 || config().centered) return OptimizerWith::update_rested(step, rest, part);
  const auto rho = static_cast<float>(config().rho);
  simd().rmsprop_rested(part.w, part.slots[0], part.g, part.size, static_cast<float>(step.learning_rate),
                        static_cast<float>(rho_powers_(rest.steps + 1)), 1.0f - rho,
                        static_cast<float>(config().epsilon));
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

}  // namespace xeras::optimizers
