#include <rubricon/memory/epochs.hpp>

#include <algorithm>
#include <variant>

namespace rubricon::memory {
namespace {

domain::Epoch after(domain::Epoch epoch) {
  return domain::Epoch(epoch.value() + 1);
}

std::vector<RowKey> every_stream(const View& rows) {
  std::vector<RowKey> keys;
  for (const auto* const chat : rows.chats.all()) keys.emplace_back(chat->chat.id);
  for (const auto* const user : rows.users.all()) keys.emplace_back(user->user.id);
  std::ranges::sort(keys);
  return keys;
}

void begin_new_epoch(View& rows, const RowKey& stream) {
  if (const auto* const chat = std::get_if<domain::ChatId>(&stream)) {
    auto row = *rows.chats.find(*chat);
    row.chat.epoch = after(row.chat.epoch);
    rows.chats.put(*chat, std::move(row));
  }
  if (const auto* const user = std::get_if<domain::UserId>(&stream)) {
    auto row = *rows.users.find(*user);
    row.head.epoch = after(row.head.epoch);
    rows.users.put(*user, std::move(row));
  }
}

}  // namespace

base::Task<std::int64_t> Epochs::begin_new(base::Deadline deadline) {
  Transaction transaction(link_, "epochs.begin_new", deadline);
  co_await transaction.begin();
  const auto streams = every_stream(transaction.rows);
  for (const auto& stream : streams) co_await transaction.lock(stream);
  for (const auto& stream : streams) begin_new_epoch(transaction.rows, stream);
  co_await transaction.commit();
  co_return static_cast<std::int64_t>(streams.size());
}

}  // namespace rubricon::memory
