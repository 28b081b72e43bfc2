#include <rubricon/memory/upload_progress_map.hpp>

#include <rubricon/memory/manual_clock.hpp>
#include <rubricon/ports/contract/upload_progress_contract.hpp>

namespace rubricon::memory {
namespace {

class UploadProgressHarness {
 public:
  boost::asio::io_context& io() { return io_; }
  ports::UploadProgress& uploads() { return uploads_; }
  void advance(base::Milliseconds by) { clock_.advance(by); }

 private:
  boost::asio::io_context io_;
  ManualClock clock_;
  UploadProgressMap uploads_{clock_};
};

TEST(UploadProgressMap, gives_the_place_of_the_oldest_to_a_newcomer) {
  boost::asio::io_context io;
  ManualClock clock;
  UploadProgressMap uploads(clock, 2);
  const auto soon = base::Deadline::at(base::Instant::max());
  const domain::UserId user(base::Uuid::v7(1, {}));
  const auto upload = [](int n) { return domain::UploadId(base::Uuid::v7(n, {})); };
  const auto report = [&](int n) {
    clock.advance(base::Milliseconds(1));
    ports::contract::run_task(io, uploads.report(user, upload(n), "a", {}, soon));
  };
  const auto known = [&](int n) {
    return ports::contract::run_task(io, uploads.of(user, upload(n), soon)).has_value();
  };
  report(1);
  report(2);
  report(1);
  report(3);
  EXPECT_EQ(uploads.size(), 2u);
  EXPECT_TRUE(known(1) && known(3));
  clock.advance(base::Milliseconds(3'600'000));
  report(4);
  EXPECT_EQ(uploads.size(), 1u) << "what is forgotten takes no place";
}

}  // namespace
}  // namespace rubricon::memory

namespace rubricon::ports::contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, UploadProgressContract, memory::UploadProgressHarness);
}  // namespace rubricon::ports::contract
