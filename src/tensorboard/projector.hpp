#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace xeras::tensorboard {

// A table that TensorBoard's projector shows, with the names of its files, relative to the folder of the projector.
struct ProjectedTable {
  std::string name;           // "embedding/embeddings"
  std::string path;           // the values
  std::string metadata_path;  // the labels of the rows; empty for none
};

// Writes projector_config.pbtxt, by which TensorBoard finds the tables. Throws FileError.
void write_projector_config(const std::string& folder, const std::vector<ProjectedTable>& tables);
// Writes a table (rows, columns), one line per row. Throws FileError.
void write_table(const std::string& path, const float* values, std::int64_t rows, std::int64_t columns);
// Writes one label per line; a tab or a line break in a label becomes a space. Throws FileError.
void write_labels(const std::string& path, const std::vector<std::string>& labels);

}  // namespace xeras::tensorboard
