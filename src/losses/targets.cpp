#include "losses/targets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/input_visit.hpp"
#include "xeras/core/error.hpp"

namespace xeras {
namespace {

std::string number(double value) { return std::isnan(value) ? "nan" : fmt::format("{}", value); }

std::string advice(const char* text, std::string_view sibling) {
  return sibling.empty() ? "" : fmt::format("{}{}.", text, sibling);
}

// Returns the shape of the predictions, where a vector is a batch of single predictions.
Extents with_columns(Extents y_pred) {
  if (y_pred.rank() == 1) y_pred.push_back(1);
  return y_pred;
}

Extents without_last(const Extents& extents) {
  Extents result;
  for (std::size_t axis = 0; axis + 1 < extents.rank(); ++axis) result.push_back(extents[axis]);
  return result;
}

// True when the shapes are equal, except that one may lack a last axis of 1.
bool same_but_for_a_last_1(const Extents& a, const Extents& b) {
  if (a.rank() == b.rank() + 1 && a.last() == 1) return without_last(a) == b;
  if (b.rank() == a.rank() + 1 && b.last() == 1) return a == without_last(b);
  return a == b;
}

[[noreturn]] void throw_rows_differ(const Input& y, const Extents& y_pred, const std::string& who) {
  throw InvalidInput(fmt::format("{}: y has shape {} and the prediction {}; expected equal numbers of rows.", who,
                                 y.extents().to_string(), y_pred.to_string()));
}

void check_shape(const Input& y, Extents y_pred, const std::string& who, const TargetRules& rules) {
  const auto raise = [&](const Extents& expected, const std::string& rest) {
    throw InvalidInput(fmt::format("{}: y has shape {} but {} expects {}{}", who, y.extents().to_string(), rules.name,
                                   expected.to_string(), rest));
  };
  if (y.extents().rank() == 0 || y_pred.rank() == 0) {
    throw InvalidInput(fmt::format("{}: y has shape {} and the prediction {}; expected (batch, ...) for both.", who,
                                   y.extents().to_string(), y_pred.to_string()));
  }
  y_pred[0] = y.length();
  const bool of_classes = rules.kind != TargetKind::values;
  if (y_pred.rank() == 1 ? of_classes : y_pred.last() == 0) {
    throw InvalidInput(
        fmt::format("{}: the prediction has shape {} but {} expects (batch, ..., {}). Give it that axis.", who,
                    y_pred.to_string(), rules.name, of_classes ? "classes" : "columns"));
  }
  switch (rules.kind) {
    case TargetKind::values:
      if (same_but_for_a_last_1(y.extents(), y_pred)) return;
      return raise(y_pred, ". Targets have the shape of the model's output: change y, or the last layer.");
    case TargetKind::one_hot:
      if (y.extents() == y_pred) return;
      return raise(y_pred, " one-hot rows." + advice(" For integer classes use ", rules.other));
    case TargetKind::labels:
      if (same_but_for_a_last_1(y.extents(), without_last(y_pred)) && y.extents().rank() + 1 >= y_pred.rank()) return;
      raise(without_last(y_pred), " class numbers." + advice(" For one-hot rows use ", rules.other));
  }
}

void check_labels(const Input& y, std::int64_t classes, const std::string& who, const TargetRules& rules) {
  visit_data(y, [&](const auto* labels) {
    const std::int64_t size = y.extents().size();
    for (std::int64_t i = 0; i < size; ++i) {
      const auto label = static_cast<double>(labels[i]);
      if (label >= 0 && label < static_cast<double>(classes) && label == std::floor(label)) continue;
      if (rules.ignore_class && label == static_cast<double>(*rules.ignore_class)) continue;
      throw InvalidInput(
          fmt::format("{}: y has label {} at row {}; expected whole numbers 0..{}, since the prediction has {} "
                      "classes. Number the classes from 0, or give the last layer more units.",
                      who, number(label), i / (size / y.length()), classes - 1, classes));
    }
  });
}

}  // namespace

void check_finite(const Input& input, const std::string& who, const char* what) {
  if (!input.is_floating()) return;
  visit_data(input, [&](const auto* values) {
    const std::int64_t size = input.extents().size();
    for (std::int64_t i = 0; i < size; ++i) {
      if (std::isfinite(static_cast<float>(values[i]))) continue;
      throw InvalidInput(fmt::format("{}: {} has {} at row {}; expected finite numbers. Remove or fill it.", who, what,
                                     number(static_cast<double>(values[i])), i / (size / input.length())));
    }
  });
}

void check_targets(const Input& y, const Extents& y_pred, const std::string& who, const TargetRules& rules) {
  check_shape(y, y_pred, who, rules);
  check_finite(y, who, "y");
  if (rules.kind == TargetKind::labels && rules.labels_are_classes) check_labels(y, y_pred.last(), who, rules);
}

void check_rows(const Input& y, const Extents& y_pred, const std::string& who) {
  const Extents predictions = with_columns(y_pred);
  if (y.length() == 0 || predictions.rank() < 2 || predictions.row_count() == 0) return;
  const std::int64_t steps = predictions.row_count() / predictions[0];
  if (y.extents().size() / y.length() % steps != 0) throw_rows_differ(y, y_pred, who);
}

void check_weights(const Input& sample_weight, const Extents& y_pred, const std::string& who) {
  check_finite(sample_weight, who, "sample_weight");
  const Extents rows = without_last(with_columns(y_pred)), batch{rows[0]};
  const std::int64_t count = sample_weight.extents().size();
  if (sample_weight.length() == rows[0] && (count == rows[0] || count == rows.size())) return;
  throw InvalidInput(fmt::format("{}: sample_weight has shape {}; expected {}. Give one weight to each sample{}.", who,
                                 sample_weight.extents().to_string(),
                                 rows == batch ? batch.to_string() : batch.to_string() + " or " + rows.to_string(),
                                 rows == batch ? "" : ", or to each of its steps"));
}

void require_weights_of_samples(const Targets& targets, const std::string& loss) {
  if (!targets.weighs_steps) return;
  throw InvalidInput(
      fmt::format("{}: sample_weight has one weight for each step; expected one for each sample, since the loss of a "
                  "sample is one number. Give weights of shape (batch).",
                  loss));
}

WholeBatch::WholeBatch(const Input& y_true, const Input& y_pred, const Input& sample_weight, const std::string& who)
    : y_true_(y_true.to_tensor()), y_pred_(y_pred.to_tensor()) {
  const Extents predictions = with_columns(y_pred.extents());
  if (y_true.length() != y_pred.length() || predictions.rank() < 2) throw_rows_differ(y_true, y_pred.extents(), who);
  const std::int64_t samples = predictions[0], rows = predictions.row_count();
  targets_.y_true = y_true_.data();
  targets_.y_pred = y_pred_.data();
  targets_.rows = rows;
  targets_.pred_columns = predictions.last();
  if (rows > 0) {
    targets_.steps = rows / samples;
    targets_.true_size = y_true.extents().size() / samples;
    targets_.true_columns = targets_.true_size / targets_.steps;
  }
  if (!sample_weight) return;

  check_weights(sample_weight, predictions, who);
  sample_weight_.resize(static_cast<std::size_t>(rows));
  std::vector<float> given(static_cast<std::size_t>(sample_weight.extents().size()));
  sample_weight.copy_floats(0, sample_weight.extents().size(), given.data());
  const std::size_t rows_a_weight = given.empty() ? 1 : sample_weight_.size() / given.size();
  for (std::size_t r = 0; r < sample_weight_.size(); ++r) sample_weight_[r] = given[r / rows_a_weight];
  targets_.sample_weight = sample_weight_.data();
  targets_.weighs_steps = targets_.steps > 1 && rows_a_weight == 1;
}

}  // namespace xeras
