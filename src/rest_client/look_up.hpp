/// Names of hosts, with an end to the waiting.
#pragma once

#include <rubricon/base/task.hpp>
#include <rubricon/base/time.hpp>
#include <rubricon/rest_client/target.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <functional>

namespace rubricon::rest_client {

using Places = boost::asio::ip::tcp::resolver::results_type;

/// Where `target` may be connected to. Throws boost::system::system_error: what the look-up says,
/// or beast::error::timeout after `time`. The system's look-up cannot be interrupted: it goes on
/// behind the scenes, and the io_context is not destroyed before it ends.
base::Task<Places> look_up(Target target, base::Milliseconds time);

/// Begins something that calls its argument once, on the executor of the coroutine that asked.
using LookUp = std::function<void(std::function<void(boost::system::error_code, Places)>)>;
/// The same with another way to look up; an answer that comes too late is dropped.
base::Task<Places> look_up_by(LookUp begin, base::Milliseconds time);

}  // namespace rubricon::rest_client
