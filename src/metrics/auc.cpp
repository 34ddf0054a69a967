#include "xeras/metrics/auc.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "core/shown.hpp"
#include "losses/targets.hpp"
#include "metrics/rows.hpp"
#include "xeras/core/error.hpp"
#include "xeras/core/number_or_array.hpp"

namespace xeras::metrics {
namespace {

struct Point {
  double x = 0.0;
  double y = 0.0;
};

// Returns the name among `names` that is equal in lower or upper case, or with a capital.
std::string one_of(const std::string& owner, const char* option, const std::string& given,
                   const std::vector<std::string>& names) {
  const auto cased = [](std::string text, int (*convert)(int)) {
    for (char& c : text) c = static_cast<char>(convert(static_cast<unsigned char>(c)));
    return text;
  };
  for (const std::string& name : names) {
    std::string capital = cased(name, std::tolower);
    capital.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(capital.front())));
    if (given == name || given == cased(name, std::tolower) || given == capital) return name;
  }
  throw InvalidArgument(fmt::format("{}: {}", owner, unknown_name(option, given, names)));
}

// Completes the options as Keras does.
AUCOptions completed(AUCOptions options) {
  const std::string& name = options.name;
  options.curve = one_of(name, "curve", options.curve, {"ROC", "PR", "PRGAIN"});
  options.summation_method =
      one_of(name, "summation_method", options.summation_method, {"interpolation", "majoring", "minoring"});
  if (!options.thresholds.empty()) {
    for (const double threshold : options.thresholds) {
      if (threshold >= 0.0 && threshold <= 1.0) continue;
      throw InvalidArgument(
          fmt::format("{}: a threshold is {}; expected numbers from 0 to 1. For logits set "
                      "from_logits.",
                      name, std::isnan(threshold) ? "nan" : fmt::format("{}", threshold)));
    }
    std::sort(options.thresholds.begin(), options.thresholds.end());
    options.num_thresholds = static_cast<std::int64_t>(options.thresholds.size()) + 2;
  }
  if (options.num_thresholds < 2 || options.num_thresholds > most_thresholds) {
    throw InvalidArgument(
        fmt::format("{}: num_thresholds is {}; expected an integer from 2 to {}. Keras's default is "
                    "200.",
                    name, options.num_thresholds, most_thresholds));
  }
  if (options.num_labels && !options.multi_label && *options.num_labels != 0) {
    throw InvalidArgument(
        fmt::format("{}: num_labels is {}, but multi_label is false; expected none. Set multi_label to true.", name,
                    *options.num_labels));
  }
  if (options.num_labels && *options.num_labels < 0) {
    throw InvalidArgument(fmt::format("{}: num_labels is {}; expected a positive integer.", name, *options.num_labels));
  }
  return options;
}

ConfusionCounts counts_for(const AUCOptions& options, std::int64_t labels) {
  constexpr double epsilon = 1e-7;  // the outer thresholds are below and above all probabilities
  std::vector<double> thresholds{-epsilon};
  ConfusionCounts::Spacing spacing = ConfusionCounts::Spacing::even;
  if (!options.thresholds.empty()) {
    std::vector<double> given{0.0};
    given.insert(given.end(), options.thresholds.begin(), options.thresholds.end());
    given.push_back(1.0);
    spacing = ConfusionCounts::spacing_of(given);
    thresholds.insert(thresholds.end(), options.thresholds.begin(), options.thresholds.end());
  } else {
    for (std::int64_t i = 1; i < options.num_thresholds - 1; ++i) {
      thresholds.push_back(static_cast<double>(i) / static_cast<double>(options.num_thresholds - 1));
    }
  }
  thresholds.push_back(1.0 + epsilon);
  return {thresholds, spacing, labels};
}

float sigmoid(float x) { return static_cast<float>(1.0 / (1.0 + std::exp(-static_cast<double>(x)))); }

Point roc(const Confusion& c) {
  return {divide_no_nan(c.false_positives, c.false_positives + c.true_negatives), c.recall()};
}

Point pr(const Confusion& c) { return {c.recall(), c.precision()}; }

// Flach and Kull (2015): gains relative to a prediction that is always positive.
Point pr_gain(const Confusion& c) {
  if (c.true_positives == 0.0) return {0.0, 1.0};
  const double scale =
      divide_no_nan(c.true_positives + c.false_negatives, c.true_negatives + c.false_positives) / c.true_positives;
  return {std::max(0.0, 1.0 - scale * c.false_negatives), 1.0 - scale * c.false_positives};
}

// Returns the area between two neighboring thresholds. Between them, tp grows linearly with tp + fp.
double pr_area(const Confusion& low, const Confusion& high) {
  const double low_p = low.true_positives + low.false_positives, high_p = high.true_positives + high.false_positives;
  const double dtp = low.true_positives - high.true_positives;
  const double slope = divide_no_nan(dtp, std::max(0.0, low_p - high_p));
  const double intercept = high.true_positives - slope * high_p;
  const double ratio = low_p > 0.0 && high_p > 0.0 ? low_p / high_p : 1.0;
  return divide_no_nan(slope * (dtp + intercept * std::log(ratio)),
                       std::max(0.0, high.true_positives + high.false_negatives));
}

}  // namespace

