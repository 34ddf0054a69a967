// vectorization FOLDER: for each N.json in the folder, a model of a TextVectorization, adapts it to the lines of
// adapt.txt, saves it as own_N.keras, and writes its output for the lines of texts.txt to own_N.f32; then that of the
// model keras_N.keras, which Keras saved, to keras_N.f32. vectorization.py compares both with Keras.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;

namespace {

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> lines_of(const std::string& path) {
  const std::string text = read(path);
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

void write(const std::string& path, const Tensor& y) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(y.data()), static_cast<std::streamsize>(y.size() * sizeof(float)));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::string folder = std::string(argv[1]) + "/";
  const std::vector<std::string> learnt = lines_of(folder + "adapt.txt"), texts = lines_of(folder + "texts.txt");
  for (int n = 0; std::filesystem::exists(folder + std::to_string(n) + ".json"); ++n) {
    const std::string number = std::to_string(n);
    Sequential model = model_from_json(read(folder + number + ".json"));
    model.get_layer<TextVectorization>(0).adapt(learnt);
    write(folder + "own_" + number + ".f32", model.predict(texts, {.batch_size = 10000}));
    model.save(folder + "own_" + number + ".keras");
    const Sequential loaded = load_model(folder + "keras_" + number + ".keras");
    write(folder + "keras_" + number + ".f32", loaded.predict(texts, {.batch_size = 10000}));
  }
}
