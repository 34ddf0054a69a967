#include "xeras/metrics/perplexity.hpp"

#include <cmath>

namespace xeras::metrics {

Perplexity::Perplexity(PerplexityOptions options)
    : MetricWith(std::move(options)),
      loss_({.from_logits = config().from_logits, .ignore_class = config().mask_token_id, .name = config().name}) {}

double Perplexity::result() const { return weight() != 0.0 ? std::exp(MeanMetric::result()) : 0.0; }

}  // namespace xeras::metrics
