#include <rubricon/worker/answer_stream.hpp>

#include <rubricon/base/failpoint.hpp>
#include <rubricon/base/fault.hpp>
#include <rubricon/base/timer.hpp>

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <utility>

namespace rubricon::worker {
namespace asio = boost::asio;

AnswerStream::AnswerStream(AnswerServices services, domain::AiJob job, AnswerOptions options)
    : services_(services), job_(job), options_(options), text_(options.answer_bytes_max) {}

void AnswerStream::written_by(Writer writer) {
  writer_ = std::move(writer);
}

void AnswerStream::append(std::string_view piece) {
  text_.append(piece);
}

base::Task<void> AnswerStream::flush() {
  const auto delta = text_.take();
  if (!delta) co_return;
  // The text so far is kept before the piece is sent: whoever joins between the two sees an
  // overlap, which the offset cuts, and never a hole.
  co_await keep({.chat = job_.chat,
                 .job = job_.id,
                 .reply_to = job_.prompt_seq,
                 .attempt = job_.attempt,
                 .text = text_.text()});
  const boost::json::object payload = {{"chatId", job_.chat.to_string()},
                                       {"jobId", job_.id.to_string()},
                                       {"replyTo", job_.prompt_seq.value()},
                                       {"attempt", job_.attempt},
                                       {"off", delta->offset},
                                       {"text", delta->text}};
  services_.ephemerals.publish({.room = domain::StreamId(job_.chat),
                                .name = "ai-delta",
                                .payload = boost::json::serialize(payload)});
  base::failpoint("worker.mid_stream");
}

base::Task<void> AnswerStream::keep(ports::RunningAnswer so_far) {
  try {
    co_await services_.running.update(std::move(so_far), deadline());
  } catch (const base::Unavailable& fault) {
    cache_failed(fault);
  }
}

base::Task<void> AnswerStream::forget() {
  try {
    co_await services_.running.remove(job_.id, deadline());
  } catch (const base::Unavailable& fault) {
    cache_failed(fault);  // it goes by itself
  }
}

base::Deadline AnswerStream::deadline() const {
  return base::Deadline::after(services_.clock.monotonic(), options_.cache_timeout);
}

void AnswerStream::cache_failed(const base::Unavailable& fault) {
  services_.log.repeated(observability::Level::warning, "worker.running_answer_lost",
                         {{"error.message", fault.what()}});
}

base::Task<void> AnswerStream::run() {
  base::Timer timer(co_await asio::this_coro::executor);
  for (;;) {
    co_await flush();
    timer.expires_after(options_.delta_interval);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

}  // namespace rubricon::worker
