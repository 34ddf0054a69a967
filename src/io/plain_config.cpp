#include "io/plain_config.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

#include "io/class_names.hpp"
#include "io/config_edit.hpp"
#include "io/dtype_policy.hpp"
#include "io/json.hpp"
#include "io/layer_spellings.hpp"

namespace xeras::io {
namespace {

// The arguments that Keras writes and the library may lack, each with the value that is equivalent to its absence.
const std::map<std::string, Value>& dropped() {
  static const auto& table = *new std::map<std::string, Value>{
      {"activity_regularizer", {}},
      {"auto_scale_loss", true},
      {"axis", std::int64_t{-1}},
      {"data_format", "channels_last"},
      {"groups", std::int64_t{1}},
      {"input_axes", {}},
      {"noise_shape", {}},
      {"oov_method", "floormod"},
      {"output_axes", {}},
      {"quantization_config", {}},
      {"renorm", false},
      {"renorm_clipping", {}},
      {"renorm_momentum", 0.99},
      {"return_state", false},
      {"seed", {}},
      {"synchronized", false},
      {"time_major", false},
      {"unroll", false},
  };
  return table;
}

Value plain_value(const Value& from, const std::string& path);

Value plain_dict(const Value::Dict& from, const std::string& path) {
  Value::Dict dict;
  for (const auto& [key, entry] : from) {
    const std::string place = path + "." + key;
    if (key == "dtype") {
      check_dtype(entry, place);
    } else if (key != "build_input_shape") {
      dict.emplace_back(key, plain_value(entry, place));
    }
  }
  return dict;
}

// Sets zero_output_for_mask in the layers within Bidirectional that return sequences, as Bidirectional does.
void zero_masked_output(Value& layer) {
  auto* const object = layer.get_if<Value::Dict>();
  if (object == nullptr) return;
  for (auto& [key, config] : *object) {
    auto* const arguments = config.get_if<Value::Dict>();
    if (key != "config" || arguments == nullptr) continue;
    const Value* const sequences = config.find("return_sequences");
    for (auto& [name, value] : *arguments) {
      if (name == "zero_output_for_mask" && sequences != nullptr) value = *sequences;
    }
  }
}

// Returns only {"class_name", "config"}: without the module and the bookkeeping about where and how large the object
// was.
Value plain_object(const Value& from, const std::string& class_name, const std::string& path) {
  static const auto& bookkeeping = *new std::set<std::string>{"module", "registered_name", "build_config",
                                                              "name",   "compile_config",  "shared_object_id"};
  for (const auto& [key, entry] : *from.get_if<Value::Dict>()) {
    if (key != "class_name" && key != "config" && !bookkeeping.contains(key)) {
      refuse(path + "." + key, entry, "what Keras writes");
    }
  }
  const Value* config = from.find("config");
  if (class_name == "function") return config != nullptr ? *config : Value();
  Value::Dict plain_config;
  if (const auto* dict = config != nullptr ? config->get_if<Value::Dict>() : nullptr) {
    plain_config = *plain_dict(*dict, path + ".config").get_if<Value::Dict>();
  } else if (config != nullptr && !config->is_null()) {
    refuse(path + ".config", *config, "arguments by name");
  }
  const std::string name = respell(current_class_name(class_name), plain_config, path + ".config");
  if (name == "Bidirectional") {
    for (auto& [key, entry] : plain_config) zero_masked_output(entry);
  }
  return Value::Dict{{"class_name", name}, {"config", std::move(plain_config)}};
}

// Converts a Keras configuration to the library's form: the to_value of the object itself, possibly with fewer keys.
Value plain_value(const Value& from, const std::string& path) {
  if (const auto* list = from.get_if<Value::List>()) {
    Value::List result;
    for (std::size_t i = 0; i < list->size(); ++i) {
      if (is_input_layer((*list)[i])) continue;  // of a nested model; the outer model knows the shape
      result.push_back(plain_value((*list)[i], fmt::format("{}[{}]", path, result.size())));
    }
    return result;
  }
  const auto* dict = from.get_if<Value::Dict>();
  if (dict == nullptr) return from;
  const std::string* class_name = text_at(from, "class_name");
  if (class_name == nullptr) {
    const std::string* type = text_at(from, "type");  // an array in the form of Keras 2
    const Value* numbers = type != nullptr && *type == "ndarray" ? from.find("value") : nullptr;
    if (numbers != nullptr) return array_or_number(*numbers);
    return plain_dict(*dict, path);
  }
  if (const Value* items = from.find("items"); items != nullptr && *class_name == "__tuple__")
    return plain_value(*items, path);
  if (*class_name == "__numpy__" || *class_name == "__tensor__") {
    const Value* config = from.find("config");
    const Value* numbers = config != nullptr ? config->find("value") : nullptr;
    if (numbers == nullptr) refuse(path, from, "an array's numbers");
    return array_or_number(*numbers);
  }
  return plain_object(from, *class_name, path);
}

// True for equal values, where 1 also equals 1.0 and true.
bool means_the_same(const Value& given, const Value& taken) {
  const auto* whole = given.get_if<std::int64_t>();
  if (const auto* number = taken.get_if<double>(); whole != nullptr && number != nullptr) {
    return static_cast<double>(*whole) == *number;
  }
  if (const auto* truth = taken.get_if<bool>(); whole != nullptr && truth != nullptr) return (*whole != 0) == *truth;
  return given == taken;
}

}  // namespace

bool is_input_layer(const Value& layer) { return class_of(layer) == "InputLayer"; }

Value plain(const Value& from, const std::string& path) { return plain_value(from, path); }

void check_taken(const Value& given, const Value& taken, const std::string& path) {
  const auto* dict = given.get_if<Value::Dict>();
  const auto* list = given.get_if<Value::List>();
  const auto* taken_list = taken.get_if<Value::List>();
  if (class_of(given) == "__numpy__") {
    // An array of any width becomes one of floats.
  } else if (dict != nullptr && taken.get_if<Value::Dict>() != nullptr) {
    for (const auto& [key, entry] : *dict) {
      const std::string place = path + "." + key;
      if (const Value* found = taken.find(key)) {
        check_taken(entry, *found, place);
        continue;
      }
      const auto without = dropped().find(key);
      if (without == dropped().end() || !(without->second == entry)) {
        refuse(place, entry,
               without == dropped().end()
                   ? "an argument that xeras supports for this class"
                   : fmt::format("{}, the only value that xeras supports", without->second.to_string()));
      }
    }
  } else if (list != nullptr && taken_list != nullptr && list->size() == taken_list->size()) {
    for (std::size_t i = 0; i < list->size(); ++i) {
      check_taken((*list)[i], (*taken_list)[i], fmt::format("{}[{}]", path, i));
    }
  } else if (list != nullptr && list->size() == 1 && taken_list == nullptr) {
    check_taken(list->front(), taken, path + "[0]");  // one axis equals a list of it
  } else if (given.is_null() && taken_list != nullptr && taken_list->empty()) {
    // An absent shape has no axes.
  } else if (given.get_if<std::string>() != nullptr && taken.find("class_name") != nullptr) {
    // A name made the object.
  } else if (!means_the_same(given, taken)) {
    refuse(path, given, fmt::format("{}, the value that was read", taken.to_string()));
  }
}

}  // namespace xeras::io
