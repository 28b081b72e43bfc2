/// For contract suites: awaits a task from a plain test.
#pragma once

#include <rubricon/base/task.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <future>
#include <stdexcept>

namespace rubricon::ports::contract {

/// Runs `io` until `task` is done and returns what it returned, or throws what it threw. Gives up
/// after a minute, so that a broken adapter fails its test instead of hanging it, and a starved
/// machine does not.
template <typename T>
T run_task(boost::asio::io_context& io, base::Task<T> task) {
  auto done = boost::asio::co_spawn(io, std::move(task), boost::asio::use_future);
  io.restart();
  const auto begin = std::chrono::steady_clock::now();  // tidy: allow clock because a test waits
  while (done.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    io.restart();
    io.run_one_for(std::chrono::milliseconds(50));
    const auto now = std::chrono::steady_clock::now();  // tidy: allow clock because a test waits
    if (now - begin > std::chrono::minutes(1)) throw std::runtime_error("the task hangs");
  }
  return done.get();
}

}  // namespace rubricon::ports::contract
