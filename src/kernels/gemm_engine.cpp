#include "xeras/kernels/gemm_engine.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "kernels/blas.hpp"
#include "kernels/gemm_choice.hpp"
#include "xeras/core/error.hpp"

namespace xeras {
namespace kernels {
namespace {

constexpr std::array<std::pair<std::string_view, GemmEngine>, 3> engines{
    {{"auto", GemmEngine::automatic}, {"blas", GemmEngine::blas}, {"own", GemmEngine::own}}};

GemmEngine engine_named(std::string_view who, std::string_view name) {
  for (const auto& [known, engine] : engines) {
    if (name == known) return engine;
  }
  throw InvalidArgument(fmt::format("{}: {}", who, unknown_name("engine", name, {"auto", "blas", "own"})));
}

GemmEngine engine_of_environment() {
  const char* name = std::getenv("XERAS_GEMM");
  return name == nullptr || *name == '\0' ? GemmEngine::automatic : engine_named("XERAS_GEMM", name);
}

}  // namespace

GemmChoice& gemm_choice() {
  static GemmChoice choice(engine_of_environment(), blas_gemm);
  return choice;
}

}  // namespace kernels

void set_gemm_engine(const std::string& name) {
  kernels::gemm_choice().set_engine(kernels::engine_named("set_gemm_engine", name));
}

std::string gemm_engine() {
  for (const auto& [name, engine] : kernels::engines) {
    if (engine == kernels::gemm_choice().engine()) return std::string(name);
  }
  return {};
}

std::string gemm_report() {
  const std::string& disagreement = kernels::gemm_choice().disagreement();
  if (disagreement.empty()) return kernels::blas_name() + " agrees with the library's kernels.";
  return fmt::format(
      "{} computes wrong products on this processor, so the library's kernels replace it: {}. The environment variable "
      "OPENBLAS_CORETYPE selects the kernels of an older processor, such as Haswell.",
      kernels::blas_name(), disagreement);
}

}  // namespace xeras
