#include "xeras/io/load.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "core/masked_traps.hpp"
#include "core/shown.hpp"
#include "io/compile_reader.hpp"
#include "io/config_edit.hpp"
#include "io/dtype_policy.hpp"
#include "io/file_errors.hpp"
#include "io/functional.hpp"
#include "io/json.hpp"
#include "io/keras2.hpp"
#include "io/keras2_training.hpp"
#include "io/keras_config_reader.hpp"
#include "io/keras_files.hpp"
#include "io/legacy.hpp"
#include "io/sample.hpp"
#include "io/vocabularies.hpp"
#include "io/weights.hpp"
#include "io/zip.hpp"
#include "models/custom_objects.hpp"
#include "models/sequential_parts.hpp"
#include "xeras/core/error.hpp"

namespace xeras {
namespace io {
namespace {

const std::string& weights_member = *new std::string("model.weights.h5");

// Reads a file; every error becomes a FileError that names the file.
template <class Read>
auto read_file(const std::string& path, const Read& read) {
  check_path(path);
  const std::string name = shown(path, longest_path);
  try {
    return with_file(path, read);
  } catch (const Error& error) {
    const std::string what = error.what();
    throw FileError(ends_of(what.starts_with(name) ? what : fmt::format("{}: {}", name, what)));
  }
}

bool is_zip(const std::string& path) {
  if (std::filesystem::is_directory(path)) {
    const bool is_saved_model = std::filesystem::exists(path + "/saved_model.pb");
    throw FileError(fmt::format("{}: {}; expected a .keras or .h5 file.{}", path,
                                is_saved_model ? "a SavedModel of TensorFlow" : "a folder",
                                is_saved_model ? " Keras 2 loads it, and its save(\"model.keras\") writes one." : ""));
  }
  std::ifstream file(path, std::ios::binary);
  char start[2] = {};
  if (!file.read(start, 2)) {
    throw FileError(fmt::format("{}: cannot be read; expected a file that exists and holds a model.", path));
  }
  return start[0] == 'P' && start[1] == 'K';
}

Bytes read_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  Bytes bytes;
  bytes.size = file ? static_cast<std::size_t>(file.tellg()) : 0;
  bytes.data = std::make_unique_for_overwrite<char[]>(bytes.size);
  if (!file || !file.seekg(0).read(bytes.data.get(), static_cast<std::streamsize>(bytes.size))) {
    throw FileError(fmt::format("{}: cannot be read; expected a file that holds a model.", path));
  }
  return bytes;
}

// Returns the shapes to build the model for, those with the most None first. Like Keras, this treats the batch size and
// length in the InputLayer as hints, because fit records those of its first batch there.
std::vector<Shape> shapes_to_try(const Spec& input, const std::optional<Spec>& first) {
  // (batch, time) of an Embedding, or (batch, time, features)
  const std::size_t rank = input.dtype == DType::int32 && first ? 2 : 3;
  const auto may_open = [&](std::size_t axis) {
    if (axis >= input.shape.rank() || (axis == 1 && input.shape.rank() != rank)) return false;
    const bool is_fixed = first && axis < first->shape.rank() && first->shape[axis].known();
    return input.shape[axis].known() && !is_fixed;
  };
  std::vector<Shape> shapes;
  for (const bool batch : {true, false}) {
    for (const bool time : {true, false}) {
      if ((batch && !may_open(0)) || (time && !may_open(1))) continue;
      Shape& shape = shapes.emplace_back(input.shape);
      if (batch) shape[0] = None;
      if (time) shape[1] = None;
    }
  }
  return shapes;
}

void build_as_saved(SavedModel& saved, const auto& build) {
  if (saved.model.layers().empty()) return;
  const std::optional<Spec> first = saved.model.layers().front()->first_input();
  const std::string* const dtype = text_at(saved.input_layer, "dtype");
  const DType given = dtype == nullptr || *dtype == "float32" ? DType::float32
                      : *dtype == "string"                    ? DType::string
                                                              : DType::int32;
  Spec input{saved.input, first ? first->dtype : saved.model.layers().front()->input_dtype(given)};
  if (saved.input.rank() == 0) {
    if (!first) return;
    input = *first;
  }
  SequentialParts::state(saved.model).input_in_file = saved.input_layer;
  const std::vector<Shape> shapes = shapes_to_try(input, first);
  for (const Shape& shape : shapes) {
    try {
      return build(Spec{shape, input.dtype});
    } catch (const ShapeError&) {
      // A layer may need a size: Flatten before Dense needs the length, a stateful layer the batch size.
      if (&shape == &shapes.back()) throw;
    }
  }
}

void compile_as_saved(SavedModel& saved, const KerasVersion& version, const std::string& path) {
  const auto* arguments = saved.compile.get_if<Value::Dict>();
  if (arguments == nullptr || arguments->empty()) return;
  try {
    SequentialParts::state(saved.model).compiled =
        compile_from_keras(upgrade_training(saved.compile, version, path), path);
  } catch (const FileError& error) {
    throw FileError(fmt::format("{} With .compile = false the model loads without it.", error.what()));
  }
}

void build_for_file(SavedModel& saved, const Hdf5Reader& file) {
  // The limit is one float per byte of the file, as no number in it is smaller than a byte.
  build_as_saved(saved, [&](const Spec& input) { SequentialParts::build(saved.model, input, file.size()); });
  if (!saved.model.built()) throw FileError("the shape of the input is missing; expected an InputLayer.");
}

struct KerasFile {
  ZipReader zip;
  KerasVersion version;
  Value note;
  Value metadata;  // the user's own
};

KerasFile open_keras_file(const std::string& path) {
  KerasFile file{ZipReader(path), latest_version, {}, {}};
  if (!file.zip.has("metadata.json")) return file;
  const Value metadata = parse_json(file.zip.read("metadata.json").text(), "metadata.json");
  if (const std::string* version = text_at(metadata, "keras_version")) {
    file.version = parse_version(*version, "metadata.json");
  }
  if (const Value* note = metadata.find("xeras")) file.note = *note;
  if (const Value* own = metadata.find(metadata_member)) file.metadata = *own;
  return file;
}

Bytes weights_in(const ZipReader& zip) {
  if (!zip.has(weights_member) && zip.has("model.weights.npz")) {
    throw FileError("model.weights.npz: weights in NumPy's format; expected model.weights.h5, Keras's default.");
  }
  return zip.read(weights_member);
}

// True for {"config": [layer, ...]}, which Keras wrote for a Sequential until 2.1. Throws FileError for Keras 1, whose
// arguments have other names.
bool has_layers_as_list(const Value& model) {
  const Value* config = model.find("config");
  const auto* layers = config != nullptr ? config->get_if<Value::List>() : nullptr;
  for (std::size_t i = 0; layers != nullptr && i < layers->size(); ++i) {
    const Value* arguments = (*layers)[i].find("config");
    for (const char* name : {"output_dim", "init", "nb_filter", "border_mode", "inner_init", "subsample_length"}) {
      const bool is_own = class_of((*layers)[i]) == "Embedding" || arguments == nullptr;
      if (is_own || arguments->find(name) == nullptr) continue;
      throw FileError(
          fmt::format("layers[{}].config.{}: an argument of Keras 1; expected a model of Keras 2 or 3.", i, name));
    }
  }
  return layers != nullptr;
}

SavedModel read_config(Value config, const KerasVersion& version, const LoadOptions& options) {
  if (!options.dtype.empty() && options.dtype != "float32") {
    throw FileError(
        fmt::format("dtype is \"{}\"; expected \"float32\", the precision that xeras supports.", options.dtype));
  }
  if (!options.dtype.empty()) config = as_float32(config);
  config = without_graph(config, "");
  if (version.major == 2) config = upgrade_model(config, version);
  return model_from_keras(config, "");
}

Sequential read_keras_file(const std::string& path, const LoadOptions& options) {
  KerasFile file = open_keras_file(path);
  SavedModel saved = read_config(parse_json(file.zip.read("config.json").text(), "config.json"), file.version, options);
  const Bytes bytes = weights_in(file.zip);
  const Hdf5Reader weights(bytes.text(), weights_member);
  read_vocabularies(file.zip, weights, saved.model, saved.classes);
  build_for_file(saved, weights);
  read_weights(weights, saved.model, saved.classes);
  if (options.compile) compile_as_saved(saved, file.version, "compile_config");
  if (SequentialParts::state(saved.model).compiled) read_optimizer(weights, saved.model);
  if (options.verify) {
    if (!file.zip.has(sample_member)) {
      throw FileError(
          fmt::format("{}: is missing; expected a sample to verify. Save the model with .sample = x.", sample_member));
    }
    check_sample(saved.model, parse_json(file.zip.read(sample_member).text(), sample_member),
                 std::filesystem::file_size(path));
  }
  return std::move(saved.model);
}

Sequential read_hdf5_file(const std::string& path, const LoadOptions& options) {
  const Bytes bytes = read_bytes(path);
  const Hdf5Reader file(bytes.text(), path);
  if (options.verify) {
    throw FileError("verify is set; expected a .keras file, since others have no sample.");
  }
  Value config = read_legacy_config(file);
  const KerasVersion version = legacy_version(file);
  SavedModel saved = read_config(std::move(config), version, options);
  try {
    build_for_file(saved, file);
  } catch (const Error& error) {
    if (holds_legacy_weights(file)) throw;
    throw FileError(
        "there are no weights; expected those of a model. It was saved before it was built: load its configuration "
        "with model_from_json.");
  }
  read_legacy_weights(file, saved.model);
  if (const auto training = file.text("", "training_config"); training && options.compile) {
    saved.compile = parse_json(*training, "training_config");
    if (!options.dtype.empty()) saved.compile = as_float32(saved.compile);
    compile_as_saved(saved, version, "training_config");
  }
  if (SequentialParts::state(saved.model).compiled) read_legacy_optimizer(file, saved.model);
  return std::move(saved.model);
}

// Reads the weights of any file, and its optimizer state if it belongs to the model's optimizer.
void read_any_weights(const std::string& path, Sequential& model) {
  const bool zipped = is_zip(path);
  const Bytes bytes = zipped ? weights_in(open_keras_file(path).zip) : read_bytes(path);
  const Hdf5Reader file(bytes.text(), zipped ? weights_member : path);
  if (has_legacy_weights(file)) return read_legacy_weights(file, model);
  read_weights(file, model);
  if (SequentialParts::state(model).compiled && has_state_of(file, model)) read_optimizer(file, model);
}

// Reads into a model; if that fails, restores the model.
template <class Read>
auto keeping_weights(Sequential& model, const std::string& path, const Read& read) {
  const std::vector<Tensor> before = model.get_weights();
  try {
    return read_file(path, read);
  } catch (...) {
    model.set_weights(before);
    throw;
  }
}

}  // namespace

Value restore_from_keras_file(const std::string& path, Sequential& model,
                              const std::function<void(const Value& note)>& check_note) {
  return keeping_weights(model, path, [&] {
    KerasFile file = open_keras_file(path);
    check_note(file.note);
    const Bytes bytes = weights_in(file.zip);
    const Hdf5Reader weights(bytes.text(), weights_member);
    if (!has_state_of(weights, model)) {
      throw FileError("the optimizer's state is not that of the model's optimizer; expected a file of this training.");
    }
    read_weights(weights, model);
    read_optimizer(weights, model);
    return std::move(file.note);
  });
}

}  // namespace io

