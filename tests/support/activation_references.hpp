#pragma once

#include <cmath>
#include <vector>

#include "xeras/activations.hpp"

// All activations, and the formulas of the elementwise ones in double.
namespace xeras::testing::activation_references {

using namespace xeras::activations;

inline double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }
inline double softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); }
inline double relu6(double x) { return std::min(std::max(x, 0.0), 6.0); }

struct Reference {
  ActivationArgument activation;
  double (*f)(double);
};

// Every elementwise activation, as Keras's documentation writes it.
inline std::vector<Reference> references() {
  return {
      {"linear", [](double x) { return x; }},
      {"relu", [](double x) { return std::max(x, 0.0); }},
      {"relu6", relu6},
      {"leaky_relu", [](double x) { return x > 0 ? x : 0.2 * x; }},
      {"elu", [](double x) { return x > 0 ? x : std::expm1(x); }},
      {"selu", [](double x) { return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * std::expm1(x)); }},
      {"celu", [](double x) { return x > 0 ? x : std::expm1(x); }},
      {"sigmoid", sigmoid},
      {"hard_sigmoid", [](double x) { return relu6(x + 3) / 6; }},
      {"sparse_sigmoid", [](double x) { return std::min(std::max(0.5 * (x + 1), 0.0), 1.0); }},
      {"log_sigmoid", [](double x) { return -softplus(-x); }},
      {"tanh", [](double x) { return std::tanh(x); }},
      {"hard_tanh", [](double x) { return std::min(std::max(x, -1.0), 1.0); }},
      {"tanh_shrink", [](double x) { return x - std::tanh(x); }},
      {"exponential", [](double x) { return std::exp(x); }},
      {"softplus", softplus},
      {"sparse_plus", [](double x) { return x <= -1 ? 0.0
                                            : x < 1 ? 0.25 * (x + 1) * (x + 1)
                                                    : x; }},
      {"squareplus", [](double x) { return 0.5 * (x + std::sqrt(x * x + 4)); }},
      {"softsign", [](double x) { return x / (1 + std::abs(x)); }},
      {"silu", [](double x) { return x * sigmoid(x); }},
      {"hard_silu", [](double x) { return x * relu6(x + 3) / 6; }},
      {"mish", [](double x) { return x * std::tanh(softplus(x)); }},
      {"gelu", [](double x) { return 0.5 * x * std::erfc(-x / std::sqrt(2.0)); }},
      {Gelu({.approximate = true}),
       [](double x) { return x * sigmoid(2 * std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)); }},
      {"soft_shrink", [](double x) { return x > 0.5    ? x - 0.5
                                            : x < -0.5 ? x + 0.5
                                                       : 0.0; }},
      {"hard_shrink", [](double x) { return std::abs(x) > 0.5 ? x : 0.0; }},
      {"threshold", [](double x) { return x > 0 ? x : 0.0; }},
      {Relu({.negative_slope = 0.25, .max_value = 3.0, .threshold = 0.75}),
       [](double x) { return x > 0.75 ? std::min(x, 3.0) : 0.25 * (x - 0.75); }},
      {Elu({.alpha = 0.3}), [](double x) { return x > 0 ? x : 0.3 * std::expm1(x); }},
      {Celu({.alpha = 3.0}), [](double x) { return x > 0 ? x : 3 * std::expm1(x / 3); }},
      {Squareplus({.b = 0.0}), [](double x) { return std::max(x, 0.0); }},
  };
}

// Every name.
inline const std::vector<const char*> names = {
    "celu",       "elu",         "exponential", "gelu",           "hard_shrink", "hard_sigmoid", "hard_silu",
    "hard_swish", "hard_tanh",   "leaky_relu",  "linear",         "log_sigmoid", "log_softmax",  "mish",
    "relu",       "relu6",       "selu",        "sigmoid",        "silu",        "soft_shrink",  "softmax",
    "softplus",   "softsign",    "sparse_plus", "sparse_sigmoid", "sparsemax",   "squareplus",   "swish",
    "tanh",       "tanh_shrink", "threshold"};

}  // namespace xeras::testing::activation_references
