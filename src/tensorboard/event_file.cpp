#include "tensorboard/event_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <bit>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <system_error>

#include "tensorboard/histogram.hpp"
#include "xeras/core/error.hpp"

namespace xeras::tensorboard {
namespace {

double seconds_since_1970() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

// TensorBoard's readers expect a rotated checksum with an offset.
std::uint32_t masked_crc(std::string_view bytes) { return std::rotr(crc32c(bytes), 15) + 0xa282ead8u; }

template <class Number>
std::string little_endian(Number number) {
  std::string bytes;
  for (std::size_t i = 0; i < sizeof(Number); ++i) bytes += static_cast<char>(number >> (8 * i) & 0xffu);
  return bytes;
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  static constexpr auto table = [] {
    std::array<std::uint32_t, 256> result{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
      std::uint32_t crc = byte;
      for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0u);
      result[byte] = crc;
    }
    return result;
  }();
  std::uint32_t crc = 0xffffffffu;
  for (const char byte : bytes) crc = crc >> 8 ^ table[(crc ^ static_cast<unsigned char>(byte)) & 0xffu];
  return ~crc;
}

EventFile::EventFile(const std::string& folder) {
  static std::atomic<int> files{0};
  path_ = fmt::format("{}/events.out.tfevents.{}.{}.{}.{}.v2", folder, static_cast<std::int64_t>(seconds_since_1970()),
                      host_name(), getpid(), files++);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) fail(error);
  errno = 0;
  out_.open(path_, std::ios::binary);
  check_stream();
  Event event;
  event.set_wall_time(seconds_since_1970());
  event.set_file_version("brain.Event:2");
  write(event);
}

Summary::Value& EventFile::new_value(Event& event, const std::string& tag, std::int64_t step,
                                     const char* plugin) const {
  event.set_wall_time(seconds_since_1970());
  event.set_step(step);
  Summary::Value& value = *event.mutable_summary()->add_value();
  value.set_tag(tag);
  value.mutable_metadata()->mutable_plugin_data()->set_plugin_name(plugin);
  return value;
}

void EventFile::scalar(const std::string& tag, double value, std::int64_t step) {
  Event event;
  Summary::Value& summary = new_value(event, tag, step, "scalars");
  summary.mutable_metadata()->set_data_class(DATA_CLASS_SCALAR);
  summary.mutable_tensor()->set_dtype(DT_FLOAT);
  summary.mutable_tensor()->mutable_tensor_shape();
  summary.mutable_tensor()->add_float_val(static_cast<float>(value));
  write(event);
}

void EventFile::histogram(const std::string& tag, std::span<const float> values, std::int64_t step) {
  Event event;
  Summary::Value& summary = new_value(event, tag, step, "histograms");
  summary.mutable_metadata()->set_data_class(DATA_CLASS_TENSOR);
  Tensor& tensor = *summary.mutable_tensor();
  tensor.set_dtype(DT_DOUBLE);
  const Histogram buckets = histogram_of(values);
  tensor.mutable_tensor_shape()->add_dim()->set_size(static_cast<std::int64_t>(buckets.size()));
  tensor.mutable_tensor_shape()->add_dim()->set_size(3);
  for (const Bucket& bucket : buckets) {
    for (const double number : {bucket.left, bucket.right, bucket.count}) tensor.add_double_val(number);
  }
  write(event);
}

void EventFile::model(const std::string& json, const Graph& layers) {
  Event operations;
  operations.set_wall_time(seconds_since_1970());
  operations.set_graph_def(layers.SerializeAsString());
  write(operations);
  Event event;
  Summary::Value& summary = new_value(event, "keras", 0, "graph_keras_model");
  summary.mutable_metadata()->mutable_plugin_data()->set_content("1");
  summary.mutable_tensor()->set_dtype(DT_STRING);
  summary.mutable_tensor()->mutable_tensor_shape();
  summary.mutable_tensor()->add_string_val(json);
  write(event);
}

// A record is the length, its checksum, the data, and their checksum.
void EventFile::write(const Event& event) {
  const std::string data = event.SerializeAsString();
  const std::string length = little_endian(static_cast<std::uint64_t>(data.size()));
  errno = 0;
  out_ << length << little_endian(masked_crc(length)) << data << little_endian(masked_crc(data));
  check_stream();
}

void EventFile::flush() {
  errno = 0;
  out_.flush();
  check_stream();
}

void EventFile::check_stream() const {
  if (!out_) fail({errno, std::generic_category()});
}

void EventFile::fail(const std::error_code& error) const {
  throw FileError(fmt::format("{}: {}; expected a writable place.", path_, error.message()));
}

}  // namespace xeras::tensorboard
