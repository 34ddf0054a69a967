// How a process that uses the library may end: `exit_test WAY`. Each way predicts once more when much is over already,
// and the result must be that of before.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <thread>

#include "xeras/xeras.hpp"

using namespace xeras;

namespace {

Sequential make_model() {
  return Sequential{layers::Dense(400, {.activation = "relu", .input_shape = {300}}), layers::Dense(200)};
}

// Never destroyed, so that it can predict in the end.
Sequential& model() {
  static Sequential& model = *new Sequential(make_model());
  return model;
}

// Enough work for threads.
const Tensor& input() {
  static const Tensor& x = *new Tensor(Tensor::shape_type{500, 300}, 0.5f);
  return x;
}

const Tensor& expected() {
  static const Tensor& y = *new Tensor(model().predict(input(), {.batch_size = 500}));
  return y;
}

void predict_again(const char* where) {
  if (model().predict(input(), {.batch_size = 500}) == expected()) return;
  std::fprintf(stderr, "%s: other predictions than before\n", where);
  std::_Exit(1);
}

// Its destructor runs after those of everything that the library made later.
struct Last {
  bool predicts = false;
  ~Last() {
    if (predicts) predict_again("destructor of a static");
  }
} last;

void predict_in_child() {
  const pid_t child = fork();
  if (child == 0) {
    predict_again("child");
    std::exit(0);  // under the address sanitizer it looks for leaks
  }
  int status = -1;
  waitpid(child, &status, 0);
  if (status != 0) std::_Exit(1);
}

void predict_beside_exit() {
  static std::atomic<int> predictions{0};
  std::thread([] {
    for (;;) {
      predict_again("thread");
      make_model();  // by names that tables know
      ++predictions;
      predictions.notify_all();
    }
  }).detach();
  for (int done; (done = predictions) < 3;) predictions.wait(done);
}

// Leaves room for some threads, but not for 500.
void limit_memory() {
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  const rlim_t bytes = pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) + (std::size_t{200} << 20);
  const rlimit limit{bytes, bytes};
  setrlimit(RLIMIT_AS, &limit);
  set_num_threads(500);
}

}  // namespace

int main(int count, char** arguments) {
  const std::string way = count > 1 ? arguments[1] : "";
  set_num_threads(4);
  if (way == "before_first_use") std::atexit([] { predict_again("atexit"); });
  expected();
  if (way == "atexit") {
    std::atexit([] { predict_again("atexit"); });
  } else if (way == "static") {
    last.predicts = true;
  } else if (way == "thread") {
    predict_beside_exit();
  } else if (way == "fork") {
    predict_in_child();
  } else if (way == "few_threads") {
    limit_memory();
    predict_again("few threads");
    if (num_threads() >= 500) return 1;
  } else if (way != "before_first_use") {
    std::fprintf(stderr, "usage: exit_test atexit|before_first_use|static|thread|fork|few_threads\n");
    return 2;
  }
  std::exit(0);
}
