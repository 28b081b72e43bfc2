#include <rubricon/app/import_legacy.hpp>

#include <rubricon/app/legacy_import.hpp>
#include <rubricon/app/offline_database.hpp>
#include <rubricon/legacy/address.hpp>
#include <rubricon/legacy/tally.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <stdexcept>

namespace rubricon::app {
namespace {

base::Task<legacy::Tally> run(legacy::Address from, LegacyImport* import) {
  co_return co_await import->run(std::move(from));
}

/// Without a database of ours.
legacy::Tally rehearse(const legacy::Address& from, const ports::Clock& clock) {
  boost::asio::io_context io;
  LegacyImport import(nullptr, clock);
  legacy::Tally tally;
  std::exception_ptr failure;
  boost::asio::co_spawn(io, run(from, &import), [&](std::exception_ptr failed, legacy::Tally done) {
    failure = failed;
    tally = std::move(done);
  });
  io.run();
  if (failure) std::rethrow_exception(failure);
  return tally;
}

legacy::Tally take_over(const Config& config, const legacy::Address& from) {
  OfflineDatabase database(config);
  LegacyImport import(&database.imports(), database.clock());
  return database.run(run(from, &import));
}

void write(const std::string& path, const std::string& report) {
  std::ofstream file(path);
  file << report << '\n';
  file.flush();
  if (!file) throw std::runtime_error("cannot write the report to " + path);
}

}  // namespace

int import_legacy(const Config& config, const LegacyRequest& request) {
  const crypto::SystemClock clock;
  const auto begun = clock.monotonic();
  const auto from = legacy::parse_address(request.url);
  const auto tally = request.dry_run ? rehearse(from, clock) : take_over(config, from);
  const double seconds = std::chrono::duration<double>(clock.monotonic() - begun).count();
  if (!request.report.empty()) write(request.report, legacy::to_json(tally, seconds));
  std::printf("%s", legacy::to_text(tally, seconds).c_str());
  return 0;
}

}  // namespace rubricon::app
