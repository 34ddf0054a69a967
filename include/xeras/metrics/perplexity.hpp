#pragma once

#include "xeras/losses/probabilistic.hpp"
#include "xeras/metrics/mean_metric.hpp"

namespace xeras::metrics {

struct PerplexityOptions {
  bool from_logits = false;                        ///< p is the input of a softmax
  std::optional<std::int64_t> mask_token_id = {};  ///< targets of this id, such as padding, do not count
  std::string name = "perplexity";
};
XERAS_FIELDS(PerplexityOptions, from_logits, mask_token_id, name)

/// The exponential of the mean crossentropy of tokens, exp(-sum log q(y) / tokens), as in language models; 0 before the
/// first token.
///
///   model.compile("adam", losses::SparseCategoricalCrossentropy({.from_logits = true}),
///                 metrics::Perplexity({.from_logits = true, .mask_token_id = 0}));
///
/// Throws  InvalidInput for a token outside the classes, unless it is mask_token_id
/// Source  keras_hub.metrics.Perplexity
class XERAS_API Perplexity final : public MetricWith<Perplexity, PerplexityOptions, Direction::down> {
 public:
  explicit Perplexity(PerplexityOptions options = {});

  void update(const Targets& targets) override { add(sums(targets)); }
  double result() const override;
  void check(const Input& y_true, const Extents& y_pred, const std::string& who) const override {
    loss_.check(y_true, y_pred, who);
  }

 protected:
  void rows(const Targets& targets, float* values, float* counts) const override {
    loss_.per_row(targets, values, counts);
  }

 private:
  losses::SparseCategoricalCrossentropy loss_;
};

}  // namespace xeras::metrics
