// Boost.Asio and Boost.Beast are header-only by default; with separate compilation their
// non-template code is compiled here, once.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
