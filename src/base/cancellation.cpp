#include <rubricon/base/cancellation.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

namespace rubricon::base {

bool is_cancellation(const std::exception& error) noexcept {
  const auto* system = dynamic_cast<const boost::system::system_error*>(&error);
  return system != nullptr && system->code() == boost::asio::error::operation_aborted;
}

}  // namespace rubricon::base
