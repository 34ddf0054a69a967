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
  OneOrMore<MetricArgument> weighted_metrics = {};  ///< metrics that count samples by their weight
  double loss_weights = 1.0;                        ///< what the loss is multiplied by; there is one output
};

/// `{x, y}` or `{x, y, weights}`.
struct ValidationData {
  Input x = {};
  Input y = {};
  Input sample_weight = {};
};

struct FitOptions {
  Count batch_size = 32;  ///< a model that was built with a fixed batch takes that one
  Count epochs = 1;       ///< the number of the last epoch, counted from 1
  int verbose = 1;        ///< 0 silent, 1 a progress bar, 2 a line for each epoch
  OneOrMore<CallbackArgument> callbacks = {};
  double validation_split = 0.0;  ///< the share of the samples at the end that is held out
  ValidationData validation_data = {};
  bool shuffle = true;                               ///< before each epoch
  std::map<std::int64_t, double> class_weight = {};  ///< by label; a missing one counts 1
  Input sample_weight = {};                          ///< (samples), or (samples, time) for one target a step
  Count initial_epoch = 0;
  std::optional<std::int64_t> validation_batch_size = {};  ///< default: batch_size
  Count validation_freq = 1;                               ///< validate after every so many epochs
  /// Batches of sequences of similar length, where an Embedding masks 0: padding at the end then costs little. The
  /// order is random in whole batches only.
  bool bucket_by_length = false;
};

struct EvaluateOptions {
  Count batch_size = 32;  ///< a model that was built with a fixed batch takes that one
  int verbose = 1;
  Input sample_weight = {};
  OneOrMore<CallbackArgument> callbacks = {};
};

struct PredictOptions {
  Count batch_size = 32;  ///< a model that was built with a fixed batch takes that one
  int verbose = 0;
  OneOrMore<CallbackArgument> callbacks = {};
};

struct SaveOptions {
  bool overwrite = true;          ///< else a file that is there already is an error
  bool include_optimizer = true;  ///< and the rest of what compile set
  Input sample = {};              ///< one batch of input, kept with its output, for load_model(path, {.verify = true})
};

struct BatchOptions {
  Input sample_weight = {};
  std::map<std::int64_t, double> class_weight = {};
};

}  // namespace xeras
