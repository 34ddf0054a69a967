#pragma once

#include <algorithm>
#include <iostream>
#include <string>

#include "xeras/core/tensor.hpp"

// Checks for the programs whose code stands on docs/ pages: they compare what a page states with the actual result.
namespace example {

// The number of failed checks, which such a program returns.
inline int failures = 0;

inline void expect(bool holds, const std::string& what) {
  if (holds) return;
  std::cerr << "does not hold: " << what << '\n';
  ++failures;
}

inline bool same(const xeras::Tensor& a, const xeras::Tensor& b) {
  return a.shape() == b.shape() && std::equal(a.begin(), a.end(), b.begin());
}

// The message is a raw string that begins and ends with a line break; pages quote its lines.
template <class Exception, class F>
void expect_message(std::string message, F provoke) {
  message = message.substr(1, message.size() - 2);
  try {
    provoke();
    expect(false, "raises: " + message);
  } catch (const Exception& error) {
    expect(error.what() == message, message + "\n  came: " + error.what());
  }
}

}  // namespace example
