#include <rubricon/app/log_options.hpp>

#include <unistd.h>

namespace rubricon::app {

observability::LogOptions log_options(const Config& config) {
  using observability::Level;
  using observability::LogFormat;
  observability::LogOptions options;
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  const bool text = config.log == LogStyle::text || (config.log == LogStyle::automatic && terminal);
  options.format = text ? LogFormat::text : LogFormat::json;
  options.level = config.log_level == "debug"     ? Level::debug
                  : config.log_level == "warning" ? Level::warning
                  : config.log_level == "error"   ? Level::error
                                                  : Level::info;
  return options;
}

}  // namespace rubricon::app
