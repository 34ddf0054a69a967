#include "io/weight_groups.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace xeras::io {
namespace {

const std::string& before_2_15 = *new std::string("_layer_checkpoint_dependencies");

// Returns "dense" and 2 for "dense_2"; the number is 0 if there is none.
std::pair<std::string, std::size_t> numbered(const std::string& name) {
  const std::size_t end = name.find_last_not_of("0123456789");
  if (end == std::string::npos || end == 0 || name[end] != '_' || end + 1 == name.size() || name.size() - end > 10) {
    return {name, 0};
  }
  return {name.substr(0, end), std::stoul(name.substr(end + 1))};
}

}  // namespace

WeightGroups::WeightGroups(const Hdf5Reader& file) : file_(file) {
  const std::vector<std::string> top = file.names("");
  if (std::none_of(top.begin(), top.end(),
                   [](const std::string& name) { return name.find('\\') != std::string::npos; })) {
    return;
  }
  for (const std::string& name : top) {
    std::string path = name;
    std::replace(path.begin(), path.end(), '\\', '/');
    flat_.emplace(std::move(path), name);
  }
}

std::string WeightGroups::written(const std::string& path) const {
  if (flat_.empty()) return path;
  for (std::string start = path;;) {
    if (const auto found = flat_.find(start); found != flat_.end()) return found->second + path.substr(start.size());
    const std::size_t slash = start.rfind('/');
    if (slash == std::string::npos) return path;
    start.resize(slash);
  }
}

std::vector<std::string> WeightGroups::names(const std::string& path) const {
  if (flat_.empty()) return file_.names(path);
  const std::vector<std::string> own = path.empty() ? std::vector<std::string>() : file_.names(written(path));
  std::set<std::string> all(own.begin(), own.end());
  const std::string start = path.empty() ? path : path + "/";
  for (auto entry = flat_.lower_bound(start); entry != flat_.end() && entry->first.starts_with(start); ++entry) {
    all.insert(entry->first.substr(start.size(), entry->first.find('/', start.size()) - start.size()));
  }
  return {all.begin(), all.end()};
}

const WeightGroups::Container& WeightGroups::container(const std::string& parent) const {
  if (const auto found = containers_.find(parent); found != containers_.end()) return found->second;
  Container result{"layers", {}};
  std::vector<std::string> inside = names(joined(parent, result.name));
  const std::vector<std::string> older =
      inside.empty() ? names(joined(parent, before_2_15)) : std::vector<std::string>();
  if (older.empty()) {
    for (const std::string& name : inside) result.names.emplace(name, name);
  } else {
    result.name = before_2_15;
    std::map<std::string, std::map<std::size_t, std::string>> by_class;
    for (const std::string& name : older) {
      const auto [stem, number] = numbered(name);
      by_class[stem].emplace(number, name);
    }
    for (const auto& [stem, of_class] : by_class) {
      std::size_t count = 0;
      for (const auto& [number, name] : of_class) {
        result.names.emplace(count == 0 ? stem : fmt::format("{}_{}", stem, count), name);
        ++count;
      }
    }
  }
  return containers_.emplace(parent, std::move(result)).first->second;
}

std::string WeightGroups::path(const std::string& group) const {
  const std::string layers = "layers/";
  std::string path;
  for (std::size_t begin = 0; begin < group.size();) {
    std::size_t end = std::min(group.find('/', begin), group.size());
    if (group.compare(begin, layers.size(), layers) == 0) {
      const Container& around = container(path);
      begin = end + 1;
      end = std::min(group.find('/', begin), group.size());
      const std::string name = group.substr(begin, end - begin);
      const auto found = around.names.find(name);
      path = joined(joined(path, around.name), found != around.names.end() ? found->second : name);
    } else {
      path = joined(path, group.substr(begin, end - begin));
    }
    begin = end + 1;
  }
  return written(path);
}

std::vector<std::string> WeightGroups::layers() const {
  std::vector<std::string> result;
  for (const auto& [name, written] : container("").names) result.push_back(name);
  return result;
}

}  // namespace xeras::io
