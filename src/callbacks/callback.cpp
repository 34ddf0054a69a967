#include "xeras/callbacks/callback.hpp"

#include "xeras/core/error.hpp"

namespace xeras::callbacks {

Sequential& Callback::model() const {
  if (model_ == nullptr) {
    throw Error(
        "Callback: model() outside of fit, evaluate and predict; expected a call from a hook such as on_epoch_end. "
        "Pass the callback to one of them.");
  }
  return *model_;
}

}  // namespace xeras::callbacks
