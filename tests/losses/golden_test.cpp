#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "support/check_loss.hpp"
#include "xeras/losses.hpp"

using namespace xeras;
using namespace xeras::losses;
using namespace xeras::testing;
using nlohmann::json;

namespace {

// Returns plain data from JSON.
Value value_of(const json& from) {
  if (from.is_boolean()) return from.get<bool>();
  if (from.is_number_integer()) return from.get<std::int64_t>();
  if (from.is_number()) return from.get<double>();
  if (from.is_string()) return from.get<std::string>();
  if (from.is_array()) {
    Value::List list;
    for (const json& item : from) list.push_back(value_of(item));
    return list;
  }
  if (from.is_null()) return {};
  Value::Dict dict;
  for (const auto& item : from.items()) dict.emplace_back(item.key(), value_of(item.value()));
  return dict;
}

std::vector<float> floats_in(const json& tensor) {
  return tensor.is_null() ? std::vector<float>() : tensor.at("values").get<std::vector<float>>();
}

// The numbers of a case, with weights and masks for each row of the predictions.
struct Case {
  explicit Case(const json& given)
      : y(floats_in(given.at("y"))), p(floats_in(given.at("p"))), shape(given.at("p").at("shape")) {
    rows = static_cast<std::int64_t>(p.size()) / shape.back();
    weights = for_each_row(floats_in(given.at("weights")));
    for (const float each : for_each_row(floats_in(given.at("mask")))) mask.push_back(each != 0.0f);
  }

  Targets targets(bool weighted, bool masked) const {
    const std::int64_t samples = shape.front(), size = static_cast<std::int64_t>(y.size()) / samples;
    return {.y_true = y.data(),
            .y_pred = p.data(),
            .rows = rows,
            .true_columns = size / (rows / samples),
            .pred_columns = shape.back(),
            .mask = masked ? mask.data() : nullptr,
            .sample_weight = weighted ? weights.data() : nullptr,
            .steps = rows / samples,
            .true_size = size};
  }

  std::vector<float> y, p, weights;
  std::vector<std::int64_t> shape;
  std::vector<std::uint8_t> mask;
  std::int64_t rows = 0;

 private:
  std::vector<float> for_each_row(const std::vector<float>& given) const {
    std::vector<float> result;
    const std::size_t count = given.empty() ? 0 : static_cast<std::size_t>(rows);
    for (std::size_t r = 0; r < count; ++r) result.push_back(given[r * given.size() / count]);
    return result;
  }
};

// Returns the largest difference of the numbers, as a part of the largest number.
double difference(const std::vector<float>& actual, const std::vector<float>& expected) {
  if (actual.size() != expected.size()) return infinity;
  double largest = 0.0, scale = 0.0;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const double each = std::abs(double{actual[i]} - expected[i]);
    largest = std::isnan(each) ? infinity : std::max(largest, each);
    scale = std::max(scale, std::abs(double{expected[i]}));
  }
  return largest == 0.0 ? 0.0 : largest / scale;
}

struct Differences {
  double loss = 0.0;
  double gradient = 0.0;
};

Differences play(const json& given, const json& run) {
  Value::Dict config;
  for (const auto& option : given.at("options").items()) config.emplace_back(option.key(), value_of(option.value()));
  config.emplace_back("reduction", value_of(run.at("reduction")));
  const Value::Dict object{{"class_name", value_of(given.at("class_name"))}, {"config", std::move(config)}};
  const std::shared_ptr<Loss> loss = Loss::from_config(object, "loss");
  const Case numbers(given);
  const Targets targets = numbers.targets(run.at("weighted"), run.at("masked"));
  std::vector<float> scratch(static_cast<std::size_t>(loss->scratch_size(targets)), not_a_number);
  std::vector<float> dp(numbers.p.size(), not_a_number);
  const double value = loss->compute(targets, scratch.data(), dp.data());
  std::fill(scratch.begin(), scratch.end(), not_a_number);
  CHECK(loss->compute(targets, scratch.data(), nullptr) == value);
  return {difference({static_cast<float>(value)}, floats_in(run.at("loss"))), difference(dp, floats_in(run.at("dp")))};
}

constexpr double tolerance = 1e-6;

// The gradient of CTC with too few steps has Keras's rounding at 1e5; see make_losses.py.
double gradient_tolerance(const json& given) {
  return given.at("name") == "CTC {} sequences (2, 1, 4)" ? 5e-3 : tolerance;
}

json cases() {
  std::ifstream file(XERAS_GOLDEN_FOLDER "/losses.json");
  return json::parse(file).at("cases");
}

}  // namespace

TEST_CASE("losses and their gradients are those of Keras", "[losses]") {
  for (const json& given : cases()) {
    for (const json& run : given.at("runs")) {
      CAPTURE(given.at("name").get<std::string>(), run.at("reduction").get<std::string>(),
              run.at("weighted").get<bool>(), run.at("masked").get<bool>());
      const Differences found = play(given, run);
      CHECK(found.loss <= tolerance);
      CHECK(found.gradient <= gradient_tolerance(given));
    }
  }
}

TEST_CASE("losses read the configurations that Keras writes", "[losses]") {
  for (const json& given : cases()) {
    CAPTURE(given.at("name").get<std::string>());
    const json& written = given.at("written");
    const Value config = Loss::from_config(value_of(written), "loss")->get_config();
    for (const auto& item : written.at("config").items()) {
      const Value* const found = config.find(item.key());
      CAPTURE(item.key());
      REQUIRE(found != nullptr);
      const bool is_one_axis = item.value().is_array() && item.value().size() == 1;
      CHECK(*found == value_of(is_one_axis ? item.value().front() : item.value()));
    }
  }
}

// Prints how near the library is: xeras_tests "[.loss figures]".
TEST_CASE("Largest differences of losses from Keras", "[.loss figures]") {
  std::map<std::string, Differences> largest;
  for (const json& given : cases()) {
    Differences& worst = largest[given.at("class_name").get<std::string>()];
    for (const json& run : given.at("runs")) {
      const Differences found = play(given, run);
      worst = {std::max(worst.loss, found.loss), std::max(worst.gradient, found.gradient)};
    }
  }
  for (const auto& [name, worst] : largest) {
    std::printf("%-36s loss %.1e  gradient %.1e\n", name.c_str(), worst.loss, worst.gradient);
  }
}
