#include "xeras/layers/variable.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;

namespace {

// Rows of one number whose update by 1 is postponed.
class Ones final : public PostponedRows {
 public:
  int calls = 0;

 protected:
  void update(float* table, std::span<const std::int32_t> rows) override {
    ++calls;
    for (const std::int32_t row : rows) table[row] += 1.0f;
  }
  void update(float* table) override {
    ++calls;
    for (int row = 0; row < 3; ++row) table[row] += 1.0f;
  }
};

struct Table {
  Table() { variable.set_postponed_rows(rows); }
  std::shared_ptr<Ones> rows = std::make_shared<Ones>();
  Variable variable{"table", Tensor{0.0f, 0.0f, 0.0f}};
};

const Tensor zeros{0.0f, 0.0f, 0.0f}, ones{1.0f, 1.0f, 1.0f};

}  // namespace

TEST_CASE("Variable applies postponed updates once for whoever asks for the value") {
  Table table;
  CHECK((table.variable.value() == zeros));
  CHECK(table.rows->calls == 0);
  table.rows->postpone();
  CHECK(table.variable.peek()[0] == 0.0f);
  CHECK((std::as_const(table.variable).value() == ones));
  CHECK((table.variable.value() == ones));
  CHECK(table.rows->calls == 1);
}

TEST_CASE("Variable applies postponed updates to the rows alone that a call reads") {
  Table table;
  const std::int32_t rows[] = {2};
  table.variable.catch_up(rows);
  CHECK(table.rows->calls == 0);
  table.rows->postpone();
  table.variable.catch_up(rows);
  CHECK(table.variable.peek()[0] == 0.0f);
  CHECK(table.variable.peek()[2] == 1.0f);
}

TEST_CASE("Variable applies postponed updates before it is copied or another postpones; a copy postpones nothing") {
  Table table;
  table.rows->postpone();
  const Variable copy = table.variable;
  CHECK((copy.value() == ones));
  CHECK(copy.postponed_rows() == nullptr);
  table.rows->postpone();
  table.variable.set_postponed_rows(nullptr);
  CHECK((table.variable.value() == Tensor{2.0f, 2.0f, 2.0f}));
}

TEST_CASE("Variable takes its rows along when it moves") {
  Table table;
  table.rows->postpone();
  Variable moved = std::move(table.variable);
  CHECK((moved.value() == ones));
}

TEST_CASE("Variable that was moved from takes no value") {
  Variable source("w", zeros);
  const Variable moved = std::move(source);
  CHECK(
      message_of<InvalidArgument>([&] { source.assign(ones); }) ==
      "Variable: assign to a variable that was moved from; expected one with a value. Assign to the one that it moved "
      "to.");
  Variable scalar("s", Tensor(1.0f));
  scalar.assign(Tensor(2.0f));
  CHECK(scalar.value()() == 2.0f);
}
