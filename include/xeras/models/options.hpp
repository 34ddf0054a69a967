#pragma once

#include <map>

#include "xeras/callbacks/callback.hpp"
#include "xeras/core/fields.hpp"
#include "xeras/core/input.hpp"
#include "xeras/core/one_or_more.hpp"
#include "xeras/metrics.hpp"

namespace xeras {

struct SequentialOptions {
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(SequentialOptions, name, trainable)

struct CompileOptions {
  OneOrMore<MetricArgument> weighted_metrics = {};  ///< metrics that apply sample weights
  double loss_weights = 1.0;                        ///< the factor of the loss; a model has one output
};

/// `{x, y}` or `{x, y, weights}`.
struct ValidationData {
  Input x = {};
  Input y = {};
  Input sample_weight = {};
};

struct FitOptions {
  Count batch_size = 32;  ///< ignored by a model that was built with a fixed batch
  Count epochs = 1;       ///< the number of the last epoch, counted from 1
  int verbose = 1;        ///< 0 silent, 1 a progress bar, 2 a line for each epoch
  OneOrMore<CallbackArgument> callbacks = {};
  double validation_split = 0.0;  ///< the share of the samples, taken from the end, for validation
  ValidationData validation_data = {};
  bool shuffle = true;                               ///< before each epoch
  std::map<std::int64_t, double> class_weight = {};  ///< by label; a missing one weighs 1
  Input sample_weight = {};                          ///< (samples), or (samples, time) for one target per step
  Count initial_epoch = 0;
  std::optional<std::int64_t> validation_batch_size = {};  ///< default: batch_size
  Count validation_freq = 1;                               ///< validate after every so many epochs
  /// Groups sequences of similar length into batches, which makes padding at the end cheap if an Embedding masks 0.
  /// Only whole batches are shuffled.
  bool bucket_by_length = false;
};

struct EvaluateOptions {
  Count batch_size = 32;  ///< ignored by a model that was built with a fixed batch
  int verbose = 1;
  Input sample_weight = {};
  OneOrMore<CallbackArgument> callbacks = {};
};

struct PredictOptions {
  Count batch_size = 32;  ///< ignored by a model that was built with a fixed batch
  int verbose = 0;
  OneOrMore<CallbackArgument> callbacks = {};
};

struct SaveOptions {
  bool overwrite = true;          ///< false makes an existing file an error
  bool include_optimizer = true;  ///< with the other arguments of compile
  Input sample = {};              ///< one batch of input, stored with its output for load_model(path, {.verify = true})
};

struct BatchOptions {
  Input sample_weight = {};
  std::map<std::int64_t, double> class_weight = {};
};

}  // namespace xeras
