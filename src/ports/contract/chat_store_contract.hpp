/// What every ChatStore must do with single chats and their members; lists are in
/// chat_list_contract.hpp.
#pragma once

#include <rubricon/ports/contract/store_contract.hpp>

#include <algorithm>
#include <map>

namespace rubricon::ports::contract {

using domain::EventType;
using domain::MemberRole;

class ChatStoreContract : public StoreContract {
 protected:
  void SetUp() override {
    owner = make_user("owner");
    friendly = make_user("friend");
    stranger = make_user("stranger");
    chat = make_chat(owner, "議論文");
    room = domain::StreamId(chat.id);
  }

  ChatStore& chats() { return harness->chats(); }
  static domain::ChatTitle title(std::string_view text) {
    return domain::ChatTitle::parse(text).value();
  }
  base::Result<domain::Member> add(const domain::User& actor, const domain::User& member,
                                   MemberRole role) {
    const auto email = domain::Email::parse(member.email).value();
    return run(chats().add_member(actor.id, chat.id, email, role, soon()));
  }
  base::Result<void> drop(const domain::User& actor, const domain::User& member) {
    return run(chats().remove_member(actor.id, chat.id, member.id, soon()));
  }
  domain::Event last_user_event(const domain::User& user) {
    return last_event(domain::StreamId(user.id));
  }

