#pragma once

#include <string>

namespace xeras::io {

// Replaces a file atomically. The new content is written to a separate folder beside the old file and takes its place
// once it is complete and on disk. Whenever the process dies, either the old or the new file is there; the next
// AtomicFile for that path removes the leftovers. Throws FileError with the system's reason.
class AtomicFile {
 public:
  explicit AtomicFile(const std::string& path);
  // Removes the new content unless it was committed.
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  // The path of the new content, an empty file at first.
  const std::string& temporary() const { return temporary_; }
  void commit();

 private:
  void close();

  std::string target_;
  std::string folder_;
  int lock_ = -1;  // the folder, locked during the life of the process
  std::string temporary_;
};

}  // namespace xeras::io
