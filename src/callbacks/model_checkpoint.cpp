#include "xeras/callbacks/model_checkpoint.hpp"

#include <fmt/args.h>
#include <fmt/format.h>

#include <cmath>

#include "callbacks/folder.hpp"
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
  if (options_.initial_value_threshold && std::isnan(*options_.initial_value_threshold)) {
    throw InvalidArgument("ModelCheckpoint: initial_value_threshold is nan; expected a score. Leave it out for none.");
  }
}

void ModelCheckpoint::check_scores(const Scores& reported) {
  const Scores of_training = without_validation(reported);
  const std::optional<std::int64_t>& freq = options_.save_freq.batches();
  if (freq && options_.save_best_only && !of_training.contains(options_.monitor) &&
      reported.contains(options_.monitor)) {
    throw InvalidArgument(
        fmt::format("ModelCheckpoint: monitor is \"{}\" and save_freq is {} batches, after which there is no "
                    "validation; expected a score of training. Leave save_freq out, or monitor \"{}\".",
                    options_.monitor, *freq, of_training.name(0)));
  }
  if (options_.save_best_only) {
    check_monitor("ModelCheckpoint", options_.monitor, reported);
    larger_is_better_ = larger_is_better("ModelCheckpoint", options_.mode, options_.monitor, model());
    if (!best_) best_ = options_.initial_value_threshold;
  }
  const std::optional<std::int64_t> batch = freq ? std::optional<std::int64_t>(0) : std::nullopt;
  path_of(batch, freq ? of_training : reported);
  named_by_validation_ = false;
  if (freq) return;
  try {
    path_of(batch, of_training);
  } catch (const InvalidArgument&) {
    named_by_validation_ = true;
  }
}

void ModelCheckpoint::on_epoch_begin(std::int64_t epoch) { epoch_ = epoch; }

void ModelCheckpoint::on_train_batch_end(std::int64_t batch, const Scores& logs) {
  const std::optional<std::int64_t>& freq = options_.save_freq.batches();
  if (!freq || (batches_ += batch - first_of_group_ + 1) < *freq) return;
  batches_ = 0;
  save(batch, logs);
}

void ModelCheckpoint::on_epoch_end(std::int64_t, const Scores& logs) {
  if (!options_.save_freq.batches()) save({}, logs);
}

void ModelCheckpoint::save(std::optional<std::int64_t> batch, const Scores& logs) {
  if (named_by_validation_ && !has_validation(logs)) return;
  const std::string path = path_of(batch, logs);
  const auto report = [&](const std::string& text) {
    if (options_.verbose > 0) fmt::print("\nEpoch {}: {}\n", epoch_ + 1, text);
  };
  if (options_.save_best_only) {
    if (!logs.contains(options_.monitor)) return;
    const double score = logs[options_.monitor];
    const std::string before = best_ ? fmt::format("{:.5f}", *best_) : "None";
    if (!improves(score, best_, 0.0, larger_is_better_)) {
      return report(fmt::format("{} did not improve from {}", options_.monitor, before));
    }
    report(fmt::format("{} improved from {} to {:.5f}, saving model to {}", options_.monitor, before, score, path));
    best_ = score;
  } else {
    report("saving model to " + path);
  }
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (!folder.empty()) create_folder(folder);
  options_.save_weights_only ? model().save_weights(path) : model().save(path);
  report("finished saving model to " + path);
}

std::string ModelCheckpoint::path_of(std::optional<std::int64_t> batch, const Scores& logs) const {
  fmt::dynamic_format_arg_store<fmt::format_context> fields;
  std::string known = "epoch";
  fields.push_back(fmt::arg("epoch", epoch_ + 1));
  if (batch && !logs.contains("batch")) {
    fields.push_back(fmt::arg("batch", *batch + 1));
    known += ", batch";
  }
  for (std::size_t i = 0; i < logs.size(); ++i) {
    fields.push_back(fmt::arg(logs.name(i).c_str(), logs.value(i)));
    known += ", " + logs.name(i);
  }
  try {
    return fmt::vformat(filepath_, fields);
  } catch (const fmt::format_error& error) {
    throw InvalidArgument(fmt::format("ModelCheckpoint: filepath \"{}\": {}; expected fields in braces of these: {}.",
                                      filepath_, error.what(), known));
  }
}

}  // namespace xeras::callbacks
