#pragma once

#include <map>
#include <string>
#include <vector>

namespace xeras::testing {

// The results for one golden file: numbers that real Keras computed (see golden/make_goldens.py).
struct GoldenOutcome {
  std::string made_with;  // "Keras 3.15.1, jax 0.10.2"
  std::size_t cases = 0;
  std::map<std::string, double> largest;  // by kind of number: the largest difference, |a - b| / (1 + |b|)
  std::vector<std::string> failures;      // whole sentences
};

// Checks the library's layers with every case of golden/<file>.json: outputs, masks, gradients and moving statistics;
// for models, the losses and weights of their trainings.
GoldenOutcome play_golden_file(const std::string& file);

// Returns the largest difference that counts as equal, for a kind of number in GoldenOutcome::largest.
double golden_tolerance(const std::string& kind);

}  // namespace xeras::testing
