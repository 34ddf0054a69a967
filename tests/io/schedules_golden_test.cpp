// The learning rates of Keras, in files both ways, and training that continues from its files.
#include <fstream>
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "support/close.hpp"
#include "support/model_file.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using Catch::Matchers::WithinAbs;
using nlohmann::json;

namespace {

json goldens() {
  std::ifstream file(xeras::testing::model_file("schedules.json"));
  REQUIRE(file);
  return json::parse(file);
}

const json& optimizer_of(const json& model) { return model.at("compile_config").at("optimizer"); }

}  // namespace

TEST_CASE("Schedules have the rates of Keras, and files that are equal") {
  const json all = goldens();
  for (const json& entry : all.at("cases")) {
    const Sequential model = model_from_json(entry.at("model").dump());
    const json ours = json::parse(model.to_json()), &config = optimizer_of(entry.at("model")).at("config");
    INFO(config.at("learning_rate"));
    CHECK(optimizer_of(ours).at("config").at("learning_rate") == config.at("learning_rate"));
    optimizers::LearningRate rate = 0.0;
    from_value(*model.optimizer().get_config().find("learning_rate"), rate, "test");
    for (std::size_t i = 0; i < entry.at("steps").size(); ++i) {
      const auto step = entry.at("steps")[i].get<std::int64_t>();
      const auto expected = entry.at("rates")[i].get<double>();
      INFO("step " << step);
      CHECK_THAT(rate(step), WithinAbs(expected, 1e-8));
    }
  }
}

TEST_CASE("Training continues from a file of Keras with a schedule, and from one of xeras, at the right rate") {
  const json all = goldens();
  for (const json& record : all.at("trainings")) {
    const auto name = record.at("name").get<std::string>();
    INFO(name);
    const auto x = record.at("x").get<std::vector<std::vector<float>>>();
    const auto y = record.at("y").get<std::vector<std::vector<float>>>();
    Sequential model = load_model(xeras::testing::model_file("schedules/" + name + ".keras"));
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK_THAT(model.train_on_batch(x, y)["loss"], WithinAbs(record.at("losses")[i].get<double>(), 1e-6));
      std::vector<float> weights;
      for (const Tensor& weight : model.get_weights()) weights.insert(weights.end(), weight.begin(), weight.end());
      check_close(weights, record.at("weights")[i].get<std::vector<double>>(), 3e-6);
      if (i != 0) continue;
      const xeras::testing::TemporaryFolder folder;
      model.save(folder / "again.keras");
      model = load_model(folder / "again.keras");
      CHECK(model.optimizer().has_schedule());
    }
  }
}
