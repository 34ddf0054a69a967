#pragma once

#include <map>

#include "xeras/callbacks/callback.hpp"
#include "xeras/core/fields.hpp"
#include "xeras/core/input.hpp"
#include "xeras/core/one_or_more.hpp"
#include "xeras/core/value.hpp"
#include "xeras/data/dataset.hpp"
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
  /// Batches between calls of the batch hooks of callbacks, in fit, evaluate and predict. Results do not depend on it.
  Count steps_per_execution = 1;
};

/// `{x, y}` or `{x, y, weights}`.
struct ValidationData {
  Input x = {};
  Input y = {};
  Input sample_weight = {};
};

/// Arrays and datasets share these options. One that does not apply to the given data raises.
struct FitOptions {
  /// Default: 32, or what makes steps_per_epoch batches of the arrays. Ignored by a model that was built with a fixed
  /// batch. A dataset makes batches itself.
  std::optional<std::int64_t> batch_size = {};
  Count epochs = 1;  ///< the number of the last epoch, counted from 1
  int verbose = 1;   ///< 0 silent, 1 a progress bar, 2 a line for each epoch
  OneOrMore<CallbackArgument> callbacks = {};
  double validation_split = 0.0;  ///< the share of the samples of arrays, taken from the end, for validation
  ValidationData validation_data = {};
  bool shuffle = true;                               ///< the samples of arrays, the batches of a dataset
  std::map<std::int64_t, double> class_weight = {};  ///< by label; a missing one weighs 1
  Input sample_weight = {};                          ///< (samples), or (samples, time) for one target per step
  Count initial_epoch = 0;
  /// Batches of an epoch; default: all. The next epoch continues with the next batch.
  std::optional<std::int64_t> steps_per_epoch = {};
  std::optional<DatasetArgument> validation_dataset = {};  ///< instead of validation_data
  std::optional<std::int64_t> validation_steps = {};       ///< the first batches to validate with; default: all
  std::optional<std::int64_t> validation_batch_size = {};  ///< default: batch_size
  Count validation_freq = 1;                               ///< validate after every so many epochs
  Count workers = 1;          ///< threads that make the batches of datasets; up to 1, the calling thread does
  Count max_queue_size = 10;  ///< batches to make ahead, if workers is above 1
  /// Groups sequences of similar length into batches, which makes padding at the end cheap if an Embedding masks 0.
  /// Only whole batches are shuffled.
  bool bucket_by_length = false;
  /// The first SIGINT (Ctrl-C) ends training after the current batch, as stop_training does (or after those of
  /// steps_per_execution); the second ends the program. POSIX only.
  bool stop_on_interrupt = false;
};

struct EvaluateOptions {
  std::optional<std::int64_t> batch_size = {};  ///< as in fit
  int verbose = 1;
  Input sample_weight = {};
  std::optional<std::int64_t> steps = {};  ///< the first batches to evaluate; default: all
  OneOrMore<CallbackArgument> callbacks = {};
  Count workers = 1;  ///< as in fit
  Count max_queue_size = 10;
};

struct PredictOptions {
  std::optional<std::int64_t> batch_size = {};  ///< as in fit
  int verbose = 0;
  std::optional<std::int64_t> steps = {};  ///< the first batches to predict; default: all
  OneOrMore<CallbackArgument> callbacks = {};
  Count workers = 1;  ///< as in fit
  Count max_queue_size = 10;
};

struct SaveOptions {
  bool overwrite = true;          ///< false makes an existing file an error
  bool include_optimizer = true;  ///< with the other arguments of compile
  Input sample = {};              ///< one batch of input, stored with its output for load_model(path, {.verify = true})
  Value::Dict metadata = {};      ///< facts about the model, which load_metadata returns; only in .keras files
};

struct BatchOptions {
  Input sample_weight = {};
  std::map<std::int64_t, double> class_weight = {};
};

}  // namespace xeras
