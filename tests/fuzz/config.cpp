// Fuzzes configurations as JSON: the content of config.json and model_config.
#include <unistd.h>

#include "fuzz/fuzz.hpp"
#include "io/compile_reader.hpp"
#include "io/json.hpp"
#include "io/keras2.hpp"
#include "io/keras2_training.hpp"
#include "io/keras_config_reader.hpp"
#include "io/keras_config_writer.hpp"
#include "models/sequential_parts.hpp"

using namespace xeras;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto load = [&](bool is_old) {
    Value config = io::parse_json(text, "fuzz");
    const io::KerasVersion version{.major = is_old ? 2 : 3, .minor = 2, .is_tensorflow = false};
    if (is_old) config = io::upgrade_model(config, version);
    io::SavedModel saved = io::model_from_keras(config, "");
    if (saved.compile.get_if<Value::Dict>() != nullptr) {
      if (is_old) saved.compile = io::upgrade_training(saved.compile, version, "compile_config");
      io::compile_from_keras(saved.compile, "compile_config");
    }
    if (saved.model.layers().empty() || saved.input.rank() == 0) return;
    const std::optional<Spec> first = saved.model.layers().front()->first_input();
    constexpr std::int64_t most_weights = 1 << 20;
    SequentialParts::build(saved.model, {saved.input, first ? first->dtype : DType::float32}, most_weights);
    io::write_json(io::model_to_keras(saved.model, nullptr), "fuzz");
  };
  fuzz::expect_error_or_nothing([&] { load(false); });
  fuzz::expect_error_or_nothing([&] { load(true); });
  return 0;
}
