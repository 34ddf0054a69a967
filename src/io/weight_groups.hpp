#pragma once

#include <map>
#include <string>
#include <vector>

#include "io/hdf5_reader.hpp"

namespace xeras::io {

// Finds the groups in a file of weights by their Keras 3 names, such as "layers/sequential/layers/dense_1". Older
// releases differ: until 2.14 "layers" is "_layer_checkpoint_dependencies", until 2.13 layers with weights count twice
// there (dense, dense_2, dense_4), and on Windows a path is one name, "layers\dense".
class WeightGroups {
 public:
  explicit WeightGroups(const Hdf5Reader& file);

  // Returns the path in the file, also for a missing group.
  std::string path(const std::string& group) const;
  // Returns the groups of the model's layers under their Keras 3 names.
  std::vector<std::string> layers() const;

 private:
  struct Container {
    std::string name;                          // "layers"
    std::map<std::string, std::string> names;  // "dense_1" to "dense_2"
  };

  std::vector<std::string> names(const std::string& path) const;
  std::string written(const std::string& path) const;
  const Container& container(const std::string& parent) const;

  const Hdf5Reader& file_;
  std::map<std::string, std::string> flat_;  // "layers/dense" to "layers\dense"
  mutable std::map<std::string, Container> containers_;
};

}  // namespace xeras::io
