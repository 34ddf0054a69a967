#include "xeras/models/history.hpp"

#include <algorithm>

#include "xeras/core/error.hpp"

namespace xeras {

Scores::Scores(Names names) : names_(std::move(names)) {
  if (names_->size() > few_.size()) many_.resize(names_->size() - few_.size());
}

void Scores::set(std::string_view name, double value) {
  for (std::size_t i = 0; i < size(); ++i) {
    if ((*names_)[i] == name) return set(i, value);
  }
  Scores one(std::make_shared<const std::vector<std::string>>(1, std::string(name)));
  one.set(0, value);
  *this = with(one, "");
}

bool Scores::contains(std::string_view name) const {
  return names_ != nullptr && std::find(names_->begin(), names_->end(), name) != names_->end();
}

double Scores::operator[](std::string_view name) const {
  for (std::size_t i = 0; i < size(); ++i) {
    if ((*names_)[i] == name) return value(i);
  }
  throw InvalidArgument(unknown_name("score", name, names_ == nullptr ? std::vector<std::string>() : *names_));
}

Scores Scores::with(const Scores& others, const std::string& prefix) const {
  auto names = std::make_shared<std::vector<std::string>>();
  for (std::size_t i = 0; i < size(); ++i) names->push_back(name(i));
  for (std::size_t i = 0; i < others.size(); ++i) names->push_back(prefix + others.name(i));
  Scores all(std::move(names));
  for (std::size_t i = 0; i < size(); ++i) all.set(i, value(i));
  for (std::size_t i = 0; i < others.size(); ++i) all.set(size() + i, others.value(i));
  return all;
}

const History::Curve& History::curve_of(std::string_view name) const {
  for (const Curve& curve : curves_) {
    if (curve.name == name) return curve;
  }
  throw InvalidArgument(unknown_name("history", name, names()));
}

const std::vector<double>& History::operator[](std::string_view name) const { return curve_of(name).values; }

const std::vector<std::int64_t>& History::epoch(std::string_view name) const { return curve_of(name).epochs; }

bool History::contains(std::string_view name) const {
  return std::any_of(curves_.begin(), curves_.end(), [&](const Curve& curve) { return curve.name == name; });
}

std::vector<std::string> History::names() const {
  std::vector<std::string> names;
  for (const Curve& curve : curves_) names.push_back(curve.name);
  return names;
}

void History::append(std::int64_t epoch, const Scores& scores) {
  epoch_.push_back(epoch);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    auto curve = std::find_if(curves_.begin(), curves_.end(), [&](const Curve& c) { return c.name == scores.name(i); });
    if (curve == curves_.end()) curve = curves_.insert(curve, {scores.name(i), {}, {}});
    curve->values.push_back(scores.value(i));
    curve->epochs.push_back(epoch);
  }
}

}  // namespace xeras
