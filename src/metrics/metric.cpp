#include "xeras/metrics/metric.hpp"

#include "core/masked_traps.hpp"
#include "losses/targets.hpp"

namespace xeras::metrics {

void Metric::update_state(const Input& y_true, const Input& y_pred, const Input& sample_weight) {
  const MaskedTraps masked;
  check(y_true, y_pred.extents(), name());
  update(WholeBatch(y_true, y_pred, sample_weight, name()).targets());
}

Tensor Metric::results() const { return Tensor({static_cast<float>(result())}); }

void Metric::check(const Input& y_true, const Extents& y_pred, const std::string& who) const {
  check_finite(y_true, who, "y");
  check_rows(y_true, y_pred, who);
}

}  // namespace xeras::metrics