Value to_value(const NumberList& field) {
  return field.empty() ? Value() : xeras::to_value(static_cast<const std::vector<double>&>(field));
}

void from_value(const Value& value, NumberList& field, const std::string& path) {
  field.clear();
  if (value.is_null()) return;
  if (value.get_if<Value::List>() != nullptr)
    return xeras::from_value(value, static_cast<std::vector<double>&>(field), path);
  NumberOrArray array;
  xeras::from_value(value, array, path);
  if (array.array() == nullptr) {
    field.push_back(array.number());
  } else {
    field.assign(array.array()->begin(), array.array()->end());
  }
}

AUC::AUC(AUCOptions options) : MetricWith(completed(std::move(options))) {
  counts_ = counts_for(config(), config().multi_label ? 0 : 1);  // the first batch tells the number of labels
}

void AUC::update(const Targets& targets) {
  const std::int64_t columns = targets.pred_columns;
  if (config().multi_label && counts_.labels() == 0) counts_ = counts_for(config(), columns);
  if (config().multi_label && counts_.labels() != columns) {
    throw InvalidInput(
        fmt::format("{}: the prediction has {} columns, and that of an earlier batch {}; expected the "
                    "same number.",
                    name(), columns, counts_.labels()));
  }
  for_each_row(targets, [&](std::int64_t r, double weight) {
    for (std::int64_t c = 0; c < columns; ++c) {
      const float y = targets.y_true[r * columns + c], p = targets.y_pred[r * columns + c];
      const bool by_weight = weighs_labels() && !config().multi_label;
      counts_.add(config().from_logits ? sigmoid(p) : p, y != 0.0f,
                  by_weight ? weight * config().label_weights[static_cast<std::size_t>(c)] : weight,
                  config().multi_label ? c : 0);
    }
  });
}

double AUC::area(std::int64_t label) const {
  const bool interpolates = config().summation_method == "interpolation";
  const bool is_minoring = config().summation_method == "minoring";
  const bool is_pr = config().curve == "PR";
  const auto point = is_pr ? pr : config().curve == "ROC" ? roc : pr_gain;
  double area = 0.0;
  Confusion higher;
  bool is_first = true;
  counts_.for_each(
      [&](std::size_t, const Confusion& confusion) {
        if (!is_first && is_pr && interpolates) {
          area += pr_area(confusion, higher);
        } else if (!is_first) {
          const Point low = point(confusion), high = point(higher);
          const double height = interpolates  ? (low.y + high.y) / 2.0
                                : is_minoring ? std::min(low.y, high.y)
                                              : std::max(low.y, high.y);
          area += (low.x - high.x) * height;
        }
        higher = confusion;
        is_first = false;
      },
      label);
  return area;
}

bool AUC::visit_state(const std::function<void(double&)>& visit) {
  counts_.visit_state(visit);
  // More labels than weights can only come from a file.
  const bool is_wrong =
      config().multi_label && weighs_labels() && counts_.labels() > std::ssize(config().label_weights);
  if (is_wrong) counts_ = counts_for(config(), 0);
  return true;
}

double AUC::result() const {
  if (!config().multi_label) return area(0);
  double sum = 0.0, weights = 0.0;
  for (std::int64_t label = 0; label < counts_.labels(); ++label) {
    const double weight = weighs_labels() ? config().label_weights[static_cast<std::size_t>(label)] : 1.0;
    sum += weight * area(label);
    weights += weight;
  }
  return divide_no_nan(sum, weights);
}

Tensor AUC::results() const {
  Tensor results = Tensor::from_shape({static_cast<std::size_t>(counts_.labels())});
  for (std::int64_t label = 0; label < counts_.labels(); ++label) {
    results.data()[label] = static_cast<float>(area(label));
  }
  return results;
}

void AUC::check(const Input& y_true, const Extents& y_pred, const std::string& who) const {
  check_targets(y_true, y_pred, who, {.name = name()});
  const std::int64_t columns = y_pred.rank() > 1 ? y_pred.last() : 1;
  const auto expect = [&](const char* option, std::int64_t count) {
    if (count == columns) return;
    throw InvalidInput(
        fmt::format("{}: {} has {} {}, but the prediction has shape {}; expected one for each column, "
                    "{}.",
                    who, name(), count, option, y_pred.to_string(), columns));
  };
  if (config().multi_label && config().num_labels.value_or(0) != 0) expect("num_labels", *config().num_labels);
  if (weighs_labels()) expect("label_weights", static_cast<std::int64_t>(config().label_weights.size()));
}

}  // namespace xeras::metrics
