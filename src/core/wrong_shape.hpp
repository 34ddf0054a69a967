#pragma once

#include <span>
#include <string>
#include <vector>

#include "xeras/core/error.hpp"

namespace xeras {

// The ShapeError that a View throws without knowing the owner of its array. The caller that knows it throws as(who).
class WrongShape final : public ShapeError {
 public:
  WrongShape(std::span<const std::size_t> from, std::span<const std::size_t> to, bool broadcasts);
  ShapeError as(const std::string& who) const;

 private:
  std::string what_;
};

}  // namespace xeras
