#include <rubricon/app/log_options.hpp>

#include <gtest/gtest.h>

namespace rubricon::app {
namespace {

TEST(LogOptions, follow_the_configuration) {
  using observability::Level;
  using observability::LogFormat;
  Config config;
  config.log = LogStyle::json;
  EXPECT_EQ(log_options(config).format, LogFormat::json);
  EXPECT_EQ(log_options(config).level, Level::info);
  config.log = LogStyle::text;
  EXPECT_EQ(log_options(config).format, LogFormat::text);
  for (const auto& [name, level] :
       {std::pair("debug", Level::debug), std::pair("info", Level::info),
        std::pair("warning", Level::warning), std::pair("error", Level::error)}) {
    config.log_level = name;
    EXPECT_EQ(log_options(config).level, level) << name;
  }
}

}  // namespace
}  // namespace rubricon::app
