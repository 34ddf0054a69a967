// The library's side of the scripts in this folder: plays a list of tasks with files of models.
//
//   xeras_interop TASKS.json
//
// A task is {"load", "x", "save", "batches", "weights"}: loads a model; predicts x; trains on each batch {"x", "y",
// "sample_weight"}; saves the model, or its weights, under each name. Writes TASKS.json.out: for each task its outputs
// and losses, or its error.
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

json play(const json& task) {
  json result;
  Sequential model = load_model(task.at("load"));
  if (task.contains("weights")) model.load_weights(task.at("weights"));
  if (task.contains("x")) result["y"] = array(model.predict_on_batch(input_in(task.at("x"))));
  for (const json& batch : task.value("batches", json::array())) {
    const Scores scores = model.train_on_batch(input_in(batch.at("x")), input_in(batch.at("y")),
                                               {.sample_weight = input_in(batch.value("sample_weight", json()))});
    result["losses"].push_back(scores["loss"]);
  }
  for (const std::string name : task.value("save", json::array())) {
    name.ends_with(".weights.h5") ? model.save_weights(name) : model.save(name);
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
