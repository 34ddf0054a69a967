#pragma once

#include <map>
#include <set>
#include <string>

namespace xeras {

// The names of a model's layers, and the choice of new ones. Uses trees, which no choice of names makes slow.
class LayerNames {
 public:
  std::size_t size() const { return taken_.size(); }
  bool contains(const std::string& name) const { return taken_.contains(name); }
  void add(const std::string& name) { taken_.insert(name); }
  void remove(const std::string& name);
  // Returns "dense" or the first free name of "dense_1", "dense_2", ... Does not add it.
  std::string free_name(const std::string& stem);

 private:
  std::set<std::string> taken_;
  std::map<std::string, int> first_free_;  // by stem: all smaller numbers are taken; 0 is the stem itself
};

}  // namespace xeras
