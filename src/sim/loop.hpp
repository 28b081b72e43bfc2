/// One thread on which everything happens, in virtual time: what is ready runs, then time moves to
/// the next alarm. Also keeps the trace: a hash of all that happened, and the lines for people.
#pragma once

#include <rubricon/base/virtual_time.hpp>
#include <rubricon/history/history.hpp>
#include <rubricon/ports/clock.hpp>

#include <fmt/format.h>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <functional>
#include <string_view>

namespace rubricon::sim {

using history::At;

enum class PrintTrace { no, yes };

class Loop final : public ports::Clock {
 public:
  explicit Loop(PrintTrace print);
  /// Drops whatever has not run.
  ~Loop() override;
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  boost::asio::any_io_executor executor() { return io_.get_executor(); }
  boost::asio::io_context& context() { return io_; }

  /// Since the beginning of the run.
  At elapsed() const;
  At since_begin(base::Time time) const;
  base::Time now() const override;
  base::Instant monotonic() const override { return time_.now(); }

  /// Runs `step` later, in a step of its own.
  void at(At when, std::function<void()> step);
  void after(base::Milliseconds delay, std::function<void()> step);

  /// Runs until `done`, asked at least every 100 ms of virtual time, or until `limit`. True where
  /// it was done.
  bool run_until(const std::function<bool()>& done, At limit);
  /// Runs what is ready, at this instant.
  void settle();

  /// A line of the trace.
  template <typename... Args>
  void note(fmt::format_string<Args...> format, Args&&... args) {
    fmt::memory_buffer line;
    fmt::format_to(std::back_inserter(line), format, std::forward<Args>(args)...);
    note_line({line.data(), line.size()});
  }
  std::uint64_t trace_hash() const { return hash_; }

 private:
  void note_line(std::string_view line);
  void hash(std::string_view bytes);

  base::VirtualTime time_;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy_;
  PrintTrace print_;
  std::uint64_t hash_ = 0xcbf29ce484222325u;
};

}  // namespace rubricon::sim
