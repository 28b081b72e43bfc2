/// Messages on their way out, as client/src/sync/send_queue.ts sends them: one after the other in a
/// chat, under one key each, until there is an answer.
#pragma once

#include <rubricon/base/task_group.hpp>
#include <rubricon/sim/device_parts.hpp>

#include <map>
#include <memory>

namespace rubricon::sim {

class SendQueue {
 public:
  SendQueue(DeviceParts& device, base::TaskGroup& tasks) : device_(device), tasks_(tasks) {}

  /// Goes on with what the device still has.
  void start();
  void enqueue(const std::string& chat, std::string key, std::string content);
  bool empty() const;

 private:
  void run(const std::string& chat);
  base::Task<void> send_all(std::string chat);

  DeviceParts& device_;
  base::TaskGroup& tasks_;
  std::map<std::string, bool> running_;
};

}  // namespace rubricon::sim
