#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "xeras/core/export.hpp"

namespace xeras {

/// The base class of the exceptions that the library throws on purpose. A message reads
/// `<who>: <what came>; expected <what>. <What to do.>`
///
///   try { model.fit(x, y); } catch (const xeras::Error& error) { std::cerr << error.what() << '\n'; }
class XERAS_API Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An invalid constructor argument, option or name.
class XERAS_API InvalidArgument : public Error {
 public:
  using Error::Error;
};

/// Layers whose shapes do not fit together; raised while a model is built.
class XERAS_API ShapeError : public Error {
 public:
  using Error::Error;
};

/// A mask that reaches a layer without mask support; raised while a model is built.
class XERAS_API MaskError : public Error {
 public:
  using Error::Error;
};

/// Data that does not fit the model: ids out of range, wrong shapes, NaN labels, unequal lengths.
class XERAS_API InvalidInput : public Error {
 public:
  using Error::Error;
};

/// A call of fit, evaluate or train_on_batch before compile.
class XERAS_API NotCompiled : public Error {
 public:
  using Error::Error;
};

/// A file that cannot be read or written, or whose content is invalid.
class XERAS_API FileError : public Error {
 public:
  using Error::Error;
};

/// Returns the message for an unknown name: `activation "rellu" is unknown; did you mean "relu"? Known: elu, gelu, ...`
/// The message suggests the nearest known name if it is close enough to be a typo. It says so when Keras has the name
/// (of a loss, metric, optimizer, activation, initializer or layer class) but this library does not.
XERAS_API std::string unknown_name(std::string_view kind, std::string_view name, std::vector<std::string> known);

}  // namespace xeras
