/// How loudly a loop that goes on says why it failed.
#pragma once

#include <rubricon/base/fault.hpp>
#include <rubricon/observability/log.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <exception>

namespace rubricon::gateway {

/// The world failed: that passes. Being stopped is no failure. Anything else is a mistake of ours,
/// which somebody must mend.
inline observability::Level fault_level(const std::exception& fault) {
  if (dynamic_cast<const base::Unavailable*>(&fault)) return observability::Level::warning;
  const auto* asio = dynamic_cast<const boost::system::system_error*>(&fault);
  const bool stopped = asio && asio->code() == boost::asio::error::operation_aborted;
  return stopped ? observability::Level::debug : observability::Level::error;
}

}  // namespace rubricon::gateway
