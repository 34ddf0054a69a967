#pragma once

#include <string>

namespace xeras::io {

// A file that appears whole or not at all: it is written in a folder of its own beside the old file, and takes the
// place of that when it is complete and on the disk. Whenever the process dies, the old one or the new one is there.
// What a process that died left beside, the next AtomicFile of that path removes. Throws FileError with the system's
// reason.
class AtomicFile {
 public:
  explicit AtomicFile(const std::string& path);
  // Removes what was written, unless it was committed.
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  // Where to write: an empty file.
  const std::string& temporary() const { return temporary_; }
  // Where to write what is needed until this object ends, under a name that is its own in there.
  std::string scratch(const std::string& name) const;
  void commit();

 private:
  void close();

  std::string target_;
  std::string folder_;
  int lock_ = -1;  // the folder, locked as long as the process lives
  std::string temporary_;
};

}  // namespace xeras::io
