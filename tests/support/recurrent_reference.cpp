#include "support/recurrent_reference.hpp"

#include <cmath>

#include "catch.hpp"
#include "support/close.hpp"
#include "support/layer_probe.hpp"
#include "support/random_floats.hpp"
#include "xeras/core/random.hpp"

namespace xeras::testing {
namespace {

// Tolerances of float sums over a few steps, compared with double.
constexpr double output_error = 2e-6;
constexpr double gradient_error = 2e-5;
constexpr double step_size = 1e-6;

std::vector<double> doubles(const std::vector<float>& values) { return {values.begin(), values.end()}; }

double apply(const std::function<double(double)>& f, double x) { return f ? f(x) : x; }

}  // namespace

std::size_t RecurrentReference::gates() const { return cell == Cell::simple_rnn ? 1 : cell == Cell::lstm ? 4 : 3; }

std::vector<double> RecurrentReference::output(const std::vector<double>& x,
                                               const std::vector<std::vector<double>>& weights) const {
  const std::size_t columns = gates() * units;
  const std::vector<double>& kernel = weights[0];
  const std::vector<double>& recurrent_kernel = weights[1];
  const auto bias = [&](std::size_t row, std::size_t column) {
    return use_bias ? weights[2][row * columns + column] : 0.0;
  };
  std::vector<double> result(batch * units * (return_sequences ? time : 1));
  for (std::size_t b = 0; b < batch; ++b) {
    std::vector<double> now(units, 0.0), carry(units, 0.0);
    for (std::size_t step = 0; step < time; ++step) {
      const std::size_t t = go_backwards ? time - 1 - step : step;
      const bool masked = !mask.empty() && mask[b * time + t] == 0;
      // Returns one column of x . kernel and of h . recurrent_kernel.
      const auto from_x = [&](std::size_t column) {
        double sum = bias(0, column);
        for (std::size_t d = 0; d < features; ++d)
          sum += x[(b * time + t) * features + d] * kernel[d * columns + column];
        return sum;
      };
      const auto from = [&](const std::vector<double>& left, std::size_t column) {
        double sum = 0.0;
        for (std::size_t u = 0; u < units; ++u) sum += left[u] * recurrent_kernel[u * columns + column];
        return sum;
      };
      const std::vector<double> before = now;
      if (!masked) {
        std::vector<double> r_times_h(units);
        for (std::size_t u = 0; u < units; ++u) {
          r_times_h[u] =
              before[u] *
              (gates() == 3 ? apply(recurrent_activation, from_x(units + u) + from(before, units + u)) : 1.0);
        }
        for (std::size_t u = 0; u < units; ++u) {
          const auto gate = [&](std::size_t k) {
            const double second_bias = cell == Cell::gru_reset_after ? bias(1, k * units + u) : 0.0;
            return apply(recurrent_activation, from_x(k * units + u) + from(before, k * units + u) + second_bias);
          };
          switch (cell) {
            case Cell::simple_rnn:
              now[u] = apply(activation, from_x(u) + from(before, u));
              break;
            case Cell::lstm: {
              const double g = apply(activation, from_x(2 * units + u) + from(before, 2 * units + u));
              carry[u] = gate(1) * carry[u] + gate(0) * g;
              now[u] = gate(3) * apply(activation, carry[u]);
              break;
            }
            case Cell::gru_reset_after: {
              const double inner = from(before, 2 * units + u) + bias(1, 2 * units + u);
              const double g = apply(activation, from_x(2 * units + u) + gate(1) * inner);
              now[u] = gate(0) * before[u] + (1.0 - gate(0)) * g;
              break;
            }
            case Cell::gru_reset_before: {
              const double g = apply(activation, from_x(2 * units + u) + from(r_times_h, 2 * units + u));
              now[u] = gate(0) * before[u] + (1.0 - gate(0)) * g;
              break;
            }
          }
        }
      }
      if (!return_sequences && step + 1 < time) continue;
      double* out = result.data() + (return_sequences ? (b * time + step) * units : b * units);
      for (std::size_t u = 0; u < units; ++u) out[u] = masked && zero_output_for_mask ? 0.0 : now[u];
    }
  }
  return result;
}

void check_recurrent(Layer& layer, const RecurrentReference& reference) {
  INFO("sequences " << reference.return_sequences << ", backwards " << reference.go_backwards << ", masked "
                    << !reference.mask.empty() << ", zero_output_for_mask " << reference.zero_output_for_mask);
  const auto size = [](std::size_t n) { return static_cast<std::int64_t>(n); };
  LayerProbe probe(layer, {size(reference.batch), size(reference.time), size(reference.features)},
                   !reference.mask.empty());
  std::vector<std::vector<double>> weights;
  for (Variable* variable : layer.variables()) {
    const std::vector<float> values = random_floats(variable->size(), 41 + weights.size());
    variable->assign(values.data());
    weights.push_back(doubles(values));
  }
  const std::vector<float> x = random_floats(reference.batch * reference.time * reference.features, 51);
  std::vector<double> wide_x = doubles(x);
  const std::vector<double> y = reference.output(wide_x, weights);
  check_close(probe.forward(x, reference.mask), y, output_error);

  const std::vector<float> dy = random_floats(y.size(), 52);
  const auto loss = [&] {
    const std::vector<double> now = reference.output(wide_x, weights);
    double sum = 0.0;
    for (std::size_t i = 0; i < now.size(); ++i) sum += now[i] * dy[i];
    return sum;
  };
  const auto differences = [&](std::vector<double>& at) {
    std::vector<double> slopes;
    for (double& number : at) {
      const double start = number;
      number = start + step_size;
      const double up = loss();
      number = start - step_size;
      slopes.push_back((up - loss()) / (2.0 * step_size));
      number = start;
    }
    return slopes;
  };
  const LayerProbe::Gradients gradients = probe.backward(x, dy, reference.mask);
  check_close(gradients.input, differences(wide_x), gradient_error);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    INFO("weight " << layer.variables()[i]->name);
    check_close(gradients.weights[i], differences(weights[i]), gradient_error);
  }
}

}  // namespace xeras::testing
