#include "models/shared_call.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/fnv1a.hpp"
#include "xeras/core/error.hpp"

namespace xeras {
namespace {

struct Report {
  std::uint64_t arguments = 0;
  std::uint64_t failure_size = 0;  // 0: none
};

}  // namespace

void SharedCall::begin(const std::string& arguments) {
  if (processes_ == nullptr) return;
  arguments_checked_ = true;
  exchange(fnv1a(arguments), {});
  begun_ = true;
}

void SharedCall::fail(const std::string& message) {
  if (processes_ == nullptr) return;
  if (begun_) processes_->stop(message);
  if (!std::exchange(arguments_checked_, true)) exchange(0, message.empty() ? "an exception" : message);
}

void SharedCall::exchange(std::uint64_t arguments, const std::string& failure) {
  const auto count = static_cast<std::size_t>(processes_->count());
  const Report own{arguments, failure.size()};
  std::vector<Report> reports(count);
  processes_->gather(&own, std::vector<std::size_t>(count, sizeof(Report)), reports.data());
  const auto failed = [](const Report& report) { return report.failure_size > 0; };
  if (const auto first = std::find_if(reports.begin(), reports.end(), failed); first != reports.end()) {
    std::vector<std::size_t> sizes;
    std::size_t size = 0;
    for (const Report& report : reports) size += sizes.emplace_back(report.failure_size);
    std::string failures(size, '\0');
    processes_->gather(failure.data(), sizes, failures.data());
    if (!failure.empty()) return;  // the caller throws it
    throw Error(fmt::format("{}: process {} failed: {}", who_, first - reports.begin(),
                            failures.substr(0, first->failure_size)));
  }
  const auto differs = [&](const Report& report) { return report.arguments != reports[0].arguments; };
  const auto other = std::find_if(reports.begin(), reports.end(), differs);
  if (other == reports.end()) return;
  throw InvalidInput(
      fmt::format("{}: process {} has another model, other options or data of another shape than process 0; expected "
                  "the same in all processes. Start one program with one version of xeras, and give each process the "
                  "same data.",
                  who_, other - reports.begin()));
}

}  // namespace xeras
