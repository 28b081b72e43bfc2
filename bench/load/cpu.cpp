#include "cpu.hpp"

#include <filesystem>
#include <fstream>

namespace bench {
namespace {

namespace fs = std::filesystem;

std::int64_t of_process(const fs::path& process) {
  std::int64_t sum = 0;
  std::error_code gone;
  for (const auto& task : fs::directory_iterator(process / "task", gone)) {
    std::int64_t ns = 0;
    if (std::ifstream(task.path() / "schedstat") >> ns) sum += ns;
    int child = 0;
    for (std::ifstream children(task.path() / "children"); children >> child;) {
      sum += of_process("/proc/" + std::to_string(child));
    }
  }
  return sum;
}

}  // namespace

std::map<std::string, std::int64_t> cpu_ns(const Servers& servers) {
  std::map<std::string, std::int64_t> used;
  for (const auto& [name, processes] : servers) {
    for (const int pid : processes) used[name] += of_process("/proc/" + std::to_string(pid));
  }
  return used;
}

}  // namespace bench
