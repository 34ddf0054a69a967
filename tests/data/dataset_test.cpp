#include "xeras/data/dataset.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;

namespace {

// Batch i is {i}; some hooks are noted.
struct Numbers : data::Dataset {
  Numbers(std::int64_t true_size, std::int64_t stated_size) : size(true_size), stated(stated_size) {}
  std::int64_t num_batches() const override { return stated; }
  data::Batch get_batch(std::int64_t index) override {
    if (index >= size) return {};
    const std::vector<float> local{static_cast<float>(index)};
    return {local};
  }
  void on_epoch_begin() override { ++begun; }
  void on_epoch_end() override { ++ended; }
  std::int64_t size, stated;
  int begun = 0, ended = 0;
};

std::vector<float> all(const DatasetArgument& dataset) {
  std::vector<float> values;
  data::for_each(dataset, [&](const data::Batch& batch) { values.push_back(batch.x.to_tensor()(0)); });
  return values;
}

}  // namespace

TEST_CASE("A batch owns arrays that are local to the function that returns it") {
  const auto make = []() -> data::Batch {
    xt::xarray<int> x = {{1, 2}, {3, 4}};
    const std::vector<double> y{0.5, 1.5};
    const std::vector<std::string> w{"a long text that is not inside of the string itself"};
    return {x, y, w};
  };
  const data::Batch batch = make();
  CHECK((batch.x.to_tensor() == Tensor({{1, 2}, {3, 4}})));
  CHECK(batch.x.kind() == Input::Kind::i32);
  CHECK((batch.y.to_tensor() == Tensor({0.5f, 1.5f})));
  CHECK(static_cast<const std::string_view*>(batch.sample_weight.data())[0] ==
        "a long text that is not inside of the string itself");
}

TEST_CASE("A batch takes what fit takes: lists, texts, parts of arrays") {
  const data::Batch lists{{{1, 2}, {3, 4}}, {0, 1}, {1.0, 0.5}};
  CHECK(lists.x.extents() == Extents({2, 2}));
  CHECK(lists.y.extents() == Extents({2}));
  CHECK(data::Batch{.x = {{{1.0f}}}, .y = {1}}.x.extents() == Extents({1, 1, 1}));
  CHECK(data::Batch{.x = {"a", "b"}}.x.is_text());
  CHECK(data::Batch{.x = {{"a", "b"}}}.x.extents().rank() >= 1);
  const xt::xarray<float> x = {{1, 2}, {3, 4}, {5, 6}};
  const Input part = Input(x).samples(1, 2);
  CHECK((data::Batch{part}.x.to_tensor() == Tensor({{3, 4}, {5, 6}})));
  CHECK(data::Batch{xt::xarray<std::int64_t>{7}}.x.kind() == Input::Kind::i64);
  CHECK_FALSE(data::Batch{}.x);
  CHECK_FALSE(data::Batch{.x = Input()}.x);
}

TEST_CASE("for_each calls a function with the batches of a dataset of a known or unknown number") {
  Numbers known(3, 3), unknown(2, data::unknown);
  CHECK(all(known) == std::vector<float>{0, 1, 2});
  CHECK(all(&unknown) == std::vector<float>{0, 1});
  CHECK((known.begun == 1 && known.ended == 1));
  CHECK(all(Numbers(2, 2)) == std::vector<float>{0, 1});
  CHECK(all(std::make_shared<Numbers>(1, 1)) == std::vector<float>{0});
}

TEST_CASE("texts_of copies the texts of a batch") {
  CHECK(data::texts_of({.x = {"a", "b"}}) == std::vector<std::string>{"a", "b"});
  CHECK(data::texts_of({}).empty());
  CHECK(message_of<InvalidInput>([] {
          data::texts_of({.x = {1, 2}});
        }) == "texts_of: x holds numbers; expected texts, such as those of data::TextLines.");
}

TEST_CASE("A dataset that states a wrong number of batches, and a null one, raise") {
  CHECK(message_of<InvalidInput>([] { all(Numbers(1, 2)); }) ==
        "for_each: batch 1 has no x; expected samples in each of the 2 batches that num_batches() states. Return them, "
        "or data::unknown if only the end tells the number.");
  CHECK(message_of<InvalidArgument>([] { all(Numbers(1, -2)); }) ==
        "for_each: num_batches() of the dataset is -2; expected 0 or more, or data::unknown.");
  CHECK(message_of<InvalidArgument>([] { all(std::shared_ptr<Numbers>()); }) ==
        "for_each: the dataset is null; expected a dataset. Give an object, or a pointer to one.");
}
