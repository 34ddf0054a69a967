#include "xeras/optimizers/muon.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <regex>

#include "kernels/gemm.hpp"
#include "kernels/simd.hpp"
#include "xeras/core/error.hpp"

namespace xeras::optimizers {
namespace {

using kernels::simd;

bool is_matrix(const Extents& extents) { return extents.rank() == 2; }

std::string in_lower_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

std::regex pattern(const std::string& text) {
  try {
    return std::regex(text, std::regex::ECMAScript);
  } catch (const std::regex_error&) {
    throw InvalidArgument(fmt::format("Muon: exclude_layers has \"{}\"; expected regular expressions.", text));
  }
}

}  // namespace

Muon::Muon(MuonOptions options) : OptimizerWith("Muon", std::move(options)) {
  const MuonOptions& given = config();
  require_below_one("Muon", "adam_beta_1", given.adam_beta_1);
  require_below_one("Muon", "adam_beta_2", given.adam_beta_2);
  if (given.adam_weight_decay) require_not_negative("Muon", "adam_weight_decay", *given.adam_weight_decay);
  require_not_negative("Muon", "epsilon", given.epsilon);
  const auto finite = [](const char* option, double value) {
    require(std::isfinite(value), "Muon", option, value, "a finite number");
  };
  finite("muon_a", given.muon_a);
  finite("muon_b", given.muon_b);
  finite("muon_c", given.muon_c);
  require_not_negative("Muon", "adam_lr_ratio", given.adam_lr_ratio);
  require(given.momentum >= 0.0 && given.momentum <= 1.0, "Muon", "momentum", given.momentum, "a number from 0 to 1");
  require(given.ns_steps >= 0, "Muon", "ns_steps", static_cast<double>(given.ns_steps), "an integer >= 0");
  if (given.rms_rate) require_not_negative("Muon", "rms_rate", *given.rms_rate);
  for (const std::string& layer : given.exclude_layers) pattern(layer);
}

bool Muon::takes_adam(const Parameter& parameter) const {
  if (!is_matrix(parameter.extents)) return true;
  const std::string path(parameter.path.empty() ? parameter.name : parameter.path);
  if (config().exclude_embeddings && in_lower_case(path).find("embedding") != std::string::npos) return true;
  return std::ranges::any_of(config().exclude_layers,
                             [&](const std::string& layer) { return std::regex_search(path, pattern(layer)); });
}

std::vector<Muon::Slot> Muon::slots(const Parameter& parameter) const {
  std::vector<Slot> slots{{.name = "momentum"}};
  if (takes_adam(parameter)) slots.push_back({.name = "velocity"});
  return slots;
}

double Muon::weight_decay(const Parameter& parameter) const {
  const MuonOptions& given = config();
  return (takes_adam(parameter) ? given.adam_weight_decay : given.weight_decay).value_or(0.0);
}

void Muon::reserve_scratch(const Parameter& parameter) {
  const Extents& extents = parameter.extents;
  if (!is_matrix(extents)) return;
  const auto grow = [](Floats& floats, std::int64_t size) {
    floats.resize(std::max(floats.size(), static_cast<std::size_t>(size)));
  };
  for (Floats* floats : {&x_, &next_}) grow(*floats, extents.size());
  const std::int64_t side = std::min(extents[0], extents[1]);
  for (Floats* floats : {&product_, &scaled_, &sum_}) grow(*floats, side * side);
}

void Muon::begin(const Step& step) {
  const auto t = static_cast<double>(step.number);
  const double beta_1 = static_cast<float>(config().adam_beta_1), beta_2 = static_cast<float>(config().adam_beta_2);
  adam_rate_ = static_cast<float>(step.learning_rate * config().adam_lr_ratio * std::sqrt(1.0 - std::pow(beta_2, t)) /
                                  (1.0 - std::pow(beta_1, t)));
}

// Replaces the matrix x_. X X' has the length of the shorter side; for a tall X it is X' X, and the products swap
// sides.
void Muon::orthogonalize(std::size_t rows, std::size_t columns) const {
  const auto a = static_cast<float>(config().muon_a), b = static_cast<float>(config().muon_b);
  const auto c = static_cast<float>(config().muon_c);
  const std::size_t size = rows * columns, side = std::min(rows, columns);
  const bool tall = rows > columns;
  double squares = 0.0;
  for (std::size_t i = 0; i < size; ++i) squares += static_cast<double>(x_[i]) * x_[i];
  simd().scale(static_cast<float>(1.0 / (std::sqrt(squares) + 1e-7)), x_.data(), size);
  for (std::int64_t n = 0; n < config().ns_steps; ++n) {
    kernels::gemm(tall, !tall, side, side, std::max(rows, columns), x_.data(), columns, x_.data(), columns, 0.0f,
                  product_.data(), side);
    std::copy_n(product_.begin(), side * side, sum_.begin());
    std::copy_n(product_.begin(), side * side, scaled_.begin());
    simd().scale(c, scaled_.data(), side * side);
    kernels::gemm(false, false, side, side, side, scaled_.data(), side, product_.data(), side, b, sum_.data(), side);
    std::copy_n(x_.begin(), size, next_.begin());
    if (tall) {
      kernels::gemm(false, false, rows, columns, columns, x_.data(), columns, sum_.data(), columns, a, next_.data(),
                    columns);
    } else {
      kernels::gemm(false, false, rows, columns, rows, sum_.data(), rows, x_.data(), columns, a, next_.data(), columns);
    }
    std::swap(x_, next_);
  }
}

void Muon::update(const Step& step, const Stretch& all) const {
  const MuonOptions& given = config();
  float* const m = all.slots[0];
  if (all.slots.size() == 2) {
    return simd().adam(all.w, m, all.slots[1], all.g, all.size, adam_rate_, static_cast<float>(1.0 - given.adam_beta_1),
                       static_cast<float>(1.0 - given.adam_beta_2), static_cast<float>(given.epsilon));
  }
  const auto momentum = static_cast<float>(given.momentum);
  for (std::size_t i = 0; i < all.size; ++i) {
    m[i] = momentum * m[i] + all.g[i];
    x_[i] = given.nesterov ? all.g[i] + momentum * m[i] : m[i];
  }
  const auto rows = static_cast<std::size_t>(all.extents[0]), columns = static_cast<std::size_t>(all.extents[1]);
  orthogonalize(rows, columns);
  const double factor =
      given.rms_rate ? *given.rms_rate * std::sqrt(static_cast<double>(std::max(rows, columns))) : 1.0;
  simd().axpy(static_cast<float>(-step.learning_rate * factor), x_.data(), all.w, all.size);
}

}  // namespace xeras::optimizers
