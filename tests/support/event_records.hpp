#pragma once

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "tensorboard/event_file.hpp"

namespace xeras::testing {

// Reads the only event file of a folder. Throws for a record that is cut off. TensorBoard itself checks the checksums,
// in tests/interop/read_tensorboard.py.
inline std::vector<tensorboard::Event> events_of(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().filename().string().starts_with("events.out.tfevents.")) files.push_back(entry.path());
  }
  if (files.size() != 1) throw std::runtime_error(folder + ": " + std::to_string(files.size()) + " event files");
  std::ifstream in(files.front(), std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  std::vector<tensorboard::Event> events;
  for (std::size_t place = 0; place < bytes.size();) {
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data() + place, sizeof length);
    tensorboard::Event event;
    if (!event.ParseFromString(bytes.substr(place + 12, length))) throw std::runtime_error("a record is not an event");
    events.push_back(event);
    place += 12 + length + 4;
    if (place > bytes.size()) throw std::runtime_error("a record is cut off");
  }
  return events;
}

}  // namespace xeras::testing
