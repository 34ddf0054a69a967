#include "kernels/simd.hpp"

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace xeras::kernels {

#if defined(__x86_64__)
namespace sse2 {
extern const Simd table;
}
namespace avx2 {
extern const Simd table;
}
namespace avx512 {
extern const Simd table;
}
#else
namespace baseline {
extern const Simd table;
}
#endif

std::vector<const Simd*> available_simd() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  std::vector<const Simd*> tables = {&sse2::table};
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (has_avx2) tables.push_back(&avx2::table);
  if (has_avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) {
    tables.push_back(&avx512::table);
  }
  return tables;
#else
  return {&baseline::table};
#endif
}

namespace {

const Simd& choose() {
  const std::vector<const Simd*> tables = available_simd();
  const char* forced = std::getenv("XERAS_FORCE_ISA");
  if (forced == nullptr || *forced == '\0') return *tables.back();
  std::string names;
  for (const Simd* table : tables) {
    if (std::string(table->name) == forced) return *table;
    names += (names.empty() ? "" : ", ") + std::string(table->name);
  }
  throw std::runtime_error("XERAS_FORCE_ISA: \"" + std::string(forced) +
                           "\"; expected one of sse2, avx2, avx512 that this processor has (" + names + ")");
}

}  // namespace

const Simd& simd() {
  static const Simd& chosen = choose();
  return chosen;
}

}  // namespace xeras::kernels
