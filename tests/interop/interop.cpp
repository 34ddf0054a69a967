// The library's side of the scripts in this folder: runs a list of tasks on model files.
//
//   xeras_interop TASKS.json
//
// A task is {"load", "weights", "x", "again", "save", "batches", "tests", "fit", "trained"}. It loads a model from a
// file or from the text of a configuration; loads weights into it; predicts x, and then the next inputs; saves the
// model, its weights or its configuration under each name; evaluates, or trains on, each batch {"x", "y",
// "sample_weight"}; fits; returns the final weights. Writes TASKS.json.out: for each task the outputs, losses, all
// scores and weights, or its error.
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "xeras/xeras.hpp"

namespace {

using nlohmann::json;
using namespace xeras;

json array(const Tensor& tensor) {
  return {{"shape", std::vector<std::size_t>(tensor.shape().begin(), tensor.shape().end())},
          {"values", std::vector<float>(tensor.begin(), tensor.end())}};
}

template <class T>
xt::xarray<T> array_in(const json& array) {
  return xt::xarray<T>(
      xt::adapt(array.at("values").get<std::vector<T>>(), array.at("shape").get<std::vector<std::size_t>>()));
}

Input input_in(const json& array) {
  if (array.is_null()) return {};
  if (array.at("integers") == true) return array_in<std::int64_t>(array);
  return array_in<float>(array);
}

json by_name(const Scores& scores) {
  json result;
  for (std::size_t i = 0; i < scores.size(); ++i) result[scores.name(i)] = scores.value(i);
  return result;
}

Sequential load(const std::string& name) {
  if (!name.ends_with(".json")) return load_model(name);
  std::ostringstream text;
  text << std::ifstream(name).rdbuf();
  return model_from_json(text.str());
}

void save(const Sequential& model, const std::string& name) {
  if (name.ends_with(".json")) {
    std::ofstream(name) << model.to_json();
  } else {
    name.ends_with(".weights.h5") ? model.save_weights(name) : model.save(name);
  }
}

json fit(Sequential& model, const json& task) {
  FitOptions options{
      .batch_size = task.at("batch_size").get<int>(), .epochs = task.at("epochs").get<int>(), .verbose = 0};
  options.shuffle = false;
  options.sample_weight = input_in(task.value("sample_weight", json()));
  options.validation_split = task.value("validation_split", 0.0);
  const json weights = task.value("class_weight", json::object());
  for (const auto& [label, weight] : weights.items()) options.class_weight[std::stoi(label)] = weight;
  const History history = model.fit(input_in(task.at("x")), input_in(task.at("y")), options);
  json result;
  for (const std::string& name : history.names()) result[name] = history[name];
  return result;
}

json play(const json& task) {
  json result;
  Sequential model = load(task.at("load"));
  if (task.contains("weights")) model.load_weights(task.at("weights"));
  if (task.contains("x")) result["y"] = array(model.predict_on_batch(input_in(task.at("x"))));
  for (const json& x : task.value("again", json::array())) {
    result["again"].push_back(array(model.predict_on_batch(input_in(x))));
  }
  for (const std::string name : task.value("save", json::array())) save(model, name);
  const auto run = [&](const json& batch, bool trains) {
    const BatchOptions options{.sample_weight = input_in(batch.value("sample_weight", json()))};
    const Input x = input_in(batch.at("x")), y = input_in(batch.at("y"));
    return trains ? model.train_on_batch(x, y, options) : model.test_on_batch(x, y, options);
  };
  for (const json& batch : task.value("tests", json::array())) result["tests"].push_back(by_name(run(batch, false)));
  for (const json& batch : task.value("batches", json::array())) {
    const Scores scores = run(batch, true);
    result["losses"].push_back(scores["loss"]);
    result["scores"].push_back(by_name(scores));
  }
  if (task.contains("fit")) result["history"] = fit(model, task.at("fit"));
  if (task.value("trained", false)) {
    for (const Tensor& weight : model.get_weights()) result["trained"].push_back(array(weight));
  }
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: " << argv[0] << " TASKS.json\n";
    return 2;
  }
  const std::string name = argv[1];
  std::ifstream file(name);
  json results = json::array();
  for (const json& task : json::parse(file)) {
    try {
      results.push_back(play(task));
    } catch (const std::exception& error) {
      results.push_back({{"error", error.what()}});
    }
  }
  std::ofstream(name + ".out") << results;
}
