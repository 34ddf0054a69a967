#pragma once

#include <cstdint>
#include <fstream>
#include <span>
#include <string>
#include <system_error>

#include "tensorboard/event.pb.h"

namespace xeras::tensorboard {

// A file of events that TensorBoard reads. Its name is unique, so that one folder can hold the files of several runs.
// Throws FileError with the system's reason.
//
//   EventFile file("logs/train");
//   file.scalar("epoch_loss", 0.25, 0);
class EventFile {
 public:
  // Creates the folder, too.
  explicit EventFile(const std::string& folder);

  void scalar(const std::string& tag, double value, std::int64_t step);
  // The distribution of the finite values, in buckets of equal width.
  void histogram(const std::string& tag, std::span<const float> values, std::int64_t step);
  // The layers of a model, for TensorBoard's page of graphs: `json`, the result of to_json, as the conceptual graph,
  // and the chain of `layers` as the graph of operations, which the page shows first.
  void model(const std::string& json, const Graph& layers);
  // Passes everything on to the system, so that TensorBoard sees it.
  void flush();

 private:
  Summary::Value& new_value(Event& event, const std::string& tag, std::int64_t step, const char* plugin) const;
  void write(const Event& event);
  void check_stream() const;
  [[noreturn]] void fail(const std::error_code& error) const;

  std::string path_;
  std::ofstream out_;
};

// The checksum of the records in event files: CRC-32C.
std::uint32_t crc32c(std::string_view bytes);

}  // namespace xeras::tensorboard
