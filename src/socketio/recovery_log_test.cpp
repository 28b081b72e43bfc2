#include <rubricon/socketio/packet_encoder.hpp>
#include <rubricon/socketio/recovery_log.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace rubricon::socketio {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

class RecoveryLogTest : public testing::Test {
 protected:
  RecoveryLimits limits{.disconnection_max = milliseconds(1'000),
                        .packets_max = 4,
                        .bytes_max = 1'000,
                        .sessions_max = 2};
  base::Instant now{};
  RecoveryLog log{limits};

  std::string record(const std::string& name, Audience audience = {}) {
    const auto event = encode_event("/", name, {});
    return std::string(log.record(*event, std::move(audience), now).packets()[0].payload());
  }
  std::vector<std::string> missed(std::string_view pid, std::string_view offset) {
    const auto restored = log.restore(pid, offset, now);
    if (!restored) return {"nothing"};
    std::vector<std::string> events;
    for (const auto& event : restored->missed) events.emplace_back(event.packets()[0].payload());
    return events;
  }
};

// Goal: reference 3.2, the offset is one more argument; what was missed comes back with it.
TEST_F(RecoveryLogTest, gives_back_what_was_missed_in_order) {
  EXPECT_EQ(record("a"), R"(42["a","1"])");
  log.save({"pid", "sid", {"room"}, 7}, now);
  record("b");
  record("c", {{"room", "x"}, {}});
  record("d", {{"other"}, {}});
  EXPECT_THAT(missed("pid", "1"), ElementsAre(R"(42["b","2"])", R"(42["c","3"])"));
}

TEST_F(RecoveryLogTest, restores_id_rooms_and_data_once) {
  record("a");
  log.save({"pid", "sid", {"room"}, 7}, now);
  const auto restored = log.restore("pid", "1", now);
  ASSERT_TRUE(restored);
  EXPECT_EQ(restored->session.sid, "sid");
  EXPECT_THAT(restored->session.rooms, ElementsAre("room"));
  EXPECT_EQ(std::any_cast<int>(restored->session.data), 7);
  EXPECT_THAT(restored->missed, IsEmpty());
  EXPECT_THAT(missed("pid", "1"), ElementsAre("nothing"));
}

// Goal: reference 3.2, the filter: a room of the session, and none that is excepted.
TEST_F(RecoveryLogTest, gives_back_only_what_was_meant_for_the_session) {
  record("a");
  log.save({"pid", "sid", {"room"}, {}}, now);
  record("own", {{"sid"}, {}});
  record("except", {{}, {"room"}});
  record("except-id", {{}, {"sid"}});
  EXPECT_THAT(missed("pid", "1"), ElementsAre(R"(42["own","2"])"));
}

// Goal: a client names any pid and offset it likes.
TEST_F(RecoveryLogTest, restores_nothing_for_strangers) {
  record("a");
  log.save({"pid", "sid", {}, {}}, now);
  for (const char* offset : {"", "2", "-1", "x", "1x", "99999999999999999999"}) {
    EXPECT_THAT(missed("pid", offset), ElementsAre("nothing")) << offset;
  }
  EXPECT_THAT(missed("other", "1"), ElementsAre("nothing"));
  EXPECT_THAT(missed("pid", "1"), IsEmpty());
}

TEST_F(RecoveryLogTest, restores_nothing_when_part_is_gone) {
  record("a");
  log.save({"pid", "sid", {}, {}}, now);
  for (int i = 0; i < 5; ++i) record("b");
  EXPECT_THAT(missed("pid", "1"), ElementsAre("nothing"));
}

TEST_F(RecoveryLogTest, forgets_after_its_time_and_over_its_size) {
  record("a");
  log.save({"pid", "sid", {}, {}}, now);
  now += milliseconds(1'000);
  EXPECT_THAT(missed("pid", "1"), ElementsAre("nothing"));
  for (const char* pid : {"p1", "p2", "p3"}) log.save({pid, "sid", {}, {}}, now);
  EXPECT_THAT(missed("p1", "1"), ElementsAre("nothing"));
  EXPECT_THAT(missed("p3", "1"), IsEmpty());
  record(std::string(2'000, 'x'));
  EXPECT_THAT(missed("p2", "1"), ElementsAre("nothing"));
}

}  // namespace
}  // namespace rubricon::socketio
