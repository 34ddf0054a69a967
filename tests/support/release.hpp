#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace xeras::testing {

// The results for the files of one Keras release (see golden/make_release_files.py).
struct ReleaseOutcome {
  std::size_t files = 0;
  std::size_t loaded = 0;
  std::map<std::string, double> largest;  // by kind of number: the largest difference, |a - b| / (1 + |b|)
  std::vector<std::string> refused;       // the file's name and the message
  std::vector<std::string> wrong;         // the file's name and the first number that differs from Keras's
};

// Returns the bundles of golden/releases: "keras_2.12.0.zip", ...
std::vector<std::string> releases();

// Loads every file in the bundle. Compares predictions, and for compiled models an evaluation and two training steps,
// with the numbers that the release computed.
ReleaseOutcome play_release(const std::string& bundle);

}  // namespace xeras::testing