Sequential load_model(const std::string& path, const LoadOptions& options) {
  const MaskedTraps masked;
  const CustomObjectsScope scope(options.custom_objects);
  return io::read_file(
      path, [&] { return io::is_zip(path) ? io::read_keras_file(path, options) : io::read_hdf5_file(path, options); });
}

Value::Dict load_metadata(const std::string& path) {
  const MaskedTraps masked;
  return io::read_file(path, [&]() -> Value::Dict {
    if (!io::is_zip(path)) throw FileError("the file is not in the .keras format; expected one that is.");
    const io::KerasFile file = io::open_keras_file(path);
    if (file.metadata.is_null()) return {};
    if (const auto* entries = file.metadata.get_if<Value::Dict>()) return *entries;
    throw FileError(fmt::format("metadata.json.{}: {}; expected an object.", io::metadata_member,
                                shown(file.metadata.to_string())));
  });
}

Sequential model_from_json(const std::string& json, const LoadOptions& options) {
  const MaskedTraps masked;
  const CustomObjectsScope scope(options.custom_objects);
  return io::read_file("model_from_json", [&] {
    if (options.verify) throw FileError("verify is set; expected a .keras file, since others have no sample.");
    Value config = io::parse_json(json, "json");
    const std::string* version = io::text_at(config, "keras_version");  // Keras 3 leaves it out
    const io::KerasVersion written_by = version != nullptr               ? io::parse_version(*version, "json")
                                        : io::has_layers_as_list(config) ? io::KerasVersion{.major = 2}
                                                                         : io::latest_version;
    io::SavedModel saved = io::read_config(std::move(config), written_by, options);
    io::build_as_saved(saved, [&](const Spec& input) { SequentialParts::build(saved.model, input); });
    if (options.compile) io::compile_as_saved(saved, written_by, "compile_config");
    return std::move(saved.model);
  });
}

void Sequential::load_weights(const std::string& path) {
  const MaskedTraps masked;
  if (!built()) {
    throw ShapeError(
        fmt::format("{}: load_weights on a model that is not built; expected a built model. Call build first.", who()));
  }
  io::keeping_weights(*this, path, [&] {
    io::read_any_weights(path, *this);
    return true;
  });
}

}  // namespace xeras
