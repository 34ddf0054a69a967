#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <filesystem>

#include "core/masked_traps.hpp"
#include "core/shown.hpp"
#include "io/atomic_file.hpp"
#include "io/file_errors.hpp"
#include "io/json.hpp"
#include "io/keras_config_writer.hpp"
#include "io/keras_files.hpp"
#include "io/legacy.hpp"
#include "io/sample.hpp"
#include "io/vocabularies.hpp"
#include "io/weights.hpp"
#include "io/zip.hpp"
#include "models/sequential_parts.hpp"
#include "xeras/core/error.hpp"

namespace xeras {
namespace io {
namespace {

std::string date_and_time() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  char text[32];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%d@%H:%M:%S", &local);
  return {text, length};
}

void check_can_write(const std::string& path, const Sequential& model, bool overwrite) {
  if (!model.built()) {
    throw ShapeError(fmt::format(
        "{}: the model is not built and has no weights; expected a built model. Call build or fit before save.", path));
  }
  std::error_code error;  // an unreadable path cannot be written either, and that error gives the reason
  if (!overwrite && std::filesystem::exists(path, error)) {
    throw FileError(fmt::format("{}: already exists; expected a new file. Set .overwrite = true to replace it.", path));
  }
}

// Throws FileError for invalid names. Keras allows no slash in a name. In .h5 files a layer's name is the name of a
// group: HDF5 ends it at a NUL, and "." means the enclosing group.
void check_names(const std::string& path, Layer& layer, bool is_group) {
  const std::string& name = layer.name();
  const bool is_taken = name == "." || name == "top_level_model_weights" || name.find('\0') != name.npos;
  if (name.find('/') != name.npos || (is_group && is_taken)) {
    throw InvalidArgument(fmt::format(
        "{}: a {} is named \"{}\"; expected a name {}. Give it another one.", path, layer.class_name(), shown(name),
        is_group ? "without a slash or NUL, other than \".\" and Keras's own groups" : "without a slash"));
  }
  for (AnyLayer& child : layer.children()) check_names(path, *child, is_group);
}

[[noreturn]] void throw_wrong_name(const std::string& path, const char* expected) {
  throw InvalidArgument(fmt::format("{}: the name has no known ending; expected one that ends in {}.", path, expected));
}

// Saving only reads weights and the optimizer's state, through handles that could also write.
Sequential& readable(const Sequential& model) { return const_cast<Sequential&>(model); }

// Returns the arguments of compile, or null.
const Compiled* compiled_part(const Sequential& model) {
  const std::optional<Compiled>& compiled = SequentialParts::state(model).compiled;
  return compiled ? &*compiled : nullptr;
}

template <class Write>
void write_hdf5(const std::string& path, const Write& write) {
  AtomicFile target(path);
  Hdf5Writer file(target.temporary(), path);
  write(file);
  file.close();
  target.commit();
}

}  // namespace

void write_keras_file(const std::string& path, Sequential& model, const SaveOptions& options, const Value& note) {
  const Compiled* const compiled = options.include_optimizer ? compiled_part(model) : nullptr;
  const Value config = model_to_keras(model, compiled);
  Value::Dict metadata{{"keras_version", written_keras_version}, {"date_saved", date_and_time()}};
  if (!note.is_null()) metadata.emplace_back("xeras", note);
  if (!options.metadata.empty()) metadata.emplace_back(metadata_member, options.metadata);

  AtomicFile target(path);
  Hdf5Writer weights(target.temporary(), path);
  write_weights(weights, model, compiled != nullptr);
  ZipWriter zip(target.temporary(), path);
  zip.add("metadata.json", write_json(metadata, path));
  zip.add("config.json", write_json(config, path));
  zip.add_bytes("model.weights.h5", weights.bytes());
  write_vocabularies(zip, model);
  if (options.sample) zip.add(sample_member, write_json(make_sample(model, options.sample), path));
  zip.close();
  target.commit();
}

}  // namespace io

void Sequential::save(const std::string& path, const SaveOptions& options) const {
  const MaskedTraps masked;
  io::check_path(path);
  Sequential& model = io::readable(*this);
  const bool is_legacy = path.ends_with(".h5") || path.ends_with(".hdf5");
  if (!is_legacy && !path.ends_with(".keras")) io::throw_wrong_name(path, ".keras, or in .h5 for the older format");
  if (is_legacy && path.ends_with(".weights.h5")) {
    throw InvalidArgument(fmt::format(
        "{}: is the name of a weights file; expected the name of a whole model. Call save_weights, or name it .keras.",
        path));
  }
  if (options.sample.is_text()) {
    throw InvalidArgument(fmt::format("{}: .sample holds strings; expected numbers. Leave it out.", path));
  }
  if (is_legacy && options.sample) {
    throw InvalidArgument(fmt::format("{}: .sample is given; expected none, which only .keras files have.", path));
  }
  if (is_legacy && !options.metadata.empty()) {
    throw InvalidArgument(fmt::format("{}: .metadata is given; expected none, which only .keras files have.", path));
  }
  io::check_can_write(path, *this, options.overwrite);
  io::check_names(path, model, is_legacy);
  if (is_legacy) io::check_no_vocabularies(path, model);
  io::with_file(path, [&] {
    if (!is_legacy) return io::write_keras_file(path, model, options);
    io::write_hdf5(path, [&](io::Hdf5Writer& file) { io::write_legacy_model(file, model, options.include_optimizer); });
  });
}

void Sequential::save_weights(const std::string& path, const SaveOptions& options) const {
  const MaskedTraps masked;
  io::check_path(path);
  Sequential& model = io::readable(*this);
  if (!path.ends_with(".h5")) io::throw_wrong_name(path, ".weights.h5, or in .h5 for the older format");
  io::check_can_write(path, *this, options.overwrite);
  if (options.sample) {
    throw InvalidArgument(
        fmt::format("{}: a sample is given; expected none in a file of weights. Use save for it.", path));
  }
  if (!options.metadata.empty()) {
    throw InvalidArgument(
        fmt::format("{}: .metadata is given; expected none in a file of weights. Use save for it.", path));
  }
  if (!path.ends_with(".weights.h5")) io::check_names(path, model, true);
  io::with_file(path, [&] {
    io::write_hdf5(path, [&](io::Hdf5Writer& file) {
      path.ends_with(".weights.h5") ? io::write_weights(file, model, options.include_optimizer && state().compiled)
                                    : io::write_legacy_weights(file, model);
    });
  });
}

std::string Sequential::to_json() const {
  return io::write_json(io::model_to_keras(*this, io::compiled_part(*this)), "to_json");
}

}  // namespace xeras
