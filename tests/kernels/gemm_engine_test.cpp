#include "xeras/kernels/gemm_engine.hpp"

#include "catch.hpp"
#include "support/gemm_engine.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;

TEST_CASE("set_gemm_engine takes the three engines by name") {
  for (const char* name : {"own", "blas", "auto"}) {
    const xeras::testing::GemmEngine scope(name);
    CHECK(gemm_engine() == name);
  }
  CHECK(message_of<InvalidArgument>([] { set_gemm_engine("blass"); }) ==
        "set_gemm_engine: engine \"blass\" is unknown; did you mean \"blas\"? Known: auto, blas, own.");
}

TEST_CASE("gemm_report names OpenBLAS and says whether it can be trusted") {
  const std::string report = gemm_report();
  CHECK(report.rfind("OpenBLAS ", 0) == 0);
  CHECK(report.find(") agrees with the library's kernels.") != std::string::npos);
}
