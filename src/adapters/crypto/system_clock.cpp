#include <rubricon/crypto/system_clock.hpp>

#ifdef RUBRICON_FAILPOINTS
#include <fstream>
#include <mutex>
#endif

namespace rubricon::crypto {
#ifdef RUBRICON_FAILPOINTS
namespace {

/// How wrong the clock is, as the file says; looked at again every few milliseconds.
class ClockError {
 public:
  void follow(const std::string& file) { file_ = file; }

  base::Milliseconds now() {
    if (file_.empty()) return {};
    const std::lock_guard lock(mutex_);
    const auto instant = std::chrono::steady_clock::now();
    if (instant - read_at_ < base::Milliseconds(5)) return error_;
    read_at_ = instant;
    std::int64_t ms = 0;
    if (std::ifstream(file_) >> ms) error_ = base::Milliseconds(ms);
    return error_;
  }

 private:
  std::string file_;
  std::mutex mutex_;
  base::Instant read_at_{};
  base::Milliseconds error_{};
};

ClockError& clock_error() {
  static ClockError error;
  return error;
}

}  // namespace

void follow_clock_error(const std::string& file) {
  clock_error().follow(file);
}
#endif

base::Time SystemClock::now() const {
  const auto now = std::chrono::floor<base::Milliseconds>(std::chrono::system_clock::now());
#ifdef RUBRICON_FAILPOINTS
  return now + clock_error().now();
#else
  return now;
#endif
}

base::Instant SystemClock::monotonic() const {
  return std::chrono::steady_clock::now();
}

}  // namespace rubricon::crypto
