/// What every Imports must do.
#pragma once

#include <rubricon/ports/contract/store_contract.hpp>
#include <rubricon/ports/imports.hpp>

#include <algorithm>

namespace rubricon::ports::contract {

class ImportsContract : public StoreContract {
 protected:
  Imports& imports() { return *harness->imports(); }

  static base::Time at(std::string_view time) { return base::parse_time(time).value(); }

  static base::Uuid id(std::uint8_t number, base::Time time) {
    return base::Uuid::v7(base::unix_ms(time), {number, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  }

  UserImport add_user(std::uint8_t number, std::string_view email) {
    const auto made = at("2024-02-29T08:00:00.000Z");
    return run(imports().add_user({.id = domain::UserId(id(number, made)),
                                   .email = domain::Email::parse(email).value(),
                                   .name = domain::DisplayName::parse("林老師").value(),
                                   .created_at = made},
                                  soon()));
  }

  static ImportedChat old_chat(domain::UserId owner) {
    const auto made = at("2024-03-01T09:00:00.000Z");
    return {.id = domain::ChatId(id(1, made)),
            .owner = owner,
            .title = domain::ChatTitle::parse("作文評分").value(),
            .context = R"({"grade":7})",
            .created_at = made};
  }

  static ImportedMessage old_message(std::uint8_t number, std::string_view time,
                                     std::string_view text) {
    return {.mark = mark_of(id(number, {})),
            .role = number % 2 == 0 ? domain::MessageRole::ai : domain::MessageRole::user,
            .content = domain::MessageText::parse(text).value(),
            .at = at(time)};
  }

  static std::vector<ImportedMessage> old_messages() {
    return {old_message(1, "2024-03-01T09:00:01.000Z", "請給我一份評分規準 📝"),
            old_message(2, "2025-07-01T00:00:00.000Z", "here it is")};
  }

  base::Result<domain::Seq> append(const ImportedChat& chat, std::int64_t head,
                                   std::vector<ImportedMessage> messages) {
    return run(imports().append(chat, domain::Seq(head), std::move(messages), soon()));
  }

  std::vector<domain::Message> page(domain::UserId user, domain::ChatId chat) {
    return run(harness->messages().page(user, chat, {}, soon())).value();
  }
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ImportsContract);

TEST_P(ImportsContract, a_person_is_made_once_and_cannot_sign_in) {
  EXPECT_FALSE(run(imports().any_user(soon())));
  const auto made = add_user(7, "lin@school.tw");
  EXPECT_TRUE(made.made);
  EXPECT_TRUE(run(imports().any_user(soon())));
  EXPECT_EQ(add_user(7, "lin@school.tw"), (UserImport{made.id, false}));
  EXPECT_EQ(add_user(7, "new-address@school.tw"), (UserImport{made.id, false})) << "the same id";

  const auto stored =
      run(harness->users().find_by_email(domain::Email::parse("lin@school.tw").value(), soon()));
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->password_hash, "") << "which PasswordHasher matches with nothing";
  EXPECT_EQ(stored->user.role, domain::UserRole::teacher) << "also where it is the first";
  EXPECT_EQ(stored->user.created_at, at("2024-02-29T08:00:00.000Z"));
}

TEST_P(ImportsContract, who_has_the_address_is_the_same_person) {
  const auto here = make_user("lin");
  EXPECT_EQ(add_user(7, "lin@school.tw"), (UserImport{here.id, false}));
  EXPECT_EQ(run(harness->users().find(here.id, soon()))->name, "lin");
}

TEST_P(ImportsContract, a_chat_comes_with_its_own_times_as_events_that_nobody_is_told_of) {
  const auto owner = add_user(7, "lin@school.tw").id;
  const auto chat = old_chat(owner);
  EXPECT_EQ(append(chat, 0, old_messages()), domain::Seq(3));

  const auto events = stream(domain::StreamId(chat.id));
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].type, domain::EventType::chat_created);
  EXPECT_EQ(events[0].at, chat.created_at);
  EXPECT_EQ(data(events[0]).at("title"), "作文評分");
  EXPECT_EQ(data(events[1]).at("content"), "請給我一份評分規準 📝");
  EXPECT_EQ(data(events[1]).at("userId").as_string(), owner.to_string());
  EXPECT_EQ(events[2].at, at("2025-07-01T00:00:00.000Z"));
  EXPECT_EQ(data(events[2]).at("role"), "AI");
  EXPECT_EQ(events[2].audience, std::vector{owner});
  EXPECT_EQ(last_event(domain::StreamId(owner)).type, domain::EventType::chat_added);
  EXPECT_TRUE(claim_outbox().empty());

