#include <rubricon/gateway/room.hpp>

#include <rubricon/gateway/room_fixture_test.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <set>

namespace rubricon::gateway {
namespace {

using namespace fixture;

/// One room against a store, a broker that loses, repeats and reorders, and clients that come and
/// go; all of it from one seed. Checks at every step that each subscriber gets every event after
/// its base once and in order, and in the end that all are level with the store.
class World {
 public:
  explicit World(unsigned seed) : random_(seed) {}

  void run(int steps) {
    for (int n = 0; n < steps && !::testing::Test::HasFatalFailure(); ++n) step();
    heal();
  }

 private:
  struct Client {
    domain::UserId user;
    JoinFrom from;
    bool joined = false;
    bool live = false;
    std::int64_t last = 0;
    bool shut_out = false;  ///< the last event took the room away from it
  };

  bool chance(int percent) { return static_cast<int>(random_() % 100) < percent; }
  std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(random_() % n); }
  std::int64_t store_head() const { return static_cast<std::int64_t>(store_.size()); }

  void step() {
    switch (below(8)) {
      case 0:
      case 1: commit(); break;
      case 2: come(); break;
      case 3:
        if (chance(20)) go();
        break;
      case 4:
      case 5: deliver(); break;
      case 6: answer(); break;
      case 7:
        if (timer_armed_ && chance(50)) fire();
        if (chance(3)) perform(room_.checked(at(store_head())));
        break;
    }
  }

  void commit() {
    const auto seq = store_head() + 1;
    auto fresh = event(seq);
    if (chance(5)) {
      const auto user = chance(50) ? ann : bob;
      fresh = removal(seq, user);
      members_.erase(user);
    } else if (chance(20)) {
      members_ = {ann, bob};
    }
    store_.push_back(fresh);
    if (chance(85)) broker_.push_back(fresh);
    if (chance(15)) broker_.push_back(fresh);
  }

  void deliver() {
    if (broker_.empty()) return;
    const auto chosen = chance(70) ? 0 : below(static_cast<std::int64_t>(broker_.size()));
    const auto next = broker_[chosen];
    broker_.erase(broker_.begin() + chosen);
    perform(room_.arrived(next));
  }

  void come() {
    if (clients_.size() > 6) return;
    const SubscriberId who{++last_id_};
    JoinFrom from;
    if (chance(80)) from.after = domain::Seq(below(store_head() + 1));
    if (chance(50)) from.epoch = domain::Epoch(1);
    const auto user = chance(50) ? ann : bob;
    clients_[who] = {.user = user, .from = from};
    perform(room_.join(who, user, from));
  }

  void go() {
    if (clients_.empty()) return;
    auto chosen = std::next(clients_.begin(), below(static_cast<std::int64_t>(clients_.size())));
    perform(room_.leave(chosen->first));
    clients_.erase(chosen);
  }

  void answer() {
    if (questions_.empty()) return;
    const auto chosen = below(static_cast<std::int64_t>(questions_.size()));
    const auto question = questions_[chosen];
    questions_.erase(questions_.begin() + chosen);
    question();
  }

  void fire() {
    timer_armed_ = false;
    perform(room_.waited());
  }

  void heal() {
    healthy_ = true;
    for (int n = 0; n < 10'000; ++n) {
      if (n % 50 == 0) perform(room_.checked(at(store_head())));
      if (timer_armed_) fire();
      answer();
      deliver();
    }
    EXPECT_TRUE(questions_.empty());
    for (const auto& [who, client] : clients_) {
      EXPECT_TRUE(client.live) << who.value();
      EXPECT_EQ(client.last, store_head()) << who.value();
    }
  }

  ports::EventPage read(domain::Seq after) {
    const auto limit = chance(30) ? 1 + below(5) : 500;  // a byte limit now and then
    ports::EventPage result{at(store_head()), {}};
    for (auto seq = after.value() + 1; seq <= std::min(store_head(), after.value() + limit);
         ++seq) {
      result.events.push_back(*store_[seq - 1]);
    }
    return result;
  }

