#pragma once

#include <fstream>
#include <limits>
#include <string>

namespace benchmarks {

// Returns the peak memory of this process in MiB. Reads VmHWM, since ru_maxrss starts with the value of the program
// that started this one.
inline double peak_mib() {
  std::ifstream file("/proc/self/status");
  for (std::string word; file >> word;) {
    double kib = 0;
    if (word == "VmHWM:" && file >> kib) return kib / 1024;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace benchmarks
