#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "xeras/metrics.hpp"

using namespace xeras;
using namespace xeras::metrics;
using nlohmann::json;

namespace {

constexpr double tolerance = 1e-6;  // keras_hub counts in float32

using Texts = std::vector<std::string>;

// The largest difference of each class.
std::map<std::string, double> largest;

void compare(const json& entry, const json& batch, const std::vector<double>& results) {
  const auto expected = batch.at("results").get<std::vector<double>>();
  REQUIRE(results.size() == expected.size());
  for (std::size_t i = 0; i < results.size(); ++i) {
    INFO(entry.at("name"));
    const double difference = std::abs(results[i] - expected[i]) / (1.0 + std::abs(expected[i]));
    double& most = largest[entry.at("class").get<std::string>()];
    most = std::max(most, difference);
    CHECK(difference <= tolerance);
  }
}

template <class RougeMetric>
void play_rouge(RougeMetric metric, const json& entry) {
  for (const json& batch : entry.at("batches")) {
    metric.update_state(batch.at("y_true").get<Texts>(), batch.at("y_pred").get<Texts>());
    const RougeScores scores = metric.result();
    compare(entry, batch, {scores.precision, scores.recall, scores.f1_score});
  }
}

void play_bleu(Bleu metric, const json& entry) {
  for (const json& batch : entry.at("batches")) {
    metric.update_state(batch.at("y_true").get<std::vector<Texts>>(), batch.at("y_pred").get<Texts>());
    compare(entry, batch, {metric.result()});
  }
}

void play_edit_distance(EditDistance metric, const json& entry) {
  for (const json& batch : entry.at("batches")) {
    const auto tokens = [&](const char* key) {
      if (batch.at(key)[0][0].is_string()) return TokenLists(batch.at(key).get<std::vector<Texts>>());
      return TokenLists(batch.at(key).get<std::vector<std::vector<std::int64_t>>>());
    };
    metric.update_state(tokens("y_true"), tokens("y_pred"));
    compare(entry, batch, {metric.result()});
  }
}

void play_perplexity(Perplexity metric, const json& entry) {
  for (const json& batch : entry.at("batches")) {
    const auto weights =
        batch.at("w").is_null() ? Input() : Input(batch.at("w").get<std::vector<std::vector<float>>>());
    metric.update_state(Input(batch.at("y_true").get<std::vector<std::vector<float>>>()),
                        Input(batch.at("y_pred").get<std::vector<std::vector<std::vector<float>>>>()), weights);
    compare(entry, batch, {metric.result()});
  }
}

void play(const json& entry) {
  const auto name = entry.at("class").get<std::string>();
  const json& options = entry.at("options");
  if (name == "Bleu") {
    play_bleu(Bleu({.max_order = options.value("max_order", 4), .smooth = options.value("smooth", false)}), entry);
  } else if (name == "RougeL") {
    play_rouge(RougeL(), entry);
  } else if (name == "RougeN") {
    play_rouge(RougeN({.order = options.at("order")}), entry);
  } else if (name == "EditDistance") {
    play_edit_distance(EditDistance({.normalize = options.at("normalize")}), entry);
  } else {
    REQUIRE(name == "Perplexity");
    PerplexityOptions given{.from_logits = options.at("from_logits")};
    if (!options.at("mask_token_id").is_null()) given.mask_token_id = options.at("mask_token_id");
    play_perplexity(Perplexity(given), entry);
  }
}

}  // namespace

TEST_CASE("Metrics of texts give the numbers of keras_hub", "[metrics]") {
  std::ifstream stream("golden/text_metrics.json");
  const json root = json::parse(stream);
  CHECK(root.at("cases").size() > 20);
  for (const json& entry : root.at("cases")) play(entry);
}

// Prints how near the library is: xeras_tests "[.metric_figures]".
TEST_CASE("Largest differences of metrics of texts from keras_hub", "[.metric_figures]") {
  std::ifstream stream("golden/text_metrics.json");
  const json root = json::parse(stream);
  for (const json& entry : root.at("cases")) play(entry);
  for (const auto& [name, most] : largest) std::printf("%-32s %.1e\n", name.c_str(), most);
}
