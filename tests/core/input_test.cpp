#include "xeras/core/input.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"
#include "xeras/xtensor.hpp"

using namespace xeras;

namespace {
Tensor floats(const Input& input) { return input.to_tensor(); }
}  // namespace

TEST_CASE("Input takes brace lists nested one to three deep") {
  CHECK((floats({1, 2, 3}) == xt::xarray<float>{1, 2, 3}));
  CHECK((floats({{1.5, 2.5}, {3.5, 4.5}}) == xt::xarray<float>{{1.5f, 2.5f}, {3.5f, 4.5f}}));
  CHECK((floats({{{1, 2}}, {{3, 4}}}) == xt::xtensor<float, 3>{{{1, 2}}, {{3, 4}}}));
  CHECK((floats({{7}}) == xt::xtensor<float, 2>{{7}}));
}

TEST_CASE("Input refuses rows of different lengths") {
  const std::string message =
      "input: a row of length 1 beside rows of length 2; expected rows of one length. Pad the short ones with 0, "
      "as text::pad_sequences does.";
  CHECK(message_of<InvalidInput>([] { floats({{1, 2}, {3}}); }) == message);
  CHECK(message_of<InvalidInput>([] { floats({{{1, 2}}, {{3}}}); }) == message);
}

TEST_CASE("Input borrows a container that outlives the call, and owns what does not") {
  const xt::xarray<int> ids{{1, 2}, {3, 4}};
  CHECK(Input(ids).data() == ids.data());
  const auto second = xt::view(ids, 1);
  CHECK(Input(second).data() == ids.data() + 2);
  CHECK(Input(xt::xarray<int>(ids)).data() != ids.data());
  CHECK((floats(xt::view(ids, xt::all(), xt::range(1, 2))) == xt::xtensor<float, 2>{{2}, {4}}));
  CHECK((floats(ids + 1) == xt::xarray<float>{{2, 3}, {4, 5}}));
  CHECK((floats(xt::transpose(ids)) == xt::xarray<float>{{1, 3}, {2, 4}}));
  const xt::xarray<int, xt::layout_type::column_major> columns = ids;
  CHECK((floats(columns) == xt::xarray<float>{{1, 2}, {3, 4}}));
}

TEST_CASE("Input evaluates a lazy generator once") {
  const Input input(xt::random::randint<int>({3, 4}, 0, 1000000));
  CHECK((floats(input) == floats(input)));
}

TEST_CASE("Input converts every width to floats") {
  CHECK((floats(xt::xtensor<bool, 1>{true, false}) == xt::xarray<float>{1, 0}));
  CHECK((floats(xt::xtensor<std::int8_t, 1>{-1}) == xt::xtensor<float, 1>{-1}));
  CHECK((floats(xt::xtensor<std::uint64_t, 1>{7}) == xt::xtensor<float, 1>{7}));
  CHECK((floats(xt::xtensor<double, 1>{0.5}) == xt::xtensor<float, 1>{0.5f}));
}

TEST_CASE("Input gives a part of its samples") {
  CHECK((Input({{1, 2}, {3, 4}, {5, 6}}).samples(1, 2).to_tensor() == xt::xarray<float>{{3, 4}, {5, 6}}));
  CHECK(Input({1, 2}).samples(2, 0).length() == 0);
}

TEST_CASE("Input takes vectors: borrows one that stays, owns one that goes") {
  const std::vector<int> labels{3, 1, 2};
  CHECK(Input(labels).data() == labels.data());
  CHECK((floats(labels) == xt::xtensor<float, 1>{3, 1, 2}));
  CHECK((floats(std::vector<double>{0.5}) == xt::xtensor<float, 1>{0.5f}));
}

TEST_CASE("Input takes vectors of vectors, and of bool, whose rows have one length") {
  const std::vector<std::vector<int>> rows{{1, 2, 3}, {4, 5, 6}};
  CHECK((floats(rows) == xt::xtensor<float, 2>{{1, 2, 3}, {4, 5, 6}}));
  CHECK(Input(rows).kind() == Input::Kind::i32);
  CHECK(Input(std::vector<std::vector<double>>{{1}}).extents() == Extents{1, 1});
  CHECK((floats(std::vector<std::vector<std::vector<float>>>{{{1, 2}}, {{3, 4}}}) ==
         xt::xtensor<float, 3>{{{1, 2}}, {{3, 4}}}));
  CHECK((floats(std::vector<bool>{true, false, true}) == xt::xtensor<float, 1>{1, 0, 1}));
  CHECK((floats(std::vector<std::vector<bool>>{{true}, {false}}) == xt::xtensor<float, 2>{{1}, {0}}));
  CHECK(Input(std::vector<std::vector<int>>()).extents() == Extents{0, 0});
  CHECK(Input(std::vector<bool>()).extents() == Extents{0});

  const auto message = [](std::size_t size, std::size_t expected) {
    return "input: a row of length " + std::to_string(size) + " beside rows of length " + std::to_string(expected) +
           "; expected rows of one length. Pad the short ones with 0, as text::pad_sequences does.";
  };
  CHECK(message_of<InvalidInput>([] { floats(std::vector<std::vector<int>>{{1, 2, 3}, {4}}); }) == message(1, 3));
  CHECK(message_of<InvalidInput>([] { floats(std::vector<std::vector<bool>>{{true}, {}}); }) == message(0, 1));
  CHECK(message_of<InvalidInput>([] {
          floats(std::vector<std::vector<std::vector<int>>>{{{1}}, {}});
        }) == message(0, 1));
}

