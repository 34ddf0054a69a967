#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace xeras::testing {

// What became of the files that one release of Keras wrote (see golden/make_release_files.py).
struct ReleaseOutcome {
  std::size_t files = 0;
  std::size_t loaded = 0;
  std::map<std::string, double> largest;  // by kind of number: the largest difference, |a - b| / (1 + |b|)
  std::vector<std::string> refused;       // the file's name and the message
  std::vector<std::string> wrong;         // the file's name and the first number that is not that of Keras
};

// The bundles of golden/releases: "keras_2.12.0.zip", ...
std::vector<std::string> releases();

// Loads every file in the bundle; compares predictions, and where the file was compiled an evaluation and two steps of
// training, with what that release computed.
ReleaseOutcome play_release(const std::string& bundle);

}  // namespace xeras::testing
