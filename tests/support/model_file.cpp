#include "support/model_file.hpp"

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "catch.hpp"

namespace xeras::testing {
namespace {

using nlohmann::json;

constexpr double output_tolerance = 1e-5, loss_tolerance = 1e-4;

template <class T>
xt::xarray<T> array_in(const json& array) {
  const auto values = array.at("values").get<std::vector<T>>();
  return xt::xarray<T>(xt::adapt(values, array.at("shape").get<std::vector<std::size_t>>()));
}

double difference(double actual, double expected) { return std::abs(actual - expected) / (1.0 + std::abs(expected)); }

}  // namespace

std::string model_file(const std::string& name) { return std::string(XERAS_GOLDEN_FOLDER) + "/" + name; }

void check_model(Sequential& model, const std::string& record_name, bool trains) {
  std::ifstream stream(model_file(record_name));
  const json record = json::parse(stream);
  const Tensor y = model.predict(array_in<int>(record.at("x")));
  const auto expected = array_in<float>(record.at("y"));
  REQUIRE(y.size() == expected.size());
  double largest = 0.0;
  for (std::size_t i = 0; i < y.size(); ++i) largest = std::max(largest, difference(y.data()[i], expected.data()[i]));
  CHECK(largest < output_tolerance);
  if (!trains) return;
  for (const json& batch : record.at("batches")) {
    const Scores scores = model.train_on_batch(array_in<int>(batch.at("x")), array_in<float>(batch.at("y")));
    CHECK(difference(scores["loss"], batch.at("loss").get<double>()) < loss_tolerance);
  }
}

}  // namespace xeras::testing
