#include "losses/targets.hpp"

#include "catch.hpp"
#include "support/check_loss.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"
#include "xeras/losses.hpp"

using namespace xeras;
using namespace xeras::losses;
using namespace xeras::testing;

TEST_CASE("losses say what targets they expect", "[losses]") {
  const auto check = [](const Loss& loss, const Input& y, const Extents& y_pred) {
    return message_of<InvalidInput>([&] { loss.check(y, y_pred, "fit"); });
  };
  const Tensor one = xt::zeros<float>({600, 1}), three = xt::zeros<float>({600, 3}), ten = xt::zeros<float>({600, 10});
  CHECK(
      check(CategoricalCrossentropy(), one, {32, 10}) ==
      "fit: y has shape (600, 1) but categorical_crossentropy expects (600, 10) one-hot rows. For integer classes use "
      "sparse_categorical_crossentropy.");
  CHECK(check(SparseCategoricalCrossentropy(), ten, {32, 10}) ==
        "fit: y has shape (600, 10) but sparse_categorical_crossentropy expects (600,) class numbers. For one-hot rows "
        "use categorical_crossentropy.");
  CHECK(check(MeanSquaredError(), three, {32, 1}) ==
        "fit: y has shape (600, 3) but mean_squared_error expects (600, 1). Targets have the shape of the model's "
        "output: change y, or the last layer.");
  CHECK(check(BinaryCrossentropy(), {0.0f, 1.0f, 0.5f, not_a_number}, {4, 1}) ==
        "fit: y has nan at row 3; expected finite numbers. Remove or fill it.");
  CHECK(check(MeanSquaredError(), {{0.0f, 1.0f}, {-infinity, 2.0f}}, {2, 2}) ==
        "fit: y has -inf at row 1; expected finite numbers. Remove or fill it.");
  CHECK(check(SparseCategoricalCrossentropy(), {0, 1, 9, 12}, {4, 10}) ==
        "fit: y has label 12 at row 3; expected whole numbers 0..9, since the prediction has 10 classes. Number the "
        "classes from 0, or give the last layer more units.");
  CHECK(check(SparseCategoricalCrossentropy(), {{0.0, 1.0}, {0.5, 1.0}}, {2, 2, 10}) ==
        "fit: y has label 0.5 at row 1; expected whole numbers 0..9, since the prediction has 10 classes. Number the "
        "classes from 0, or give the last layer more units.");
  CHECK(check(SparseCategoricalCrossentropy(), {-1}, {1, 10}).starts_with("fit: y has label -1 at row 0;"));
  CHECK(check(SparseCategoricalCrossentropy({.ignore_class = -1}), {-1}, {1, 10}) == "nothing was thrown");
  CHECK(check(BinaryCrossentropy(), {-1.0, 2.0}, {2, 1}) == "nothing was thrown");
}

TEST_CASE("losses say what is wrong with a call", "[losses]") {
  const auto call = [](const Loss& loss, const Input& y, const Input& p, const Input& w = {}) {
    return message_of<InvalidInput>([&] { loss(y, p, w); });
  };
  CHECK(call(MeanSquaredError(), {1.0}, {1.0, 2.0}) ==
        "mean_squared_error: y has shape (1,) and the prediction (2,); expected equal numbers of rows.");
  CHECK(call(MeanSquaredError(), {1.0, 2.0}, {}) ==
        "mean_squared_error: y has shape (2,) and the prediction (); expected (batch, ...) for both.");
  CHECK(call(CategoricalCrossentropy(), {1.0, 0.0}, {0.5, 0.5}) ==
        "categorical_crossentropy: the prediction has shape (2,) but categorical_crossentropy expects (batch, ..., "
        "classes). Give it that axis.");
  CHECK(call(MeanSquaredError(), {1.0, 2.0}, {1.0, 2.0}, {1.0, 2.0, 3.0}) ==
        "mean_squared_error: sample_weight has shape (3,); expected (2,). Give one weight to each sample.");
  CHECK(call(MeanSquaredError(), {{{1.0}, {2.0}}}, {{{1.0}, {2.0}}}, {1.0, 2.0, 3.0}) ==
        "mean_squared_error: sample_weight has shape (3,); expected (1,) or (1, 2). Give one weight to each sample, or "
        "to each of its steps.");
  CHECK(call(MeanSquaredError(), {1.0, 2.0}, {1.0, 2.0}, {1.0f, not_a_number}) ==
        "mean_squared_error: sample_weight has nan at row 1; expected finite numbers. Remove or fill it.");
  const LossBatch no_class{.y = {3}, .p = {0.5f, 0.5f}, .pred_columns = 2};
  CHECK(message_of<InvalidInput>([&] { no_class.loss(SparseCategoricalCrossentropy()); }) ==
        "sparse_categorical_crossentropy: label 3 at row 0; expected 0..1.");
}

TEST_CASE("losses allow a last axis of 1 to be missing or extra", "[losses]") {
  const Input column{{1.0}, {2.0}}, vector{1.0, 2.0};
  const Input sequence{{{1.0}, {2.0}}, {{3.0}, {4.0}}}, flat{{1.0, 2.0}, {3.0, 6.0}};
  CHECK(MeanSquaredError()(vector, {{1.0}, {4.0}}) == 2.0);
  CHECK(MeanSquaredError()(column, {1.0, 4.0}) == 2.0);
  CHECK(MeanSquaredError()(column, {{1.0}, {4.0}}, {{3.0}, {1.0}}) == 2.0);
  CHECK(MeanSquaredError()(flat, sequence) == 1.0);
  CHECK(MeanSquaredError()(sequence, flat) == 1.0);
  CHECK(MeanSquaredError()(sequence, flat, {1.0, 3.0}) == 3.0);
  CHECK(MeanSquaredError()(flat, sequence, {1.0, 3.0}) == 3.0);
  CHECK(MeanSquaredError()(flat, sequence, {{1.0, 1.0}, {1.0, 2.0}}) == 2.0);
  CHECK(SparseCategoricalCrossentropy()({{1}, {0}}, {{0.5, 0.5}, {0.5, 0.5}}) ==
        SparseCategoricalCrossentropy()({1, 0}, {{0.5, 0.5}, {0.5, 0.5}}));
}