TEST_CASE("Input keeps the rank of brace lists of one element") {
  CHECK(Input({1}).extents() == Extents{1});
  CHECK(Input({{1}}).extents() == Extents{1, 1});
  CHECK(Input({{{1}}}).extents() == Extents{1, 1, 1});
  CHECK(Input({{1}, {2}}).extents() == Extents{2, 1});
  CHECK(Input({{1, 2}}).extents() == Extents{1, 2});
  CHECK(Input({{true}}).extents() == Extents{1, 1});
  const auto given = [](const Input& x) { return x.extents(); };
  CHECK(given({{1}}) == Extents{1, 1});
  CHECK(given({{1.5f, 2.5f}}) == Extents{1, 2});
}

namespace {

std::vector<std::string> texts_of(const Input& input) {
  const auto* const texts = static_cast<const std::string_view*>(input.data());
  return {texts, texts + input.extents().size()};
}

}  // namespace

TEST_CASE("Input takes texts from brace lists and vectors") {
  const std::vector<std::string> texts = {"a charming film", "dull, dull, dull"};
  for (const Input& input :
       {Input{"a charming film", "dull, dull, dull"}, Input(texts), Input(std::vector<std::string>(texts)),
        Input{texts[0], texts[1]}, Input(std::vector<std::string_view>(texts.begin(), texts.end()))}) {
    CHECK(input.is_text());
    CHECK(input.extents().to_string() == "(2,)");
  }
  CHECK(texts_of(Input(texts)) == texts);
  CHECK(texts_of({"a charming film", "dull, dull, dull"}) == texts);
  CHECK(texts_of({{"a", "b"}, {"c", ""}}) == std::vector<std::string>{"a", "b", "c", ""});
  CHECK(Input(std::vector<std::vector<std::string>>{{"a", "b"}, {"c", ""}}).extents().to_string() == "(2, 2)");
  CHECK(texts_of(Input(texts).samples(1, 1)) == std::vector<std::string>{"dull, dull, dull"});
}

TEST_CASE("Input owns the texts of a vector that does not outlive the call") {
  const std::string text(40, 'x');
  const Input input(std::vector<std::string>{text});
  CHECK(texts_of(input) == std::vector<std::string>{text});
}

TEST_CASE("Input refuses texts where numbers are asked for, and ragged rows of texts") {
  CHECK(message_of<InvalidInput>([] {
          floats({"a", "b"});
        }) ==
        "input: an array of texts; expected numbers. Only the first layer of a model can take texts; text::Tokenizer "
        "makes "
        "ids of them.");
  CHECK(message_of<InvalidInput>([] {
          texts_of({{"a", "b"}, {"c"}});
        }) ==
        "input: a row of length 1 beside rows of length 2; expected rows of one length. Pad the short ones with \"\".");
}

TEST_CASE("Input gathers samples of any kind into a new array") {
  const xt::xarray<std::int16_t> x = {{1, 2}, {3, 4}, {5, 6}};
  const std::vector<std::int64_t> positions{2, 0, 2, 1};
  const Input rows = Input(x).gather(positions, {4});
  CHECK(rows.kind() == Input::Kind::i16);
  CHECK((floats(rows) == Tensor({{5, 6}, {1, 2}, {5, 6}, {3, 4}})));
  CHECK(Input(x).gather(positions, {2, 2}).extents() == Extents({2, 2, 2}));
  CHECK(texts_of(Input{"a", "b", "c"}.gather(positions, {4})) == std::vector<std::string>{"c", "a", "c", "b"});
  CHECK(Input(x).gather({}, {0}).extents() == Extents({0, 2}));
}

TEST_CASE("Input takes an array in memory, with or without an owner") {
  const auto values = std::make_shared<const std::vector<std::int16_t>>(std::vector<std::int16_t>{1, 2, 3, 4});
  const AnyView array(values->data(), {2, 2}, ElementKind::i16);
  const OwnedInput kept(Input(array, values)), copied(Input(array, nullptr));
  CHECK(values.use_count() == 2);
  CHECK(kept.data() == values->data());
  CHECK(copied.data() != values->data());
  for (const Input& input : {Input(kept), Input(copied)}) {
    CHECK(input.kind() == Input::Kind::i16);
    CHECK((floats(input) == xt::xarray<float>{{1, 2}, {3, 4}}));
  }
}

TEST_CASE("OwnedInput copies what Input borrows, and shares the rest") {
  xt::xarray<float> x = {1, 2};
  std::vector<std::string> texts{"first", "second"};
  const OwnedInput numbers(x), words(texts);
  x(0) = 7;
  texts[0] = "other";
  CHECK(floats(numbers)(0) == 1);
  CHECK(texts_of(words)[0] == "first");
  const Input owning{1, 2, 3};
  CHECK(OwnedInput(owning).data() == owning.data());
  CHECK(OwnedInput(owning.samples(1, 2)).data() == owning.samples(1, 2).data());
  CHECK_FALSE(OwnedInput(Input()));
  CHECK(OwnedInput(std::vector<bool>{true}).kind() == Input::Kind::u8);
}
