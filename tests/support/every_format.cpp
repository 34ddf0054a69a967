#include "support/every_format.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "support/temporary_folder.hpp"

namespace xeras::testing {
namespace {

// Returns the layers as Keras writes them; the arguments of compile are written as in the format.
nlohmann::json layers_of(const Sequential& model) { return nlohmann::json::parse(model.to_json()).at("config"); }

// Compares predictions. A model with states gets the same number of calls as the other one.
void compare(const char* format, const Sequential& model, const Sequential& loaded, const Input& x,
             std::vector<std::string>& lost) {
  const auto check = [&](const char* what, bool same) {
    if (!same) lost.push_back(fmt::format("{}: {} became another.", format, what));
  };
  check("the configuration", layers_of(loaded) == layers_of(model));
  check("a weight", loaded.get_weights() == model.get_weights());
  Sequential first = model.clone(), second = loaded.clone();
  check("a prediction", first.predict_on_batch(x) == second.predict_on_batch(x));
}

}  // namespace

std::vector<std::string> lost_in_files(const Sequential& model, const Input& x, const CustomObjects& own) {
  const TemporaryFolder folder;
  std::vector<std::string> lost;
  const auto come_back = [&](const char* format, const auto& load) {
    try {
      compare(format, model, load(), x, lost);
    } catch (const Error& error) {
      lost.push_back(fmt::format("{}: {}", format, error.what()));
    }
  };
  come_back(".keras", [&] {
    model.save(folder / "m.keras", {.sample = x});
    return load_model(folder / "m.keras", {.custom_objects = own, .verify = true});
  });
  come_back(".h5", [&] {
    model.save(folder / "m.h5");
    return load_model(folder / "m.h5", {.custom_objects = own});
  });
  come_back("to_json", [&] {
    model.save_weights(folder / "m.weights.h5");
    Sequential loaded = model_from_json(model.to_json(), {.custom_objects = own});
    loaded.load_weights(folder / "m.weights.h5");
    return loaded;
  });
  return lost;
}

}  // namespace xeras::testing