  domain::User owner;
  domain::User friendly;
  domain::User stranger;
  domain::Chat chat;
  domain::StreamId room{domain::ChatId()};
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ChatStoreContract);

TEST_P(ChatStoreContract, a_new_chat_is_event_one_and_tells_its_owner) {
  const auto made =
      run(chats().create({.owner = owner.id, .title = title("新"), .context = R"({"grade":8})"},
                         soon()))
          .value();
  EXPECT_EQ(made.owner, owner.id);
  EXPECT_EQ(made.title, "新");
  EXPECT_EQ(made.context, R"({"grade":8})");
  EXPECT_EQ(made.epoch.value(), 1);
  EXPECT_EQ(made.last_seq.value(), 1);
  EXPECT_EQ(made.created_at, harness->now());
  EXPECT_EQ(made.updated_at, harness->now());
  const auto created = stream(domain::StreamId(made.id));
  ASSERT_THAT(created, testing::SizeIs(1));
  EXPECT_EQ(created[0].type, EventType::chat_created);
  EXPECT_THAT(created[0].audience, testing::ElementsAre(owner.id));
  EXPECT_EQ(data(created[0]), (boost::json::value{{"title", "新"},
                                                  {"context", {{"grade", 8}}},
                                                  {"userId", owner.id.to_string()},
                                                  {"at", base::format_time(harness->now())}}));
  const auto added = last_user_event(owner);
  EXPECT_EQ(added.type, EventType::chat_added);
  EXPECT_EQ(data(added), (boost::json::value{{"chatId", made.id.to_string()}, {"role", "owner"}}));
}

TEST_P(ChatStoreContract, the_same_key_makes_one_chat) {
  NewChat request{.owner = owner.id, .title = title("一次"), .context = {}};
  request.context = "{}";
  request.key = domain::IdempotencyKey::parse("k").value();
  std::vector<base::Task<base::Result<domain::Chat>>> calls;
  for (int i = 0; i < 10; ++i) calls.push_back(chats().create(request, soon()));
  const auto made = run_all(std::move(calls));
  for (const auto& one : made) EXPECT_EQ(one, made.front());
  request.title = title("二次");
  EXPECT_THAT(run(chats().create(request, soon())), refused(base::ErrorCode::idempotency_mismatch));
  EXPECT_THAT(run(chats().create({.owner = domain::UserId(), .title = {}}, soon())),
              refused(base::ErrorCode::not_found));
}

TEST_P(ChatStoreContract, a_view_has_everything_that_a_chats_page_needs) {
  ASSERT_TRUE(add(owner, friendly, MemberRole::viewer));
  for (int i = 0; i < 25; ++i) post(owner, chat, "m" + std::to_string(i));
  ASSERT_TRUE(run(harness->rubrics().put({.user = owner.id,
                                          .chat = chat.id,
                                          .expected = {},
                                          .document = R"({"total":10})",
                                          .trace = {}},
                                         soon())));
  const auto view = run(chats().view(friendly.id, chat.id, soon())).value();
  EXPECT_EQ(view.summary.chat.title, "議論文");
  EXPECT_EQ(view.summary.chat.last_seq.value(), 28);
  EXPECT_EQ(view.summary.role, MemberRole::viewer);
  EXPECT_EQ(view.summary.unread, 25);
  EXPECT_EQ(view.summary.last_message->content, "m24");
  ASSERT_THAT(view.members, testing::SizeIs(2));
  EXPECT_THAT(view.members, testing::Contains(domain::Member{owner.id, owner.email, owner.name,
                                                             MemberRole::owner}));
  EXPECT_EQ(view.rubric, R"({"total":10})");
  EXPECT_EQ(view.rubric_version.value(), 1);
}

TEST_P(ChatStoreContract,
       the_state_of_a_view_is_that_of_its_answer_and_changes_whenever_that_does) {
  std::vector<ViewState> states;
  const auto look = [&] {
    const auto answer = state_of(run(chats().view(owner.id, chat.id, soon())).value());
    const auto state = run(chats().view_state(owner.id, chat.id, soon())).value();
    EXPECT_EQ(state, answer);
    EXPECT_THAT(states, testing::Not(testing::Contains(state)));
    states.push_back(state);
  };
  look();
  post(owner, chat, "one");
  look();
  ASSERT_TRUE(add(owner, friendly, MemberRole::viewer));
  look();
  ASSERT_TRUE(add(owner, friendly, MemberRole::editor));
  look();
  ASSERT_TRUE(run(harness->users().update(
      friendly.id, {.name = domain::DisplayName::parse("Another").value()}, soon())));
  look();
  ASSERT_TRUE(run(chats().mark_read(owner.id, chat.id, domain::Seq(2), soon())));
  look();
  ASSERT_TRUE(run(chats().update(owner.id, chat.id, {.pinned = true}, soon())));
  look();
  ASSERT_TRUE(run(harness->rubrics().put({.user = owner.id,
                                          .chat = chat.id,
                                          .expected = {},
                                          .document = R"({"total":10})",
                                          .trace = {}},
                                         soon())));
  look();

  EXPECT_THAT(run(chats().view_state(stranger.id, chat.id, soon())),
              refused(base::ErrorCode::not_found));
  ASSERT_TRUE(run(chats().remove(owner.id, chat.id, soon())));
  EXPECT_THAT(run(chats().view_state(owner.id, chat.id, soon())),
              refused(base::ErrorCode::not_found));
}

TEST_P(ChatStoreContract, a_summary_is_the_chats_line_in_the_list) {
  ASSERT_TRUE(add(owner, friendly, MemberRole::viewer));
  const auto posted = post(owner, chat, "m");
  const auto line = run(chats().summary(friendly.id, chat.id, soon())).value();
  const auto listed = run(chats().list(friendly.id, {}, soon())).value().chats.front();
  EXPECT_EQ(line.chat, listed.chat);
  EXPECT_EQ(line.role, MemberRole::viewer);
  EXPECT_EQ(line.unread, 1);
  EXPECT_EQ(line.last_message, listed.last_message);
  EXPECT_EQ(line.last_message->id, posted.id);
  EXPECT_THAT(run(chats().summary(stranger.id, chat.id, soon())),
              refused(base::ErrorCode::not_found));
}

TEST_P(ChatStoreContract, a_view_is_of_one_instant) {
  std::vector<std::future<base::Result<PostedMessage>>> writes;
  std::vector<base::Task<base::Result<ChatView>>> reads;
  for (int i = 0; i < 50; ++i) {
    writes.push_back(boost::asio::co_spawn(
        io, harness->messages().post(message(owner, chat, "m"), soon()), boost::asio::use_future));
    reads.push_back(chats().view(owner.id, chat.id, soon()));
  }
  for (const auto& view : run_all(std::move(reads))) {
    const auto head = view.value().summary.chat.last_seq;
    if (head.value() > 1) EXPECT_EQ(view->summary.last_message->seq, head);
  }
  post(owner, chat, "the last");
}

TEST_P(ChatStoreContract, renaming_is_an_event_and_the_same_again_is_none) {
  ASSERT_TRUE(add(owner, friendly, MemberRole::editor));
  harness->advance(base::Milliseconds(7));
  const auto summary =
      run(chats().update(friendly.id, chat.id, {.title = title("記敘文"), .context = R"({"a":1})"},
                         soon()))
          .value();
  EXPECT_EQ(summary.chat.title, "記敘文");
  EXPECT_EQ(summary.chat.context, R"({"a":1})");
  EXPECT_EQ(summary.chat.updated_at, harness->now());
  const auto event = last_event(room);
  EXPECT_EQ(event.type, EventType::chat_renamed);
  EXPECT_EQ(event.seq, summary.chat.last_seq);
  EXPECT_EQ(data(event), (boost::json::value{{"title", "記敘文"},
                                             {"context", {{"a", 1}}},
                                             {"userId", friendly.id.to_string()}}));
  const auto again = run(chats().update(owner.id, chat.id, {.title = title("記敘文")}, soon()));
  EXPECT_EQ(again.value().chat.last_seq, event.seq);
}

TEST_P(ChatStoreContract, a_pin_is_the_users_own_and_no_event) {
  ASSERT_TRUE(add(owner, friendly, MemberRole::viewer));
  const auto before = last_event(room).seq;
  const auto pinned = run(chats().update(friendly.id, chat.id, {.pinned = true}, soon()));
  EXPECT_TRUE(pinned.value().pinned);
  EXPECT_FALSE(run(chats().view(owner.id, chat.id, soon())).value().summary.pinned);
  EXPECT_EQ(last_event(room).seq, before);
  EXPECT_THAT(run(chats().update(friendly.id, chat.id, {.title = title("x")}, soon())),
              refused(base::ErrorCode::forbidden));
}

TEST_P(ChatStoreContract, a_deleted_chat_is_not_there_until_it_is_restored) {
  ASSERT_TRUE(add(owner, friendly, MemberRole::editor));
  ASSERT_TRUE(run(chats().remove(owner.id, chat.id, soon())));
  EXPECT_EQ(last_event(room).type, EventType::chat_deleted);
  EXPECT_EQ(data(last_event(room)), (boost::json::value{{"userId", owner.id.to_string()}}));
  EXPECT_EQ(last_user_event(friendly).type, EventType::chat_removed);
  EXPECT_EQ(data(last_user_event(friendly)), (boost::json::value{{"chatId", chat.id.to_string()}}));

  const auto gone = refused(base::ErrorCode::not_found);
  EXPECT_THAT(run(chats().view(owner.id, chat.id, soon())), gone);
  EXPECT_THAT(run(chats().update(owner.id, chat.id, {.pinned = true}, soon())), gone);
  EXPECT_THAT(run(chats().remove(owner.id, chat.id, soon())), gone);
  EXPECT_THAT(run(chats().mark_read(owner.id, chat.id, domain::Seq(1), soon())), gone);
  EXPECT_THAT(run(chats().members(owner.id, chat.id, soon())), gone);
  EXPECT_THAT(run(chats().membership(owner.id, chat.id, soon())), gone);
  EXPECT_THAT(add(owner, stranger, MemberRole::viewer), gone);
  EXPECT_THAT(drop(owner, friendly), gone);
  EXPECT_THAT(run(harness->messages().post(message(owner, chat, "x"), soon())), gone);
  EXPECT_THAT(run(harness->messages().page(owner.id, chat.id, {}, soon())), gone);
  EXPECT_THAT(run(harness->rubrics().get(owner.id, chat.id, soon())), gone);
  EXPECT_THAT(run(chats().list(owner.id, {}, soon())).value().chats, testing::IsEmpty());
  EXPECT_THAT(run(chats().restore(friendly.id, chat.id, soon())), gone);

  const auto head = last_event(room).seq;
  ASSERT_TRUE(run(chats().restore(owner.id, chat.id, soon())));
  EXPECT_EQ(last_event(room).type, EventType::chat_restored);
  EXPECT_EQ(last_event(room).seq, head.next());
  EXPECT_EQ(last_user_event(friendly).type, EventType::chat_added);
  EXPECT_EQ(data(last_user_event(friendly)),
            (boost::json::value{{"chatId", chat.id.to_string()}, {"role", "editor"}}));
  EXPECT_TRUE(run(chats().view(friendly.id, chat.id, soon())));
  ASSERT_TRUE(run(chats().restore(owner.id, chat.id, soon())));
  EXPECT_EQ(last_event(room).seq, head.next()) << "restoring twice changes nothing";
}

TEST_P(ChatStoreContract, only_owners_delete_and_only_for_30_days_can_it_be_undone) {
  ASSERT_TRUE(add(owner, friendly, MemberRole::editor));
  EXPECT_THAT(run(chats().remove(friendly.id, chat.id, soon())),
              refused(base::ErrorCode::forbidden));
  ASSERT_TRUE(run(chats().remove(owner.id, chat.id, soon())));
  harness->advance(std::chrono::days(30));
  EXPECT_THAT(run(chats().restore(owner.id, chat.id, soon())), refused(base::ErrorCode::not_found));
}

TEST_P(ChatStoreContract, the_read_mark_goes_forward_to_the_head_at_most) {
  ASSERT_TRUE(add(owner, friendly, MemberRole::viewer));
  for (int i = 0; i < 4; ++i) post(owner, chat, "m");  // seq 3 to 6
  const auto unread = [this] {
    return run(chats().view(friendly.id, chat.id, soon())).value().summary.unread;
  };
  const auto mark = [this](std::int64_t seq) {
    return run(chats().mark_read(friendly.id, chat.id, domain::Seq(seq), soon()));
  };
  EXPECT_EQ(unread(), 4);
  ASSERT_TRUE(mark(5));
  EXPECT_EQ(unread(), 1);
  ASSERT_TRUE(mark(3));
  EXPECT_EQ(unread(), 1);
  ASSERT_TRUE(mark(1'000));
  EXPECT_EQ(unread(), 0);
  post(owner, chat, "new");
  EXPECT_EQ(unread(), 1) << "the mark is not beyond the head";
  EXPECT_EQ(run(chats().view(owner.id, chat.id, soon())).value().summary.unread, 0)
      << "one's own messages are read";
  EXPECT_THAT(run(chats().mark_read(stranger.id, chat.id, domain::Seq(1), soon())),
              refused(base::ErrorCode::not_found));
}

TEST_P(ChatStoreContract, a_new_member_is_an_event_for_all_and_told_personally) {
  const auto member = add(owner, friendly, MemberRole::editor).value();
  EXPECT_EQ(member,
            (domain::Member{friendly.id, friendly.email, friendly.name, MemberRole::editor}));
  const auto event = last_event(room);
  EXPECT_EQ(event.type, EventType::member_added);
  EXPECT_THAT(event.audience, testing::UnorderedElementsAre(owner.id, friendly.id));
  EXPECT_TRUE(std::ranges::is_sorted(event.audience));
  EXPECT_EQ(data(event), (boost::json::value{{"userId", friendly.id.to_string()},
                                             {"name", friendly.name},
                                             {"email", friendly.email},
                                             {"role", "editor"}}));
  EXPECT_EQ(data(last_user_event(friendly)),
            (boost::json::value{{"chatId", chat.id.to_string()}, {"role", "editor"}}));
  EXPECT_THAT(run(chats().members(friendly.id, chat.id, soon())).value(), testing::SizeIs(2));
  EXPECT_TRUE(run(harness->messages().post(message(friendly, chat, "hi"), soon())));

  ASSERT_TRUE(add(owner, friendly, MemberRole::editor));
  EXPECT_EQ(last_event(room).type, EventType::message_created) << "the same role is no change";
  ASSERT_TRUE(add(owner, friendly, MemberRole::viewer));
  EXPECT_EQ(run(chats().membership(friendly.id, chat.id, soon())).value().role, MemberRole::viewer);
}

TEST_P(ChatStoreContract, only_owners_manage_members) {
  ASSERT_TRUE(add(owner, friendly, MemberRole::editor));
  EXPECT_THAT(add(friendly, stranger, MemberRole::viewer), refused(base::ErrorCode::forbidden));
  EXPECT_THAT(drop(friendly, owner), refused(base::ErrorCode::forbidden));
  EXPECT_THAT(add(stranger, friendly, MemberRole::viewer), refused(base::ErrorCode::not_found));
  EXPECT_THAT(drop(stranger, stranger), refused(base::ErrorCode::not_found));
  EXPECT_THAT(drop(owner, stranger), refused(base::ErrorCode::not_found));
  const auto nobody = domain::Email::parse("nobody@school.tw").value();
  EXPECT_THAT(run(chats().add_member(owner.id, chat.id, nobody, MemberRole::viewer, soon())),
              refused(base::ErrorCode::not_found, "user_not_found"));
}

TEST_P(ChatStoreContract, whoever_left_or_was_removed_finds_nothing) {
  ASSERT_TRUE(add(owner, friendly, MemberRole::viewer));
  ASSERT_TRUE(add(owner, stranger, MemberRole::editor));
  ASSERT_TRUE(drop(friendly, friendly));
  const auto event = last_event(room);
  EXPECT_EQ(event.type, EventType::member_removed);
  EXPECT_THAT(event.audience, testing::UnorderedElementsAre(owner.id, stranger.id));
  EXPECT_EQ(data(event), (boost::json::value{{"userId", friendly.id.to_string()}}));
  EXPECT_EQ(last_user_event(friendly).type, EventType::chat_removed);
  EXPECT_THAT(run(chats().membership(friendly.id, chat.id, soon())),
              refused(base::ErrorCode::not_found));
  ASSERT_TRUE(drop(owner, stranger));
  EXPECT_THAT(run(chats().list(stranger.id, {}, soon())).value().chats, testing::IsEmpty());
}

TEST_P(ChatStoreContract, a_chat_keeps_an_owner) {
  EXPECT_THAT(drop(owner, owner), refused(base::ErrorCode::conflict, "last_owner"));
  EXPECT_THAT(add(owner, owner, MemberRole::editor),
              refused(base::ErrorCode::conflict, "last_owner"));
  ASSERT_TRUE(add(owner, friendly, MemberRole::owner));
  EXPECT_TRUE(drop(owner, owner));
  EXPECT_THAT(drop(friendly, friendly), refused(base::ErrorCode::conflict, "last_owner"));
}

TEST_P(ChatStoreContract, a_chat_has_a_bounded_number_of_members) {
  for (std::size_t i = 1; i < domain::members_max; ++i) {
    ASSERT_TRUE(add(owner, make_user("u" + std::to_string(i)), MemberRole::viewer));
  }
  EXPECT_THAT(add(owner, friendly, MemberRole::viewer),
              refused(base::ErrorCode::conflict, "too_many_members"));
  EXPECT_THAT(last_event(room).audience, testing::SizeIs(domain::members_max));
}

TEST_P(ChatStoreContract, membership_says_the_role_and_the_head) {
  ASSERT_TRUE(add(owner, friendly, MemberRole::viewer));
  const auto membership = run(chats().membership(friendly.id, chat.id, soon())).value();
  EXPECT_EQ(membership.role, MemberRole::viewer);
  EXPECT_EQ(membership.head, (domain::Position{domain::Epoch(1), domain::Seq(2)}));
  EXPECT_THAT(run(chats().membership(stranger.id, chat.id, soon())),
              refused(base::ErrorCode::not_found));
  EXPECT_THAT(run(chats().membership(owner.id, domain::ChatId(), soon())),
              refused(base::ErrorCode::not_found));
}

TEST_P(ChatStoreContract, heads_of_many_streams_come_at_once_and_unknown_ones_are_left_out) {
  const auto other = make_chat(owner);
  post(owner, other, "m");
  ASSERT_TRUE(run(chats().remove(owner.id, chat.id, soon())));
  const domain::StreamId user(owner.id);
  const auto heads =
      run(chats().heads({room, domain::StreamId(other.id), user, domain::StreamId(domain::ChatId()),
                         domain::StreamId(domain::UserId(other.id.uuid())), room},
                        soon()));
  std::map<domain::StreamId, std::int64_t> found;
  for (const auto& head : heads) {
    EXPECT_EQ(head.head.epoch.value(), 1);
    found[head.stream] = head.head.seq.value();
  }
  EXPECT_EQ(found, (std::map<domain::StreamId, std::int64_t>{
                       {room, 2}, {domain::StreamId(other.id), 2}, {user, 3}}));
  EXPECT_THAT(run(chats().heads({}, soon())), testing::IsEmpty());
}

}  // namespace rubricon::ports::contract