  const auto messages = page(owner, chat.id);
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[0].seq, domain::Seq(2));
  EXPECT_EQ(base::unix_ms(messages[1].created_at), messages[1].id.uuid().unix_ms())
      << "a message is found by the time in its id";
  EXPECT_EQ(messages[0].meta, R"({"source":"import"})");
  EXPECT_EQ(data(events[1]).at("meta"), boost::json::parse(messages[0].meta))
      << "nobody was asked by it";
  EXPECT_FALSE(messages[1].user);
}

TEST_P(ImportsContract, it_is_a_chat_like_any_other) {
  const auto owner = run(harness->users().find(add_user(7, "lin@school.tw").id, soon())).value();
  const auto imported = old_chat(owner.id);
  ASSERT_TRUE(append(imported, 0, old_messages()));
  for (const auto* const words : {"規準", "作文", "here"}) {
    const auto list =
        run(harness->chats().list(owner.id, {.cursor = {}, .search = words}, soon())).value();
    ASSERT_EQ(list.chats.size(), 1u) << words;
    EXPECT_EQ(list.chats.front().unread, 0);
    EXPECT_EQ(list.chats.front().chat.updated_at, at("2025-07-01T00:00:00.000Z"));
  }
  domain::Chat chat;
  chat.id = imported.id;
  EXPECT_EQ(post(owner, chat, "and now?").position.seq, domain::Seq(4));
  const auto first = page(owner.id, chat.id).front();
  EXPECT_TRUE(run(harness->messages().edit(owner.id, chat.id, first.id,
                                           domain::MessageText::parse("edited").value(), soon())));
}

TEST_P(ImportsContract, what_was_imported_is_known_by_its_marks_even_when_deleted) {
  const auto owner = add_user(7, "lin@school.tw").id;
  const auto chat = old_chat(owner);
  EXPECT_FALSE(run(imports().find_chat(chat.id, soon())));
  ASSERT_TRUE(append(chat, 0, old_messages()));
  const auto first = page(owner, chat.id).front();
  ASSERT_TRUE(run(harness->messages().remove(owner, chat.id, first.id, soon())));

  const auto found = run(imports().find_chat(chat.id, soon()));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->head, domain::Seq(4));
  EXPECT_FALSE(found->deleted);
  std::vector expected{mark_of(id(1, {})), mark_of(id(2, {}))};
  std::ranges::sort(expected);
  EXPECT_EQ(found->marks, expected);
  ASSERT_TRUE(run(harness->chats().remove(owner, chat.id, soon())));
  EXPECT_TRUE(run(imports().find_chat(chat.id, soon()))->deleted);
}

TEST_P(ImportsContract, what_comes_late_goes_to_the_end_and_time_never_runs_back) {
  const auto owner = add_user(7, "lin@school.tw").id;
  const auto chat = old_chat(owner);
  ASSERT_TRUE(append(chat, 0, old_messages()));
  const auto late = old_message(3, "2024-05-01T00:00:00.000Z", "late");
  EXPECT_EQ(append(chat, 3, {late}), domain::Seq(4));
  const auto messages = page(owner, chat.id);
  EXPECT_EQ(messages.back().content, "late");
  EXPECT_EQ(messages.back().created_at, at("2025-07-01T00:00:00.000Z"));
  EXPECT_EQ(mark_of(messages.back().id.uuid()), late.mark);
}

TEST_P(ImportsContract, a_chat_that_went_on_meanwhile_is_left_as_it_is) {
  const auto owner = add_user(7, "lin@school.tw").id;
  const auto chat = old_chat(owner);
  EXPECT_THAT(append(chat, 2, old_messages()), refused(base::ErrorCode::conflict));
  EXPECT_FALSE(run(imports().find_chat(chat.id, soon())));
  ASSERT_TRUE(append(chat, 0, old_messages()));
  EXPECT_THAT(append(chat, 0, old_messages()), refused(base::ErrorCode::conflict));
  EXPECT_THAT(append(chat, 2, old_messages()), refused(base::ErrorCode::conflict));
  EXPECT_EQ(stream(domain::StreamId(chat.id)).size(), 3u);
}

TEST_P(ImportsContract, a_chat_may_be_empty) {
  const auto owner = add_user(7, "lin@school.tw").id;
  EXPECT_EQ(append(old_chat(owner), 0, {}), domain::Seq(1));
}

}  // namespace rubricon::ports::contract
