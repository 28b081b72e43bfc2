/// A fresh database in a folder of its own, on a clock that tests move.
#pragma once

#include <rubricon/ports/contract/store_contract.hpp>
#include <rubricon/sqlite/database.hpp>

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <random>

namespace rubricon::sqlite {

/// Stands still until it is moved.
class TestClock final : public ports::Clock {
 public:
  base::Time now() const override { return base::time_from_unix_ms(wall_ms_.load()); }
  base::Instant monotonic() const override {
    return base::Instant() + base::Milliseconds(steady_ms_.load());
  }
  void advance(base::Milliseconds by) {
    wall_ms_ += by.count();
    steady_ms_ += by.count();
  }
  void move_wall(base::Milliseconds by) { wall_ms_ += by.count(); }

 private:
  std::atomic<std::int64_t> wall_ms_ = 1'795'384'115'123;
  std::atomic<std::int64_t> steady_ms_ = 1'000;
};

/// The same bytes in every run.
class SeededRandom final : public ports::Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    const std::lock_guard lock(mutex_);
    for (auto& byte : out) byte = static_cast<std::uint8_t>(engine_());
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_{42};
};

/// Removed with all its files at the end.
class TestFolder {
 public:
  TestFolder();
  ~TestFolder() { std::filesystem::remove_all(path_); }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  std::filesystem::path file() const { return path_ / "rubricon.db"; }
  std::filesystem::path operations() const { return path_ / "operations"; }

 private:
  std::filesystem::path path_;
};

class DatabaseHarness final : public ports::contract::StoreHarness {
 public:
  ports::UserStore& users() override { return database.users(); }
  ports::SessionStore& sessions() override { return database.sessions(); }
  ports::ChatStore& chats() override { return database.chats(); }
  ports::MessageStore& messages() override { return database.messages(); }
  ports::EventStore& events() override { return database.events(); }
  ports::Outbox& outbox() override { return database.outbox(); }
  ports::JobStore& jobs() override { return database.jobs(); }
  ports::DeadJobs& dead_jobs() override { return database.dead_jobs(); }
  ports::Epochs& epochs() override { return database.epochs(); }
  ports::RubricStore& rubrics() override { return database.rubrics(); }
  ports::Imports* imports() override { return &database.imports(); }
  base::Time now() override { return clock.now(); }
  void advance(base::Milliseconds by) override { clock.advance(by); }
  void set_wall_clock_back(base::Milliseconds by) override { clock.move_wall(-by); }
  base::Instant monotonic() override { return clock.monotonic(); }

  TestFolder folder;
  TestClock clock;
  SeededRandom random;
  Database database{{.path = folder.file()}, clock, random};
};

inline TestFolder::TestFolder() {
  // In memory where the system has such a place: these tests do not pull the plug.
  const std::filesystem::path shared = "/dev/shm";
  const auto parent =
      std::filesystem::is_directory(shared) ? shared : std::filesystem::temp_directory_path();
  std::string name = (parent / "rubricon-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::runtime_error("cannot make a folder for the test");
  path_ = name;
}

inline std::unique_ptr<ports::contract::StoreHarness> make_harness() {
  return std::make_unique<DatabaseHarness>();
}

}  // namespace rubricon::sqlite
