/// `Task<T>` is an Asio coroutine. Its parameters are values (never references or views), and it
/// runs on the executor of its shard: one thread, so no locks between suspension points.
#pragma once

#include <boost/asio/awaitable.hpp>

namespace rubricon::base {

template <typename T>
using Task = boost::asio::awaitable<T>;

}  // namespace rubricon::base
