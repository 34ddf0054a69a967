#pragma once

#include <string>

#include "xeras/kernels/gemm_engine.hpp"

namespace xeras::testing {

// Selects an engine for its lifetime.
class GemmEngine {
 public:
  explicit GemmEngine(const std::string& name) : before_(gemm_engine()) { set_gemm_engine(name); }
  ~GemmEngine() { set_gemm_engine(before_); }
  GemmEngine(const GemmEngine&) = delete;
  GemmEngine& operator=(const GemmEngine&) = delete;

 private:
  std::string before_;
};

}  // namespace xeras::testing
