#include <rubricon/app/key_watch.hpp>

#include <rubricon/base/pause.hpp>
#include <rubricon/observability/task_errors.hpp>

#include <utility>

namespace rubricon::app {

KeyWatch::KeyWatch(boost::asio::any_io_executor executor, crypto::KeyStore& keys,
                   crypto::Es256Authority& authority, observability::Log& log)
    : keys_(keys),
      authority_(authority),
      log_(log),
      tasks_(std::move(executor), observability::log_task_errors(log, "app.key_watch_failed")),
      thread_(1, 1) {}

void KeyWatch::start() {
  tasks_.spawn(look_for_ever());
}

base::Task<void> KeyWatch::stop() {
  return tasks_.stop();
}

void KeyWatch::look() {
  try {
    if (!keys_.replaced()) return;
    auto keys = keys_.load();
    log_.info("app.keys_rotated",
              {{"key_id", keys.current.id()},
               {"previous_key_id", keys.previous ? keys.previous->key.id() : ""}});
    authority_.use(std::move(keys), published);
  } catch (const std::exception& fault) {
    log_.repeated(observability::Level::error, "app.keys_unreadable",
                  {{"error.message", fault.what()}});
  }
}

base::Task<void> KeyWatch::look_for_ever() {
  for (;;) {
    co_await base::pause(look_every);
    co_await thread_.run([this] {
      look();
      return true;
    });
  }
}

}  // namespace rubricon::app
