#include <rubricon/redis/reply_reader.hpp>

#include <rubricon/base/fault.hpp>

#include <hiredis/read.h>

#include <new>
#include <utility>

namespace rubricon::redis {
namespace {

/// Where the reply goes: its place in the list that it is part of, or memory of its own, which
/// `free_reply` or `next` gives back. hiredis frees the outermost only.
Reply* place_of(const redisReadTask* task) {
  if (task->parent == nullptr) return new Reply;
  auto& parent = *static_cast<Reply*>(task->parent->obj);
  return &std::get<std::vector<Reply>>(parent.value)[static_cast<std::size_t>(task->idx)];
}

void* make_text(const redisReadTask* task, char* bytes, std::size_t size) {
  auto* const reply = place_of(task);
  std::string text(bytes, size);
  if (task->type == REDIS_REPLY_ERROR) {
    reply->value = ErrorReply{std::move(text)};
  } else {
    reply->value = std::move(text);
  }
  return reply;
}

void* make_list(const redisReadTask* task, int items) {
  const auto& limits = *static_cast<const ReplyLimits*>(task->privdata);
  if (items < 0 || static_cast<std::size_t>(items) > limits.items) return nullptr;
  auto* const reply = place_of(task);
  reply->value = std::vector<Reply>(static_cast<std::size_t>(items));
  return reply;
}

void* make_integer(const redisReadTask* task, long long number) {
  auto* const reply = place_of(task);
  reply->value = static_cast<std::int64_t>(number);
  return reply;
}

void* make_nil(const redisReadTask* task) {
  return place_of(task);
}

void free_reply(void* reply) {
  delete static_cast<Reply*>(reply);
}

redisReplyObjectFunctions functions = {make_text, make_list, make_integer, make_nil, free_reply};

}  // namespace

void ReplyReader::Free::operator()(redisReader* reader) const noexcept {
  redisReaderFree(reader);
}

ReplyReader::ReplyReader(ReplyLimits limits)
    : limits_(limits), reader_(redisReaderCreateWithFunctions(&functions)) {
  if (!reader_) throw std::bad_alloc();
  reader_->privdata = &limits_;
}

ReplyReader::~ReplyReader() = default;

void ReplyReader::feed(std::string_view bytes) {
  if (reader_->len - reader_->pos + bytes.size() > limits_.bytes) {
    throw base::Unavailable("redis sent a reply that is too long");
  }
  if (redisReaderFeed(reader_.get(), bytes.data(), bytes.size()) != 0) {
    throw base::Unavailable("redis sent what is no reply");
  }
}

std::optional<Reply> ReplyReader::next() {
  void* object = nullptr;
  if (redisReaderGetReply(reader_.get(), &object) != 0) {
    throw base::Unavailable("redis sent what is no reply");
  }
  if (object == nullptr) return std::nullopt;
  const std::unique_ptr<Reply> reply(static_cast<Reply*>(object));
  return std::move(*reply);
}

}  // namespace rubricon::redis
