#include <rubricon/app/new_epoch.hpp>

#include <rubricon/app/offline_database.hpp>

#include <chrono>
#include <cstdio>

namespace rubricon::app {

int begin_new_epoch(const Config& config) {
  OfflineDatabase database(config);
  const auto deadline =
      base::Deadline::after(database.clock().monotonic(), std::chrono::minutes(10));
  const auto streams = database.run(database.stores().epochs.begin_new(deadline));
  std::printf("%lld streams begin a new epoch; clients will read them anew\n",
              static_cast<long long>(streams));
  return 0;
}

}  // namespace rubricon::app
