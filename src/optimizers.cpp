#include "xeras/optimizers.hpp"

#include <algorithm>
#include <cctype>

#include "core/family.hpp"

namespace xeras::optimizers {
namespace {

std::span<const FamilyRow<Optimizer>> family() {
  static const std::vector<FamilyRow<Optimizer>>& rows = *new std::vector<FamilyRow<Optimizer>>{
      family_row<Optimizer, SGD>({"sgd"}),           family_row<Optimizer, RMSprop>({"rmsprop"}),
      family_row<Optimizer, Adam>({"adam"}),         family_row<Optimizer, AdamW>({"adamw"}),
      family_row<Optimizer, Adadelta>({"adadelta"}), family_row<Optimizer, Adagrad>({"adagrad"}),
      family_row<Optimizer, Adamax>({"adamax"}),     family_row<Optimizer, Adafactor>({"adafactor"}),
      family_row<Optimizer, Nadam>({"nadam"}),       family_row<Optimizer, Ftrl>({"ftrl"}),
      family_row<Optimizer, Lion>({"lion"}),         family_row<Optimizer, Lamb>({"lamb"}),
      family_row<Optimizer, Muon>({"muon"}),         family_row<Optimizer, ScheduleFreeAdamW>({"schedulefreeadamw"}),
  };
  return rows;
}

// Returns the class name that matches, ignoring case as in Keras.
std::string canonical(std::string_view name) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
  };
  for (const FamilyRow<Optimizer>& row : family()) {
    if (std::equal(name.begin(), name.end(), row.class_name.begin(), row.class_name.end(), same)) return row.class_name;
  }
  return std::string(name);
}

}  // namespace

std::shared_ptr<Optimizer> Optimizer::from_name(std::string_view name) {
  return make_by_name("optimizer", family(), canonical(name));
}

std::shared_ptr<Optimizer> Optimizer::from_config(const Value& value, const std::string& path) {
  if (const std::string* name = value.get_if<std::string>()) return from_name(*name);
  Value known = value;
  if (Value::Dict* dict = known.get_if<Value::Dict>()) {
    for (auto& [key, entry] : *dict) {
      if (const std::string* name = entry.get_if<std::string>(); key == "class_name" && name) entry = canonical(*name);
    }
  }
  return make_from_value("optimizer", family(), known, path);
}

Named<Optimizer> get(std::string_view name) { return Optimizer::from_name(name); }

}  // namespace xeras::optimizers

template class xeras::Named<xeras::optimizers::Optimizer>;
