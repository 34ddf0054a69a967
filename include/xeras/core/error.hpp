#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "xeras/core/export.hpp"

namespace xeras {

/// The root of everything that the library throws on purpose. A message reads
/// `<who>: <what came>; expected <what>. <What to do.>`
class XERAS_API Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A constructor argument, an option or a name that cannot be used.
class XERAS_API InvalidArgument : public Error {
 public:
  using Error::Error;
};

/// Layers whose shapes do not fit together, found while building.
class XERAS_API ShapeError : public Error {
 public:
  using Error::Error;
};

/// A mask reaches a layer that does not support masks, found while building.
class XERAS_API MaskError : public Error {
 public:
  using Error::Error;
};

/// Data that does not fit the model: ids, shapes, NaN labels, lengths that differ.
class XERAS_API InvalidInput : public Error {
 public:
  using Error::Error;
};

/// fit, evaluate or train_on_batch before compile.
class XERAS_API NotCompiled : public Error {
 public:
  using Error::Error;
};

/// A file that cannot be read, written or understood.
class XERAS_API FileError : public Error {
 public:
  using Error::Error;
};

/// `activation "rellu" is unknown; did you mean "relu"? Known: elu, gelu, ...`
/// The nearest name is offered when it is near enough to be a slip of the finger. Of a loss, metric, optimizer,
/// activation, initializer or layer class that Keras has and this library does not, it says so.
XERAS_API std::string unknown_name(std::string_view kind, std::string_view name, std::vector<std::string> known);

}  // namespace xeras
