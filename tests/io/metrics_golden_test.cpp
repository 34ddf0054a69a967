#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "io/compile_reader.hpp"
#include "io/json.hpp"
#include "io/keras_config_writer.hpp"
#include "support/model_file.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::testing;
using nlohmann::json;

namespace {

constexpr double tolerance = 1e-6;  // |a - b| / (1 + |b|); Keras computes in float32

struct Outcome {
  std::size_t cases = 0;
  std::map<std::string, double> largest;  // by class: the largest difference
  std::vector<std::string> failures;
};

std::vector<float> floats_in(const json& tensor) {
  return tensor.is_null() ? std::vector<float>() : tensor.at("values").get<std::vector<float>>();
}

Input input_in(const json& tensor) {
  if (tensor.is_null()) return {};
  const std::vector<float> values = floats_in(tensor);
  Tensor result = Tensor::from_shape(tensor.at("shape").get<std::vector<std::size_t>>());
  std::copy(values.begin(), values.end(), result.begin());
  return Input(std::move(result));
}

// Returns the metric that a file describes. Writing it again must lose nothing.
MetricArgument metric_in(const json& written, Outcome& outcome, const std::string& name) {
  const auto read = [](const Value& metrics) {
    const Value config = Value::Dict{{"optimizer", "sgd"}, {"loss", "mse"}, {"metrics", metrics}};
    return io::compile_from_keras(config, "compile_config");
  };
  const Compiled compiled = read(Value::List{io::parse_json(written.dump(), name)});
  const Value again = *io::compile_to_keras(compiled, io::Spelling::as_given).find("metrics");
  const Value& entry = again.get_if<Value::List>()->front();
  if (!(*entry.find("class_name") == Value(written.at("class_name").get<std::string>()))) {
    outcome.failures.push_back(name + ": the class is written as " + entry.to_string());
  }
  // All arguments that Keras writes, except for the precision.
  const json ours = json::parse(entry.find("config")->to_string());
  for (const auto& [key, value] : written.at("config").items()) {
    const bool is_array = value.is_object();  // Keras's own form of an array
    if (key == "dtype" || (ours.contains(key) && (is_array ? value.at("config").at("value") : value) == ours.at(key))) {
      continue;
    }
    outcome.failures.push_back(name + ": " + key + " is not written as " + value.dump());
  }
  const MetricArgument metric = read(again).metrics.front();
  if (!(to_value(metric) == to_value(compiled.metrics.front()))) {
    outcome.failures.push_back(name + ": the file describes " + to_value(metric).to_string());
  }
  return metric;
}

// Adds a batch as training does, where rows may be masked.
void update(metrics::Metric& metric, const json& batch) {
  const std::vector<float> y = floats_in(batch.at("y")), p = floats_in(batch.at("p")), w = floats_in(batch.at("w")),
                           mask = floats_in(batch.at("mask"));
  const std::vector<std::uint8_t> bytes(mask.begin(), mask.end());
  const auto shape = batch.at("p").at("shape").get<std::vector<std::int64_t>>();
  Targets targets;
  targets.y_true = y.data();
  targets.y_pred = p.data();
  targets.pred_columns = shape.back();
  targets.rows = static_cast<std::int64_t>(p.size()) / targets.pred_columns;
  targets.true_columns = static_cast<std::int64_t>(y.size()) / targets.rows;
  targets.steps = targets.rows / shape.front();
  targets.true_size = targets.true_columns * targets.steps;
  targets.mask = bytes.data();
  targets.sample_weight = w.empty() ? nullptr : w.data();
  metric.update(targets);
}

void play(const json& entry, Outcome& outcome) {
  const auto name = entry.at("name").get<std::string>();
  const MetricArgument metric = metric_in(entry.at("metric"), outcome, name);
  const auto play_batches = [&] {
    for (const json& batch : entry.at("batches")) {
      if (batch.at("mask").is_null()) {
        metric->update_state(input_in(batch.at("y")), input_in(batch.at("p")), input_in(batch.at("w")));
      } else {
        update(*metric, batch);
      }
      const std::vector<float> expected = floats_in(batch.at("results"));
      const Tensor all = metric->clone()->results();  // may have more numbers than Keras gives
      const Tensor results = expected.size() == 1 ? Tensor{static_cast<float>(metric->result())} : all;
      if (results.size() != expected.size()) {
        outcome.failures.push_back(name + ": the numbers of results differ");
        continue;
      }
      double mean = 0.0;
      for (std::size_t i = 0; i < expected.size(); ++i) {
        mean += expected[i] / static_cast<double>(expected.size());
        const double difference = std::abs(results.data()[i] - expected[i]) / (1.0 + std::abs(expected[i]));
        double& largest = outcome.largest[metric->class_name()];
        largest = std::max(largest, difference);
        if (difference <= tolerance) continue;
        outcome.failures.push_back(name + ": " + std::to_string(results.data()[i]) + " instead of " +
                                   std::to_string(expected[i]));
      }
      if (!(std::abs(metric->result() - mean) <= tolerance * (1.0 + std::abs(mean)))) {
        outcome.failures.push_back(name + ": result() is not the mean of results()");
      }
    }
  };
  play_batches();
  metric->reset_state();
  play_batches();
}

Outcome play_file() {
  std::ifstream stream(model_file("metrics.json"));
  const json root = json::parse(stream);
  Outcome outcome;
  for (const json& entry : root.at("cases")) {
    ++outcome.cases;
    try {
      play(entry, outcome);
    } catch (const std::exception& error) {
      outcome.failures.push_back(entry.at("name").get<std::string>() + ": " + error.what());
    }
  }
  return outcome;
}

}  // namespace

TEST_CASE("Metrics give the numbers of Keras, and files keep their options", "[metrics]") {
  const Outcome outcome = play_file();
  CHECK(outcome.cases > 200);
  for (const std::string& failure : outcome.failures) FAIL_CHECK(failure);
}

// Prints how near the library is: xeras_tests "[.metric_figures]".
TEST_CASE("Largest differences of metrics from Keras", "[.metric_figures]") {
  for (const auto& [name, largest] : play_file().largest) std::printf("%-32s %.1e\n", name.c_str(), largest);
}
