// Fuzzes .keras files. An input is a whole file or, if it does not begin like a zip, a configuration, a byte 0 and a
// weights file. The target combines these, because no random change keeps the checksums of a zip valid.
#include <unistd.h>

#include "fuzz/fuzz.hpp"
#include "io/sample.hpp"
#include "io/zip.hpp"
#include "xeras/io/load.hpp"

using namespace xeras;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string path = fuzz::scratch_file(".keras");
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (bytes.starts_with("PK")) {
    fuzz::write_file(path, bytes);
  } else {
    const std::size_t end = std::min(bytes.find('\0'), bytes.size());
    fuzz::write_file(path, "");
    io::ZipWriter zip(path);
    zip.add("metadata.json", R"({"keras_version": "3.15.1"})");
    zip.add("config.json", bytes.substr(0, end));
    zip.add("model.weights.h5", bytes.substr(std::min(end + 1, bytes.size())));
    zip.add(io::sample_member, R"({"input": {"shape": [2, 3], "values": [1, 2, 3, 1, 0, 0]},)"
                               R"( "output": {"shape": [2, 1], "values": [0, 0]}})");
    zip.close();
  }
  fuzz::expect_error_or_nothing([] { load_model(path, {.verify = true}); });
  return 0;
}
