/// The processor time of processes, as the kernel counts it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace bench {

/// Names of servers and their processes; a process stands for its children, too.
using Servers = std::map<std::string, std::vector<int>>;

/// Nanoseconds on a processor so far, all threads, by name (/proc/<pid>/task/*/schedstat). What a
/// thread had used is lost when it ends: servers keep theirs.
std::map<std::string, std::int64_t> cpu_ns(const Servers& servers);

}  // namespace bench
