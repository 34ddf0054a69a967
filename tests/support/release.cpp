#include "support/release.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "io/zip.hpp"
#include "support/model_file.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/core/error.hpp"
#include "xeras/io/load.hpp"

namespace xeras::testing {
namespace {

using nlohmann::json;

constexpr double tolerance = 1e-5, loss_tolerance = 1e-4, half_precision = 2e-2;

template <class T>
xt::xarray<T> array_in(const json& array) {
  const auto values = array.at("values").get<std::vector<T>>();
  return xt::xarray<T>(xt::adapt(values, array.at("shape").get<std::vector<std::size_t>>()));
}

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

class Player {
 public:
  Player(const json& record, const TemporaryFolder& folder, ReleaseOutcome& outcome)
      : record_(record), folder_(folder), outcome_(outcome) {}

  void play() {
    LoadOptions options;
    if (record_.contains("policy")) options.dtype = "float32";
    for (const std::string file : record_.at("files")) {
      guarded(file, [&] { return load_model(folder_ / file, options); });
    }
    for (const std::string file : record_.value("weights", json::array())) {
      guarded(file, [&] {
        Sequential model = model_from_json(text_of(folder_ / record_.at("json").get<std::string>()));
        model.load_weights(folder_ / file);
        return model;
      });
    }
  }

 private:
  template <class Load>
  void guarded(const std::string& file, const Load& load) {
    ++outcome_.files;
    file_ = file;
    std::optional<Sequential> model;
    try {
      model.emplace(load());
    } catch (const Error& error) {
      outcome_.refused.push_back(file + ": " + without_folder(error.what()));
      return;
    }
    ++outcome_.loaded;
    try {
      check(*model);
    } catch (const Error& error) {
      fail(without_folder(error.what()));
    }
  }

  std::string without_folder(std::string message) const {
    const std::string folder = folder_ / "";
    for (std::size_t at = message.find(folder); at != std::string::npos; at = message.find(folder)) {
      message.erase(at, folder.size());
    }
    return message;
  }

  Input x_in(const json& array) const {
    if (array.at("shape").size() == 3) return array_in<float>(array);
    return array_in<int>(array);
  }

  void check(Sequential& model) {
    const Tensor y = model.predict_on_batch(x_in(record_.at("x")));
    const auto expected = array_in<float>(record_.at("y"));
    if (y.size() != expected.size()) return fail("has another number of outputs");
    for (std::size_t i = 0; i < y.size(); ++i) {
      compare("outputs", y.data()[i], expected.data()[i], is_half() ? half_precision : tolerance);
    }
    if (record_.contains("evaluation") && is_model_file()) evaluate(model);
    if (is_model_file()) train(model);
  }

  void evaluate(Sequential& model) {
    const json& evaluation = record_.at("evaluation");
    const json& expected = evaluation.at("scores");
    const Scores scores = model.evaluate(x_in(record_.at("x")), array_in<float>(evaluation.at("y")), {.verbose = 0});
    for (const auto& [name, score] : expected.items()) {
      compare("scores", scores[name], score.get<double>(), loss_tolerance);
    }
  }

  void train(Sequential& model) {
    for (const json& batch : record_.at("batches")) {
      const Scores scores = model.train_on_batch(x_in(batch.at("x")), array_in<float>(batch.at("y")));
      compare("losses", scores["loss"], batch.at("loss").get<double>(), loss_tolerance);
    }
  }

  bool is_half() const { return record_.contains("policy") && record_.at("policy") != "float64"; }
  bool is_model_file() const { return !file_.ends_with(".weights.h5") && !file_.ends_with(".layers.h5"); }
  void compare(const std::string& kind, double actual, double expected, double limit) {
    const double difference = std::abs(actual - expected) / (1.0 + std::abs(expected));
    if (!is_half()) outcome_.largest[kind] = std::max(outcome_.largest[kind], difference);
    if (!(difference < limit)) fail(fmt::format("{}: {}, in Keras {}", kind, actual, expected));
  }

  void fail(const std::string& what) {
    const std::string failure = file_ + ": " + what;
    const bool is_first = outcome_.wrong.empty() || !outcome_.wrong.back().starts_with(file_ + ":");
    if (is_first) outcome_.wrong.push_back(failure);
  }

  const json& record_;
  const TemporaryFolder& folder_;
  ReleaseOutcome& outcome_;
  std::string file_;
};

}  // namespace

std::vector<std::string> releases() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(model_file("releases"))) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

ReleaseOutcome play_release(const std::string& bundle) {
  const TemporaryFolder folder;
  const io::Bytes files = io::ZipReader(model_file("releases/" + bundle)).read("files.zip");
  const io::ZipReader inner({files.data.get(), files.size}, bundle);
  const io::Bytes text = inner.read("record.json");
  const json record = json::parse(text.text());
  ReleaseOutcome outcome;
  for (const json& model : record.at("models")) {
    std::vector<std::string> names = model.at("files").get<std::vector<std::string>>();
    const json weights = model.value("weights", json::array());
    names.insert(names.end(), weights.begin(), weights.end());
    if (model.contains("json")) names.push_back(model.at("json"));
    for (const std::string& name : names) {
      const io::Bytes file = inner.read(name);
      std::ofstream(folder / name, std::ios::binary).write(file.data.get(), static_cast<std::streamsize>(file.size));
    }
    Player(model, folder, outcome).play();
  }
  return outcome;
}

}  // namespace xeras::testing
