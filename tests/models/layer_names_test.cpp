#include "models/layer_names.hpp"

#include "catch.hpp"

using xeras::LayerNames;

namespace {

std::string take(LayerNames& names, const std::string& stem) {
  std::string name = names.free_name(stem);
  names.add(name);
  return name;
}

}  // namespace

TEST_CASE("LayerNames counts the layers of a class") {
  LayerNames names;
  CHECK(take(names, "dense") == "dense");
  CHECK(take(names, "dense") == "dense_1");
  CHECK(take(names, "lstm") == "lstm");
  CHECK(take(names, "dense") == "dense_2");
  CHECK(names.size() == 4);
}

TEST_CASE("LayerNames passes over names that are given") {
  LayerNames names;
  names.add("dense");
  names.add("dense_2");
  CHECK(take(names, "dense") == "dense_1");
  CHECK(take(names, "dense") == "dense_3");
  CHECK(names.contains("dense_3"));
  CHECK_FALSE(names.contains("dense_4"));
}

TEST_CASE("LayerNames gives a name again that was removed") {
  LayerNames names;
  for (int i = 0; i < 12; ++i) take(names, "dense");
  for (const char* name : {"dense_10", "dense_3", "dense", "other", "dense_other", "dense_99999999999999"}) {
    names.remove(name);
  }
  CHECK(take(names, "dense") == "dense");
  CHECK(take(names, "dense") == "dense_3");
  CHECK(take(names, "dense") == "dense_10");
  CHECK(take(names, "dense") == "dense_12");
}

TEST_CASE("LayerNames takes a stem that looks like a numbered name for one of its own") {
  LayerNames names;
  CHECK(take(names, "conv_1") == "conv_1");
  CHECK(take(names, "conv") == "conv");
  CHECK(take(names, "conv") == "conv_2");
  names.remove("conv_1");
  CHECK(take(names, "conv") == "conv_1");
  CHECK(take(names, "conv_1") == "conv_1_1");
}
