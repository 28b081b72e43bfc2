#include <rubricon/memory/recent_message_map.hpp>

#include <rubricon/domain/message_data.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::memory {

base::Task<base::Result<ports::RecentPage>> RecentMessageMap::read(domain::ChatId chat,
                                                                   domain::Position head,
                                                                   ports::RecentFill fill,
                                                                   base::Deadline deadline) {
  const auto found = chats_.find(chat);
  if (found != chats_.end() && found->second.head == head &&
      found->second.gone_at > clock_.monotonic()) {
    co_return found->second.messages;
  }
  co_return co_await flights_.run(
      Key{chat, head.epoch, head.seq},
      [this, chat, head, fill] { return filled(chat, head, fill); }, deadline);
}

base::Task<base::Result<ports::RecentPage>> RecentMessageMap::filled(domain::ChatId chat,
                                                                     domain::Position head,
                                                                     ports::RecentFill fill) {
  auto page = co_await fill();
  if (page) keep(chat, head, *page);
  co_return page;
}

base::Task<void> RecentMessageMap::apply(std::shared_ptr<const domain::Event> event,
                                         base::Deadline) {
  const auto chat = event->stream.chat();
  const auto found = chat ? chats_.find(*chat) : chats_.end();
  if (found != chats_.end() && !bring_forward(found->second, *event)) chats_.erase(found);
  co_return;
}

void RecentMessageMap::keep(domain::ChatId chat, domain::Position head,
                            const ports::RecentPage& messages) {
  const auto found = chats_.find(chat);
  if (found != chats_.end() && found->second.head.epoch == head.epoch &&
      found->second.head.seq > head.seq) {
    return;
  }
  if (found == chats_.end()) make_room();
  chats_.insert_or_assign(chat,
                          Entry{head, messages, clock_.monotonic() + ports::recent_messages_kept});
}

bool RecentMessageMap::bring_forward(Entry& entry, const domain::Event& event) {
  if (event.epoch != entry.head.epoch) return false;
  if (event.seq <= entry.head.seq) return true;
  if (event.seq != entry.head.seq.next()) return false;
  if (event.type == domain::EventType::message_updated ||
      event.type == domain::EventType::message_deleted) {
    return false;
  }
  if (event.type == domain::EventType::message_created) {
    auto message = domain::parse_message_data(*event.stream.chat(), event.data, event.seq);
    if (!message) return false;
    const auto there = std::ranges::find(entry.messages, message->id, &domain::Message::id);
    if (there == entry.messages.end()) entry.messages.push_back(std::move(*message));
    if (entry.messages.size() > ports::recent_messages_max) {
      entry.messages.erase(entry.messages.begin());
    }
  }
  entry.head.seq = event.seq;
  entry.gone_at = clock_.monotonic() + ports::recent_messages_kept;
  return true;
}

void RecentMessageMap::make_room() {
  if (chats_.size() < chats_max_) return;
  const auto now = clock_.monotonic();
  std::erase_if(chats_, [now](const auto& entry) { return entry.second.gone_at <= now; });
  if (chats_.size() >= chats_max_) chats_.erase(chats_.begin());
}

}  // namespace rubricon::memory
