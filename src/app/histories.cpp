#include <rubricon/app/histories.hpp>

#include <rubricon/postgres/chat_histories.hpp>
#include <rubricon/sqlite/chat_histories.hpp>

namespace rubricon::app {

std::unique_ptr<ports::ChatHistories> open_histories(const Config& config,
                                                     const ports::Clock& clock) {
  if (config.on_sqlite()) return std::make_unique<sqlite::ChatHistories>(config.database());
  return std::make_unique<postgres::ChatHistories>(
      postgres::ConnectOptions{.url = config.database_url,
                               .preparing = config.database_prepare ? postgres::Preparing::named
                                                                    : postgres::Preparing::unnamed},
      clock);
}

}  // namespace rubricon::app
