#include "xeras/callbacks/model_checkpoint.hpp"

#include <fmt/args.h>
#include <fmt/format.h>

#include <cmath>

#include "models/monitor.hpp"
#include "xeras/core/error.hpp"

namespace xeras::callbacks {

ModelCheckpoint::ModelCheckpoint(std::string filepath, ModelCheckpointOptions options)
    : filepath_(std::move(filepath)), options_(std::move(options)) {
  check_mode("ModelCheckpoint", options_.mode);
  const char* ending = options_.save_weights_only ? ".weights.h5" : ".keras";
  const bool fits = options_.save_weights_only ? filepath_.ends_with(ending)
                                               : filepath_.ends_with(ending) || (filepath_.ends_with(".h5") &&
                                                                                 !filepath_.ends_with(".weights.h5"));
  if (!fits) {
    throw InvalidArgument(fmt::format("ModelCheckpoint: filepath is \"{}\"; expected a name that ends in {}{}.",
                                      filepath_, ending, options_.save_weights_only ? "" : " or .h5"));
  }
  if (options_.save_freq && *options_.save_freq <= 0) {
    throw InvalidArgument(
        fmt::format("ModelCheckpoint: save_freq is {}; expected a positive number of batches. Leave it out to save "
                    "after each epoch.",
                    *options_.save_freq));
  }
  if (options_.initial_value_threshold && std::isnan(*options_.initial_value_threshold)) {
    throw InvalidArgument("ModelCheckpoint: initial_value_threshold is nan; expected a score. Leave it out for none.");
  }
}

void ModelCheckpoint::check_scores(const Scores& reported) {
  const Scores of_training = without_validation(reported);
  if (options_.save_freq && options_.save_best_only && !of_training.contains(options_.monitor) &&
      reported.contains(options_.monitor)) {
    throw InvalidArgument(
        fmt::format("ModelCheckpoint: monitor is \"{}\" and save_freq is {} batches, after which there is no "
                    "validation; expected a score of training. Leave save_freq out, or monitor \"{}\".",
                    options_.monitor, *options_.save_freq, of_training.name(0)));
  }
  if (options_.save_best_only) {
    check_monitor("ModelCheckpoint", options_.monitor, reported);
    larger_is_better_ = larger_is_better("ModelCheckpoint", options_.mode, options_.monitor, model());
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (!best_) best_ = options_.initial_value_threshold.value_or(larger_is_better_ ? -infinity : infinity);
  }
  path_of(options_.save_freq ? of_training : reported);
  named_by_validation_ = false;
  if (options_.save_freq) return;
  try {
    path_of(of_training);
  } catch (const InvalidArgument&) {
    named_by_validation_ = true;
  }
}

void ModelCheckpoint::on_train_begin() { batches_ = 0; }
void ModelCheckpoint::on_epoch_begin(std::int64_t epoch) { epoch_ = epoch; }

void ModelCheckpoint::on_train_batch_end(std::int64_t, const Scores& logs) {
  if (options_.save_freq && ++batches_ % *options_.save_freq == 0) save(logs);
}

void ModelCheckpoint::on_epoch_end(std::int64_t, const Scores& logs) {
  if (!options_.save_freq) save(logs);
}

void ModelCheckpoint::save(const Scores& logs) {
  if (named_by_validation_ && !has_validation(logs)) return;
  if (options_.save_best_only) {
    if (!logs.contains(options_.monitor)) return;
    const double score = logs[options_.monitor];
    const bool better = larger_is_better_ ? score > *best_ : score < *best_;
    if (options_.verbose > 0) {
      fmt::print("\nEpoch {}: {} {} from {:.5f} to {:.5f}\n", epoch_ + 1, options_.monitor,
                 better ? "improved" : "did not improve", *best_, score);
    }
    if (!better) return;
    best_ = score;
  }
  const std::string path = path_of(logs);
  if (options_.verbose > 0) fmt::print("\nEpoch {}: saving model to {}\n", epoch_ + 1, path);
  options_.save_weights_only ? model().save_weights(path) : model().save(path);
}

std::string ModelCheckpoint::path_of(const Scores& logs) const {
  fmt::dynamic_format_arg_store<fmt::format_context> fields;
  fields.push_back(fmt::arg("epoch", epoch_ + 1));
  for (std::size_t i = 0; i < logs.size(); ++i) fields.push_back(fmt::arg(logs.name(i).c_str(), logs.value(i)));
  try {
    return fmt::vformat(filepath_, fields);
  } catch (const fmt::format_error& error) {
    std::string known = "epoch";
    for (std::size_t i = 0; i < logs.size(); ++i) known += ", " + logs.name(i);
    throw InvalidArgument(fmt::format("ModelCheckpoint: filepath \"{}\": {}; expected fields in braces of these: {}.",
                                      filepath_, error.what(), known));
  }
}

}  // namespace xeras::callbacks
