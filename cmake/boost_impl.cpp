// Boost.Asio is header-only by default; with separate compilation its
// non-template code is compiled here, once.
#include <boost/asio/impl/src.hpp>
