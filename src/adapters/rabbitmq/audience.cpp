#include <rubricon/rabbitmq/audience.hpp>

#include <exception>
#include <utility>
#include <vector>

namespace rubricon::rabbitmq {

Audience::ListenerPtr Audience::add(ports::EventHandler on_event,
                                    ports::ReconnectHandler on_reconnect) {
  auto listener = std::make_shared<Listener>(std::move(on_event), std::move(on_reconnect));
  return listeners_.emplace_back(std::move(listener));
}

Audience::TakerPtr Audience::add(ports::JobHandler on_job) {
  return takers_.emplace_back(std::make_shared<Taker>(std::move(on_job)));
}

void Audience::remove(const ListenerPtr& listener) {
  listener->left = true;
  listeners_.remove(listener);
}

void Audience::remove(const TakerPtr& taker) {
  taker->left = true;
  takers_.remove(taker);
}

Handled Audience::hear(const std::shared_ptr<const domain::Event>& event) {
  // A copy: handlers come and go while they are called, and one may end itself.
  const std::vector<ListenerPtr> now(listeners_.begin(), listeners_.end());
  for (const auto& listener : now) {
    if (listener->left) continue;
    if (event) {
      listener->on_event(event);
    } else {
      listener->on_reconnect();
    }
  }
  return Handled::taken;
}

Handled Audience::take(domain::JobId job) {
  if (takers_.empty()) return Handled::not_taken;
  takers_.splice(takers_.end(), takers_, takers_.begin());
  const TakerPtr taker = takers_.back();
  try {
    taker->on_job(job);
    return Handled::taken;
  } catch (const std::exception& error) {
    log_.repeated(observability::Level::error, "rabbitmq.job_not_taken",
                  {{"job_id", job.to_string()}, {"error.message", error.what()}});
    return Handled::not_taken;
  }
}

}  // namespace rubricon::rabbitmq