  bool fails() { return !healthy_ && chance(20); }

  void got(SubscriberId who, const EventPtr& fact) {
    auto& client = clients_.at(who);
    ASSERT_TRUE(client.joined) << "before its ack";
    ASSERT_FALSE(client.shut_out) << "after it was shut out";
    ASSERT_EQ(fact->seq.value(), client.last + 1) << "subscriber " << who.value();
    client.last = fact->seq.value();
    client.shut_out = fact->seq.value() > let_in_at_[who] && shut_out(*fact).concerns(client.user);
  }

  void perform(const RoomActions& actions) {
    for (const auto& action : actions) {
      std::visit([this](const auto& a) { perform_one(a); }, action);
      if (::testing::Test::HasFatalFailure()) return;
    }
    // Who was shut out was evicted in the same breath.
    for (const auto& [who, client] : clients_) EXPECT_FALSE(client.shut_out) << who.value();
  }

  void perform_one(const Authorise& a) {
    questions_.push_back([this, who = a.who] {
      const auto client = clients_.find(who);
      if (client == clients_.end()) return perform(room_.authorised(who, at(store_head())));
      if (fails()) return perform(room_.refused(who, {base::ErrorCode::unavailable, ""}));
      if (!members_.contains(client->second.user)) {
        return perform(room_.refused(who, {base::ErrorCode::not_found, ""}));
      }
      let_in_at_[who] = store_head();
      perform(room_.authorised(who, at(store_head())));
    });
  }
  void perform_one(const ReadReplay& a) {
    questions_.push_back([this, a] {
      if (fails()) return perform(room_.refused(a.who, {base::ErrorCode::unavailable, ""}));
      perform(room_.replay_read(a.who, read(a.after)));
    });
  }
  void perform_one(const Joined& a) {
    auto& client = clients_.at(a.who);
    ASSERT_FALSE(client.joined) << "acknowledged twice";
    client.joined = true;
    const bool replay = client.from.after && a.resync == Resync::no;
    client.last = replay ? client.from.after->value() : a.head.seq.value();
    for (const auto& fact : a.missed) got(a.who, fact);
  }
  void perform_one(const GoLive& a) { clients_.at(a.who).live = true; }
  void perform_one(const Refuse& a) {
    ASSERT_FALSE(clients_.at(a.who).joined);
    clients_.erase(a.who);
  }
  void perform_one(const SendTo& a) {
    ASSERT_FALSE(clients_.at(a.who).live);
    got(a.who, a.event);
  }
  void perform_one(const Broadcast& a) {
    for (const auto& [who, client] : clients_) {
      if (client.live) got(who, a.event);
    }
  }
  void perform_one(const Evict& a) {
    ASSERT_TRUE(clients_.at(a.who).shut_out) << "for no reason";
    clients_.erase(a.who);
  }
  void perform_one(const Wait&) {
    ASSERT_FALSE(timer_armed_);
    timer_armed_ = true;
  }
  void perform_one(const ReadHole& a) {
    questions_.push_back(
        [this, a] { perform(fails() ? room_.hole_failed() : room_.hole_read(read(a.after))); });
  }
  void perform_one(const Restart&) { FAIL() << "there is one epoch only"; }

  std::mt19937 random_;
  Room room_{{.log = {.aside_events_max = 4}, .replay_events_max = 30, .waiting_events_max = 6}};
  std::vector<EventPtr> store_;
  std::vector<EventPtr> broker_;
  std::set<domain::UserId> members_{ann, bob};
  std::map<SubscriberId, Client> clients_;
  std::map<SubscriberId, std::int64_t> let_in_at_;
  std::vector<std::function<void()>> questions_;
  std::uint64_t last_id_ = 0;
  bool timer_armed_ = false;
  bool healthy_ = false;
};

TEST(RoomRandom, every_subscriber_gets_every_event_once_and_in_order_whatever_happens) {
  for (unsigned seed = 1; seed <= 120; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    World(seed).run(400);
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace rubricon::gateway
