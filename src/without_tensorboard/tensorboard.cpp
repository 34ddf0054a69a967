// Replaces src/callbacks/tensorboard.cpp in a build without protobuf: the constructor throws FileError.
#include "xeras/callbacks/tensorboard.hpp"

#include "xeras/core/error.hpp"

namespace xeras::callbacks {

TensorBoard::TensorBoard(TensorBoardOptions) {
  throw FileError(
      "TensorBoard: xeras was built without it; expected a build with it. Configure it with -D XERAS_TENSORBOARD=ON, "
      "which needs protobuf and XERAS_FILES=ON.");
}
void TensorBoard::on_train_begin() {}
void TensorBoard::on_train_end(const Scores&) {}
void TensorBoard::on_epoch_begin(std::int64_t) {}
void TensorBoard::on_epoch_end(std::int64_t, const Scores&) {}
void TensorBoard::on_train_batch_begin(std::int64_t) {}
void TensorBoard::on_train_batch_end(std::int64_t, const Scores&) {}
void TensorBoard::on_test_end(const Scores&) {}

}  // namespace xeras::callbacks
