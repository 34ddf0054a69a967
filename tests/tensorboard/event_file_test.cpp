#include "tensorboard/event_file.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "catch.hpp"
#include "support/event_records.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::tensorboard;
using xeras::testing::events_of;
using xeras::testing::TemporaryFolder;

TEST_CASE("crc32c gives the check value of RFC 3720 and others of its appendix B.4") {
  CHECK(crc32c("123456789") == 0xe3069283u);
  CHECK(crc32c(std::string(32, '\0')) == 0x8a9136aau);
  CHECK(crc32c(std::string(32, '\xff')) == 0x62a8ab43u);
  CHECK(crc32c("") == 0u);
}

TEST_CASE("EventFile writes events in order, in a folder that it makes") {
  const TemporaryFolder folder;
  EventFile file(folder / "a/train");
  file.scalar("epoch_loss", 0.25, 3);
  Graph layers;
  layers.add_node()->set_name("m/dense");
  file.model("{}", layers);
  file.histogram("w/histogram", std::vector<float>{1.0f, 2.0f}, 4);
  file.flush();

  const std::vector<Event> events = events_of(folder / "a/train");
  REQUIRE(events.size() == 5);
  CHECK(events[0].file_version() == "brain.Event:2");
  CHECK(events[1].step() == 3);
  CHECK(events[1].wall_time() > 1.7e9);
  const Summary::Value& loss = events[1].summary().value(0);
  CHECK(loss.tag() == "epoch_loss");
  CHECK(loss.metadata().plugin_data().plugin_name() == "scalars");
  CHECK(loss.metadata().data_class() == DATA_CLASS_SCALAR);
  CHECK(loss.tensor().float_val(0) == 0.25f);
  Graph graph;
  REQUIRE(graph.ParseFromString(events[2].graph_def()));
  CHECK(graph.node(0).name() == "m/dense");
  const Summary::Value& model = events[3].summary().value(0);
  CHECK(model.tag() == "keras");
  CHECK(model.metadata().plugin_data().plugin_name() == "graph_keras_model");
  CHECK(model.tensor().string_val(0) == "{}");
  const Summary::Value& weights = events[4].summary().value(0);
  CHECK(weights.tensor().tensor_shape().dim(0).size() == 30);
  CHECK(weights.tensor().tensor_shape().dim(1).size() == 3);
  CHECK(weights.tensor().double_val(0) == 1.0);
  CHECK(weights.tensor().double_val(2) == 1.0);
  CHECK(weights.tensor().double_val(88) == 2.0);
}

TEST_CASE("EventFile frames each record with the masked checksums of its length and of its data") {
  const TemporaryFolder folder;
  EventFile file(folder / "run");
  file.flush();
  std::string bytes;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "run")) {
    std::ifstream in(entry.path(), std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  // wall_time (1 + 8 bytes) and file_version (2 + 13 bytes): 24 bytes. The checksum of this length is TensorFlow's.
  REQUIRE(bytes.size() == 8 + 4 + 24 + 4);
  CHECK(bytes.substr(0, 12) == std::string("\x18\0\0\0\0\0\0\0\xa3\x7f\x4b\x22", 12));
  const std::uint32_t crc = crc32c(std::string_view(bytes).substr(12, 24));
  const std::uint32_t masked = (crc >> 15 | crc << 17) + 0xa282ead8u;
  std::uint32_t written = 0;
  std::memcpy(&written, bytes.data() + 36, 4);
  CHECK(written == masked);
}

TEST_CASE("EventFile says why it cannot write") {
  const TemporaryFolder folder;
  std::ofstream(folder / "file") << "x";
  CHECK_THAT(message_of<FileError>([&] { EventFile(folder / "file/run"); }),
             Catch::Matchers::EndsWith(".v2: Not a directory; expected a writable place."));
}
