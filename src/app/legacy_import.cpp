#include <rubricon/app/legacy_import.hpp>

#include <rubricon/base/fault.hpp>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace rubricon::app {
namespace {

using namespace std::chrono_literals;
using legacy::Reason;

/// For the old server to sort a table, or for a batch here.
constexpr auto patience = 10min;
constexpr auto connect_patience = 30s;
/// Whoever writes into a chat at the same time is faster this often.
constexpr int attempts_max = 5;

}  // namespace

LegacyImport::LegacyImport(ports::Imports* imports, const ports::Clock& clock)
    : imports_(imports), clock_(clock), progress_(clock), now_(clock.now()) {
  tally_.rehearsal = imports == nullptr;
}

base::Deadline LegacyImport::soon() const {
  return base::Deadline::after(clock_.monotonic(), patience);
}

base::Task<legacy::Tally> LegacyImport::run(legacy::Address from) {
  if (imports_ && !co_await imports_->any_user(soon())) {
    throw std::runtime_error(
        "nobody has an account here yet, and the first one becomes the administrator: make theirs "
        "with `rubricon user add`, then import");
  }
  tables_ = co_await postgres::LegacyTables::open(
      std::move(from.url), std::move(from.schema), &clock_,
      base::Deadline::after(clock_.monotonic(), connect_patience));
  const auto counts = co_await tables_->count(soon());
  tally_.users.found = counts.users;
  tally_.chats.found = counts.chats;
  tally_.messages.found = counts.messages;
  co_await take_users();
  co_await take_chats();
  co_return std::move(tally_);
}

base::Task<void> LegacyImport::take_users() {
  for (;;) {
    auto rows = co_await tables_->users(soon());
    if (rows.empty()) co_return;
    for (auto& row : rows) {
      co_await take_user(std::move(row));
      show();
    }
  }
}

base::Task<void> LegacyImport::take_user(legacy::OldUser row) {
  legacy::Adjusted adjusted;
  auto user = legacy::user_of(row, now_, adjusted);
  if (!user) {
    tally_.users.leave_out(user.error(), row.id);
    co_return;
  }
  ports::UserImport stored{user->id, true};
  if (imports_) stored = co_await imports_->add_user(std::move(*user), soon());
  users_.emplace(std::move(row.id), stored.id);
  ++(stored.made ? tally_.users.imported : tally_.users.there);
  if (stored.made && adjusted.name) ++tally_.names_adjusted;
}

/// Both come in the order of the chats' ids.
base::Task<void> LegacyImport::take_chats() {
  for (;;) {
    auto rows = co_await tables_->chats(soon());
    if (rows.empty()) break;
    for (auto& row : rows) {
      co_await leave_out_messages_before(row.id);
      co_await take_chat(std::move(row));
      show();
    }
  }
  while (co_await peek()) tally_.messages.leave_out(Reason::orphan, take().id);
}

base::Task<void> LegacyImport::leave_out_messages_before(std::string chat) {
  for (;;) {
    const auto* const next = co_await peek();
    if (!next || next->chat >= chat) co_return;
    tally_.messages.leave_out(Reason::orphan, take().id);
  }
}

base::Task<void> LegacyImport::leave_out_messages_of(std::string chat, Reason reason) {
  for (;;) {
    const auto* const next = co_await peek();
    if (!next || next->chat != chat) co_return;
    tally_.messages.leave_out(reason, take().id);
  }
}

base::Task<std::optional<LegacyImport::Target>> LegacyImport::target_for(legacy::OldChat row) {
  const auto owner = users_.find(row.user);
  if (owner == users_.end()) {
    tally_.chats.leave_out(Reason::orphan, row.id);
    co_await leave_out_messages_of(row.id, Reason::orphan);
    co_return std::nullopt;
  }
  legacy::Adjusted adjusted;
  auto chat = legacy::chat_of(row, owner->second, now_, adjusted);
  if (!chat) {
    tally_.chats.leave_out(chat.error(), row.id);
    co_await leave_out_messages_of(row.id, Reason::orphan);
    co_return std::nullopt;
  }
  Target target{.chat = std::move(*chat), .head = {}, .known = {}};
  const auto here = imports_ ? co_await imports_->find_chat(target.chat.id, soon()) : std::nullopt;
  if (here && here->deleted) {
    tally_.chats.leave_out(Reason::deleted_here, row.id);
    co_await leave_out_messages_of(row.id, Reason::deleted_here);
    co_return std::nullopt;
  }
  if (here) {
    target.head = here->head;
    target.known = here->marks;
    ++tally_.chats.there;
    co_return target;
  }
  target.made = true;
  ++tally_.chats.imported;
  if (adjusted.title) ++tally_.titles_adjusted;
  if (adjusted.context) ++tally_.contexts_dropped;
  co_return target;
}

base::Task<void> LegacyImport::take_chat(legacy::OldChat row) {
  const auto id = row.id;
  auto target = co_await target_for(std::move(row));
  if (!target) co_return;
  std::vector<ports::ImportedMessage> batch;
  for (;;) {
    const auto* const next = co_await peek();
    if (!next || next->chat != id) break;
    const auto old = take();
    auto message = legacy::message_of(old, now_);
    if (!message) {
      tally_.messages.leave_out(message.error(), old.id);
      continue;
    }
    batch.push_back(std::move(*message));
    if (batch.size() < ports::import_page_max) continue;
    co_await write(&*target, std::exchange(batch, {}));
    show();
  }
  if (!batch.empty() || target->made) co_await write(&*target, std::move(batch));
}

base::Task<void> LegacyImport::look_again(Target* target) {
  auto here = co_await imports_->find_chat(target->chat.id, soon());
  target->head = here ? here->head : domain::Seq();
  target->known = here ? std::move(here->marks) : std::vector<ports::ImportMark>();
}

base::Task<void> LegacyImport::write(Target* target, std::vector<ports::ImportedMessage> batch) {
  for (int attempt = 1;; ++attempt) {
    std::vector<ports::ImportedMessage> fresh;
    for (const auto& message : batch) {
      if (!std::ranges::binary_search(target->known, message.mark)) fresh.push_back(message);
    }
    const auto count = static_cast<std::int64_t>(fresh.size());
    const auto there = static_cast<std::int64_t>(batch.size()) - count;
    const bool nothing = fresh.empty() && !target->made;
    if (imports_ && !nothing) {
      const auto head =
          co_await imports_->append(target->chat, target->head, std::move(fresh), soon());
      if (!head) {
        if (attempt == attempts_max) throw base::Unavailable("a chat goes on under the import");
        co_await look_again(target);
        continue;
      }
      target->head = *head;
    }
    target->made = false;
    tally_.messages.imported += count;
    tally_.messages.there += there;
    co_return;
  }
}

base::Task<const legacy::OldMessage*> LegacyImport::peek() {
  if (next_ == page_.size() && !at_end_) {
    page_ = co_await tables_->messages(soon());
    next_ = 0;
    at_end_ = page_.empty();
  }
  co_return at_end_ ? nullptr : &page_[next_];
}

legacy::OldMessage LegacyImport::take() {
  return std::move(page_[next_++]);
}

void LegacyImport::show() {
  progress_.show(tally_.seen(), tally_.found());
}

}  // namespace rubricon::app
