#include <rubricon/memory/revocation_list.hpp>

#include <rubricon/memory/manual_clock.hpp>
#include <rubricon/ports/contract/revocations_contract.hpp>

namespace rubricon::memory {
namespace {

class RevocationsHarness {
 public:
  ports::Revocations& revocations() { return list_; }
  void advance(base::Milliseconds by) { clock_.advance(by); }

 private:
  ManualClock clock_;
  RevocationList list_{clock_};
};

TEST(RevocationList, forgets_sessions_whose_tokens_have_all_expired) {
  ManualClock clock;
  RevocationList list(clock);
  list.revoke(domain::SessionId(base::Uuid::v7(1, {})));
  clock.advance(RevocationList::memory);
  list.revoke(domain::SessionId(base::Uuid::v7(2, {})));
  EXPECT_EQ(list.size(), 1u);
}

}  // namespace
}  // namespace rubricon::memory

namespace rubricon::ports::contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, RevocationsContract, memory::RevocationsHarness);
}  // namespace rubricon::ports::contract
