#pragma once

#include <string>

namespace xeras::io {

// A file that appears whole or not at all: it is written under a name of its own in the same folder, and takes the
// place of the old file when it is complete and on the disk. Whenever the process dies, the old one or the new one is
// there. Throws FileError with the system's reason.
class AtomicFile {
 public:
  explicit AtomicFile(const std::string& path);
  // Removes what was written, unless it was committed.
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  // Where to write: an empty file.
  const std::string& temporary() const { return temporary_; }
  void commit();

 private:
  std::string target_;
  std::string temporary_;
};

}  // namespace xeras::io
